"""Study sessions, their heartbeats, the days they fall on, and the progress of each lesson."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Enrolment, Lesson
from courses.progress.honesttime import Limits, Reason

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

REASON_WORDS = {
    Reason.CREDITED: _("计入"),
    Reason.FIRST: _("开始计时"),
    Reason.HIDDEN: _("页面不在眼前"),
    Reason.IDLE: _("太久没有操作"),
    Reason.GAP: _("信号中断，只计一小段"),
    Reason.NOTHING_NEW: _("视频没有看到新的内容"),
    Reason.DAY_FULL: _("当天已到上限"),
    Reason.LESSON_DONE: _("本节已学完"),
}


class StudyDay(models.Model):
    """What a person was credited on one day: the daily limit and the year's hours rest on it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="study_days")
    day = models.DateField(_("日期"))
    credited_seconds = models.PositiveIntegerField(default=0)

    if TYPE_CHECKING:
        sessions: RelatedManager["StudySession"]

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="study_day_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class LessonProgress(models.Model):
    """How far a person is in a lesson. `watched`: film id → seconds seen without a gap from the start.

    `tries` counts the answers given to each checkpoint; `resume_at` is the block last in view.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="lesson_progress")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="progress")
    credited_seconds = models.PositiveIntegerField(default=0)
    resume_at = models.CharField(max_length=64, blank=True)
    passed_checkpoints = models.JSONField(default=list)
    tries = models.JSONField(default=dict)
    watched = models.JSONField(default=dict)
    opened_at = models.DateTimeField(_("第一次打开"))
    completed_at = models.DateTimeField(_("学完时间"), null=True)

    class Meta:
        ordering = ["enrolment_id", "lesson__position"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="lesson_progress_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_id}"


class EndReason(models.TextChoices):
    ELSEWHERE = "elsewhere", _("在别处打开了课程")
    NEW_DAY = "new_day", _("过了零点")


class StudySession(models.Model):
    """One opening of a lesson on one device. `token` is the only key to credit; the limits are frozen.

    A person has one live session at a time: the database refuses a second.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="study_sessions")
    progress = models.ForeignKey(LessonProgress, models.CASCADE, related_name="sessions")
    day = models.ForeignKey(StudyDay, models.PROTECT, related_name="sessions")
    phone = models.BooleanField(_("手机"), default=False)
    opened_at = models.DateTimeField(_("打开时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    counted_until = models.DateTimeField()
    credited_seconds = models.PositiveIntegerField(default=0)
    beat_seconds = models.PositiveSmallIntegerField()
    most_per_beat = models.PositiveSmallIntegerField()
    idle_seconds = models.PositiveSmallIntegerField()
    day_seconds = models.PositiveIntegerField()

    if TYPE_CHECKING:
        beats: RelatedManager["Beat"]

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at__isnull=True), name="one_live_session_per_person"
            )
        ]
        indexes = [models.Index(fields=["person", "-opened_at"], name="sessions_of_person")]

    def __str__(self) -> str:
        return str(self.token)

    @property
    def limits(self) -> Limits:
        """The rules in force when it was opened."""
        return Limits(
            beat=self.beat_seconds, most_per_beat=self.most_per_beat, idle=self.idle_seconds, day=self.day_seconds
        )


class Beat(models.Model):
    """One heartbeat: what the server measured, what it credited and why. Never changed."""

    session = models.ForeignKey(StudySession, models.CASCADE, related_name="beats")
    number = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    interval_seconds = models.FloatField()
    credited_seconds = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=12, choices=[(reason.value, words) for reason, words in REASON_WORDS.items()])
    visible = models.BooleanField()
    idle_seconds = models.FloatField()
    played = models.JSONField(default=dict)

    class Meta:
        ordering = ["session_id", "number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="beat_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"
