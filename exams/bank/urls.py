from django.urls import path

from exams.bank import edit_views, export_views, import_views, list_views, twin_views, views

urlpatterns = [
    path("", list_views.question_list, name="question_list"),
    path("bulk/", list_views.bulk_edit, name="question_bulk"),
    path("bulk/apply/", list_views.bulk_apply, name="question_bulk_apply"),
    path("bulk/job/<int:pk>/", list_views.bulk_result, name="question_bulk_result"),
    path("twins/", twin_views.twin_list, name="twin_list"),
    path("twins/scan/", twin_views.twin_scan, name="twin_scan"),
    path("twins/job/<int:pk>/", twin_views.twin_scan_job, name="twin_scan_job"),
    path("twins/<int:pk>/decide/", twin_views.twin_decide, name="twin_decide"),
    path("new/", edit_views.question_new, name="question_new"),
    path("preview/", edit_views.question_preview, name="question_preview"),
    path("pictures/", edit_views.question_picture_upload, name="question_picture_upload"),
    path("<int:pk>/", views.question_review, name="question_review"),
    path("<int:pk>/edit/", edit_views.question_edit, name="question_edit"),
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
