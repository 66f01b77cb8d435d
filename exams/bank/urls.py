from django.urls import path

from exams.bank import export_views, import_views, views

urlpatterns = [
    path("", views.question_list, name="question_list"),
    path("new/", views.question_new, name="question_new"),
    path("<int:pk>/", views.question_review, name="question_review"),
    path("<int:pk>/edit/", views.question_edit, name="question_edit"),
    path("<int:pk>/decide/", views.question_decide, name="question_decide"),
    path("<int:pk>/move/", views.question_move, name="question_move"),
    path("import/", import_views.question_import, name="question_import"),
    path("import/template/", import_views.question_template, name="question_template"),
    path("import/<int:pk>/", import_views.question_import_result, name="question_import_result"),
    path("import/<int:pk>/apply/", import_views.question_import_apply, name="question_import_apply"),
    path("import/job/<int:pk>/", import_views.question_import_job, name="question_import_job"),
    path("export/", export_views.question_export, name="question_export"),
    path("export/job/<int:pk>/", export_views.question_export_job, name="question_export_job"),
]
