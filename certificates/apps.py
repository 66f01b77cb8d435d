from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("证书")

    def ready(self) -> None:
        from certificates.issuing import receivers, tasks  # noqa: F401, PLC0415 – registers receivers and handlers
