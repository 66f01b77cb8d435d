from django.urls import path

from exams.papers import live_views, printing_views, report_views, views

urlpatterns = [
    path("", views.exam_list, name="exam_list"),
    path("check/", live_views.exam_check, name="exam_check"),
    path("questions/", live_views.question_find, name="question_find"),
    path("new/", views.exam_new, name="exam_new"),
    path("<int:pk>/", views.exam_publish, name="exam_publish"),
    path("<int:pk>/edit/", views.exam_edit, name="exam_edit"),
    path("<int:pk>/report/", report_views.exam_report, name="exam_report"),
    path("<int:pk>/close/", views.exam_close, name="exam_close"),
    path("<int:pk>/papers/<int:number>/", views.exam_paper, name="exam_paper"),
    path("<int:pk>/papers/<int:number>/print/<slug:sheet>/", printing_views.paper_print, name="paper_print"),
    path("assembled/<int:pk>/", views.exam_assembled, name="exam_assembled"),
]
