from django.urls import path

from exams.practice import views

urlpatterns = [
    path("practice/", views.home, name="practice"),
    path("practice/daily/", views.daily, name="practice_daily"),
    path("practice/topics/<int:pk>/", views.topic, name="practice_topic"),
    path("practice/clauses/", views.clauses, name="practice_clauses"),
    path("practice/clauses/<slug:code>/", views.clause, name="practice_clause"),
    path("practice/book/", views.book, name="wrong_book"),
    path("practice/rounds/<int:pk>/", views.practice_round, name="practice_round"),
    path("practice/rounds/<int:pk>/<int:place>/", views.answer, name="practice_answer"),
]
