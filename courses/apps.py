from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("课程")

    def ready(self) -> None:
        """Connect the receivers, register the background work."""
        from courses.catalogue import receivers, tasks  # noqa: F401, PLC0415
