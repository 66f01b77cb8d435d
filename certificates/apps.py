from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("证书")

    def ready(self) -> None:
        from certificates.issuing import receivers, tasks  # noqa: F401, PLC0415 – registers receivers and handlers
        from lms.people.evidence import evidence_page  # noqa: PLC0415

        evidence_page(
            "certificates.certificate", lambda keys: {pk: reverse("certificates:download", args=[pk]) for pk in keys}
        )
