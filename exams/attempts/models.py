"""One person's sitting of an exam, its append-only record of events, and the answers that count."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.attempts.agreement import ADJUDICATION, FIRST
from exams.attempts.grading import Score
from exams.attempts.timing import Clock
from exams.bank.models import QuestionVersion
from exams.papers.models import Exam, Paper
from lms.kit.append_only import AppendOnlyModel
from lms.people.models import Employment

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class AttemptStatus(models.TextChoices):
    WRITING = "writing", _("答题中")
    SUBMITTED = "submitted", _("已交卷")
    VOIDED = "voided", _("已作废")


class SubmitReason(models.TextChoices):
    PERSON = "person", _("本人交卷")
    EXPIRED = "expired", _("到时自动交卷")
    FORCED = "forced", _("监考强制交卷")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, person_id: int) -> Self:
        """The attempts of one person; everybody else's do not exist for that person."""
        return self.filter(person_id=person_id)

    def running_out(self, *, by: datetime) -> Self:
        """Open attempts whose deadline lies before a moment, earliest first; a paused clock stands."""
        due = self.filter(status=AttemptStatus.WRITING, paused_at__isnull=True, deadline_at__lt=by)
        return due.order_by("deadline_at")


class Attempt(models.Model):
    """One sitting. Rules that hold during it (deadline, grace, number of items) are frozen at the start.

    `score` and `max_score` are points; `percent` is what people read. `event_count` and `head_hash` are the end
    of the chain of events, `highest_number` the highest stamp number taken (see `exams.attempts.convergence`).
    An attempt that expired counts as submitted at its deadline; its event says when that was done.
    Submitted without `score` and `passed`: people still have to mark some of its answers.

    `deadline_at` is what `exams.attempts.deadlines` makes of the facts beside it: it is written with every change of
    them, so that saving an answer asks one row. `device` is the one that may write at present ("" before the first).
    `news` rises with everything that an open page has to be told.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts", verbose_name=_("考试"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts", verbose_name=_("考生")
    )
    employment = models.ForeignKey(Employment, models.PROTECT, null=True, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("第几次"))
    status = models.CharField(_("状态"), max_length=10, choices=AttemptStatus, default=AttemptStatus.WRITING)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seed = models.PositiveBigIntegerField(editable=False)
    item_count = models.PositiveSmallIntegerField(_("题数"))
    grace_seconds = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(_("开考时间"))
    deadline_at = models.DateTimeField(_("截止时间"))
    # Personal extra time, frozen at the start.
    extra_seconds = models.PositiveIntegerField(_("个人加时（秒）"), default=0)
    paused_at = models.DateTimeField(_("暂停自"), null=True)
    device = models.CharField(max_length=32, blank=True)
    # Whether only Safe Exam Browser may write it; frozen at the start.
    seb_required = models.BooleanField(default=False)
    # Granted by a proctor: the next device may take over although the exam asks first.
    take_over_allowed = models.BooleanField(default=False)
    news = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(_("交卷时间"), null=True)
    submit_reason = models.CharField(_("交卷方式"), max_length=10, choices=SubmitReason, blank=True)
    score = models.DecimalField(_("得分"), max_digits=7, decimal_places=2, null=True)
    max_score = models.DecimalField(_("满分"), max_digits=7, decimal_places=2)
    passed = models.BooleanField(_("合格"), null=True)
    # A pass that enters the ledger of outcomes only when the exam releases its results.
    outcome_due = models.BooleanField(default=False)
    event_count = models.PositiveIntegerField(default=0)
    highest_number = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64)
    last_seen_at = models.DateTimeField(null=True)
    receipt = models.CharField(_("交卷回执"), max_length=14, null=True, unique=True)
    receipt_signature = models.CharField(max_length=88, blank=True)

    if TYPE_CHECKING:
        events: RelatedManager["AnswerEvent"]
        answers: RelatedManager["Answer"]

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(
                fields=["deadline_at"], condition=Q(status="writing", paused_at__isnull=True), name="attempt_to_expire"
            ),
            models.Index(fields=["exam", "status"], name="attempt_of_exam"),
            models.Index(fields=["exam"], condition=Q(status="submitted", score__isnull=True), name="attempt_to_mark"),
            models.Index(fields=["exam"], condition=Q(outcome_due=True), name="attempt_outcome_due"),
            models.Index(fields=["person", "-started_at"], name="attempt_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["exam", "person", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["exam", "person"], condition=Q(status="writing"), name="attempt_open_once"),
            models.CheckConstraint(condition=Q(deadline_at__gte=F("started_at")), name="attempt_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False, receipt__isnull=False),
                name="attempt_submitted_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, passed__isnull=True) | Q(score__isnull=False, passed__isnull=False),
                name="attempt_graded_at_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.person_id} №{self.number}"

    @property
    def clock(self) -> Clock:
        """The time of this attempt."""
        return Clock(
            self.started_at, self.deadline_at, timedelta(seconds=self.grace_seconds), paused=self.paused_at is not None
        )

    @property
    def result(self) -> Score | None:
        """Points, once graded."""
        return None if self.score is None else Score(self.score, self.max_score)


class EventKind(models.TextChoices):
    ANSWER = "answer", _("作答")
    SUBMIT = "submit", _("交卷")
    MARK = "mark", _("阅卷")
    GRADE = "grade", _("评定成绩")
    TIME = "time", _("改动时间")
    DEVICE = "device", _("换设备")
    LATE = "late", _("补传计入")
    VOID = "void", _("作废")


class AnswerEvent(AppendOnlyModel):
    """What reached the server, in the order in which it did. `made_at` is the browser's claim.

    `response`: the response for an answer, in time or late; facts for everything else. `hash` chains the event to the
    one before (see `exams.attempts.chain`). Answers end with the submission, which the receipt vouches for; marks,
    grades, late answers that a person accepted, and a voiding may follow it.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=EventKind)
    position = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField()
    client = models.PositiveBigIntegerField(default=0)
    client_number = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["attempt_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "sequence"], name="event_sequence_once"),
            models.UniqueConstraint(
                fields=["attempt", "client_number", "client"], condition=Q(kind="answer"), name="event_taken_once"
            ),
            models.UniqueConstraint(
                fields=["attempt", "client_number", "client"], condition=Q(kind="late"), name="event_late_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}#{self.sequence}"


class Answer(models.Model):
    """The answer that counts at present: what the highest stamp says.

    Points are set on submission; where people decide about some of them, NULL until the whole attempt is graded.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    response = models.JSONField(default=list)
    client = models.PositiveBigIntegerField(default=0)
    client_number = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField()
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)

    class Meta:
        ordering = ["attempt_id", "position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="answer_position_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.position}"


class OpenAnswerQuerySet(models.QuerySet["OpenAnswer"]):
    def waiting(self) -> Self:
        """What people still have to decide about."""
        return self.filter(needed=True, points__isnull=True)


class OpenAnswer(models.Model):
    """What people decide about: an answered short answer, or one inside a case (`part`). Written on submission.

    `points`: what its marks come to (`exams.attempts.agreement`); NULL while somebody still has to mark. `needed` is
    false when a correction decides about the whole question instead.
    """

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="open_parts")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, blank=True)
    possible = models.DecimalField(_("满分"), max_digits=6, decimal_places=2)
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True)
    needed = models.BooleanField(default=True)

    if TYPE_CHECKING:
        marks: RelatedManager["Mark"]

    objects = OpenAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "part"], name="open_answer_once"),
            models.CheckConstraint(condition=Q(possible__gt=0), name="open_answer_worth_something"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("possible")),
                name="open_answer_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.part}".strip()


class Mark(AppendOnlyModel):
    """What one person gave one open answer. Never changed: a better mark is a new row, the highest `number` counts.

    `stage`: first, second (double marking) or the one who decides between them; each stage has its own newest mark.

    `met`: places (from 0) of the expected points that the answer makes. `possible` repeats what the answer can
    earn, so that the database itself refuses more.
    """

    open_answer = models.ForeignKey(OpenAnswer, models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField(default=FIRST)
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2)
    possible = models.DecimalField(max_digits=6, decimal_places=2)
    met = models.JSONField(default=list)
    comment = models.CharField(_("评语"), max_length=500, blank=True)
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("阅卷人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["open_answer_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["open_answer", "number"], name="mark_number_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=F("possible")), name="mark_within_bounds"),
            models.CheckConstraint(condition=Q(stage__range=(FIRST, ADJUDICATION)), name="mark_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.open_answer_id} №{self.number}"
