from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = _("三真平台")

    def ready(self) -> None:
        from lms import checks  # noqa: F401, PLC0415 – registers the system checks
        from lms.coverage import tasks as coverage_tasks  # noqa: F401, PLC0415 – registers the job handlers
        from lms.jobs import tasks as jobs_tasks  # noqa: F401, PLC0415 – periodic tasks of the worker
        from lms.people import tasks as people_tasks  # noqa: F401, PLC0415 – registers the job handlers
