from django.urls import path

from lms.people import account_views, audit_views, import_views, person_views, role_views, roster_views

urlpatterns = [
    path("me/", account_views.me, name="me"),
    path("accounts/first/", account_views.first_sign_in, name="first_sign_in"),
    path("workbench/people/", roster_views.roster_page, {"place": "workbench"}, name="roster"),
    path("supervision/people/", roster_views.roster_page, {"place": "supervision"}, name="supervision_roster"),
    path("workbench/people/export/", roster_views.roster_export, name="roster_export"),
    path("workbench/people/new/", person_views.person_new, name="person_new"),
    path("workbench/people/<int:pk>/", person_views.person_page, name="person"),
    path("workbench/people/<int:pk>/unmask/", person_views.person_unmask, name="person_unmask"),
    path("workbench/people/<int:pk>/correct/", person_views.person_correct, name="person_correct"),
    path("workbench/people/<int:pk>/reset/", person_views.person_reset, name="person_reset"),
    path("workbench/employments/<int:pk>/", person_views.employment_change, name="employment_change"),
    path("workbench/employments/<int:pk>/leave/", person_views.employment_leave, name="employment_leave"),
    path("workbench/people/import/", import_views.import_page, name="import"),
    path("workbench/people/import/template/", import_views.import_template, name="import_template"),
    path("workbench/people/import/<int:pk>/", import_views.import_check, name="import_check"),
    path("workbench/people/import/<int:pk>/bad-rows/", import_views.import_bad_rows, name="import_bad_rows"),
    path("workbench/people/import/<int:pk>/write/", import_views.import_write, name="import_write"),
    path("workbench/people/import/<int:pk>/report/", import_views.import_report, name="import_report"),
    path("workbench/roles/", role_views.roles_page, name="roles"),
    path("workbench/roles/<int:pk>/end/", role_views.role_end, name="role_end"),
    path("supervision/audit/", audit_views.audit_page, name="audit"),
    path("supervision/audit/export/", audit_views.audit_export, name="audit_export"),
]
