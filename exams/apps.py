from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = _("考试")

    def ready(self) -> None:
        """Make background work known to web and worker."""
        from exams.attempts import record_checks  # noqa: F401, PLC0415
        from exams.attempts import tasks as attempts  # noqa: F401, PLC0415 – models must be loaded first
        from exams.bank import tasks as bank  # noqa: F401, PLC0415
        from exams.integrity import tasks as integrity  # noqa: F401, PLC0415
        from exams.integrity.listening import listen  # noqa: PLC0415
        from exams.marking import tasks as marking  # noqa: F401, PLC0415
        from exams.papers import tasks as papers  # noqa: F401, PLC0415
        from exams.proctoring import tasks as proctoring  # noqa: F401, PLC0415
        from exams.proctoring.labels import LABELS  # noqa: PLC0415
        from lms.audit.labels import label_actions  # noqa: PLC0415

        label_actions(LABELS)
        listen()
