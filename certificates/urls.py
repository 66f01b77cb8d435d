from django.urls import path

from certificates.issuing import views as issuing
from certificates.verification import views as verification

app_name = "certificates"
urlpatterns = [
    path("certificates/", issuing.my_certificates, name="my_certificates"),
    path("certificates/<int:pk>/pdf/", issuing.download, name="download"),
    path("certificates/manage/", issuing.manage, name="manage"),
    path("certificates/<int:pk>/revoke/", issuing.revoke_certificate, name="revoke"),
    path("verify/", verification.verify_form, name="verify_form"),
    path("verify/<slug:code>/", verification.verify, name="verify"),
]
