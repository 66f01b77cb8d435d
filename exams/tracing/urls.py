from django.urls import path

from exams.tracing import views

urlpatterns = [
    path("bank/clauses/<str:code>/", views.clause_trace, name="clause_trace"),
    path("bank/clauses/<str:code>/export/", views.clause_trace_export, name="clause_trace_export"),
    path("bank/clauses/<str:code>/replace/", views.clause_replace, name="clause_replace"),
    path("bank/<int:pk>/trace/", views.question_trace, name="question_trace"),
    path("bank/quarantine/", views.quarantine, name="quarantine"),
    path("bank/quarantine/job/<int:pk>/", views.recite_result, name="recite_result"),
    path("office/<int:pk>/clauses/", views.exam_clauses, name="exam_clauses"),
]
