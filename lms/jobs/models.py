"""The status row of a piece of background work."""

from typing import Self

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.organisations.scope import Scope


def private_storage() -> Storage:
    """Files that only a view with an access rule hands out."""
    return storages["private"]


class JobStatus(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


class JobQuerySet(models.QuerySet["Job"]):
    def within(self, scope: Scope) -> Self:
        """One's own jobs; administrators see all."""
        return self if scope.everything else self.filter(Q(owner_id=scope.person_id))


class Job(models.Model):
    """What runs, for whom, how far it is, how it ended. Survives the worker."""

    kind = models.CharField(_("任务"), max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    params = models.JSONField(default=dict)
    upload = models.FileField(storage=private_storage, upload_to="uploads/%Y/%m/", blank=True)
    status = models.CharField(_("状态"), max_length=8, choices=JobStatus, default=JobStatus.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    result_file = models.FileField(storage=private_storage, upload_to="results/%Y/%m/", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.status}"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in (JobStatus.DONE, JobStatus.FAILED)

    @property
    def percent(self) -> int:
        """Progress for the bar, 0–100."""
        if self.status == JobStatus.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
