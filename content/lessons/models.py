"""Course and lesson pages: the words; assignments and progress live in the app `courses`."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from content.blocks import LessonBlock
from content.library.models import CodedPage, LibraryPage, several, title_panel
from content.library.prose import without_marks
from content.library.streams import BlockField
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory


class CourseIndexPage(LibraryPage):
    """课程."""

    lead = models.CharField(_("导语"), max_length=300, blank=True)

    text_fields = ["lead"]
    content_panels = [title_panel(), FieldPanel("lead")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.CoursePage"]
    template = "content/lessons/index.html"
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = _("课程目录")


class CoursePage(CodedPage):
    """A course as authors describe it; `courses` follows what is published here."""

    summary = models.TextField(_("简介"))
    credit_hours = models.DecimalField(
        _("学时"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(Decimal("0.1"))],
        help_text=_("1 学时 = 45 分钟"),
    )
    must_study = models.BooleanField(_("必学必考"), default=False)
    exam_subject = models.SlugField(_("考试科目"), max_length=60, blank=True, help_text=_("对应考试的科目编号"))
    industries = ParentalManyToManyField(
        Industry, blank=True, related_name="+", verbose_name=_("行业与专项领域"), help_text=_("不选就是通用")
    )
    categories = ParentalManyToManyField(
        PersonnelCategory, blank=True, related_name="+", verbose_name=_("人员类别"), help_text=_("不选就是人人适用")
    )

    text_fields = ["summary"]
    content_panels = [
        title_panel(),
        FieldPanel("code"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel("credit_hours"), FieldPanel("must_study"), FieldPanel("exam_subject")], heading=_("要求")
        ),
        MultiFieldPanel([several("categories"), several("industries")], heading=_("给谁学")),
    ]
    parent_page_types = ["content.CourseIndexPage"]
    subpage_types = ["content.LessonPage"]
    template = "content/lessons/course.html"

    class Meta:
        verbose_name = verbose_name_plural = _("课程")
        constraints = [
            models.CheckConstraint(name="course_page_hours_positive", condition=models.Q(credit_hours__gt=0))
        ]


class LessonPage(CodedPage):
    """One lesson. Readers open it in the course player, which keeps their time."""

    class Kind(models.TextChoices):
        READING = "reading", _("图文")
        VIDEO = "video", _("视频")

    lead = models.TextField(_("导语"))
    minutes = models.PositiveSmallIntegerField(
        _("至少学（分钟）"), validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    kind = models.CharField(_("形式"), max_length=10, choices=Kind, default=Kind.READING)
    video_seconds = models.PositiveIntegerField(_("视频时长（秒）"), default=0)
    body = BlockField(LessonBlock(), verbose_name=_("内容"))

    text_fields = ["lead"]
    content_panels = [
        title_panel(),
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("kind"), FieldPanel("minutes"), FieldPanel("video_seconds")],
            heading=_("要求"),
        ),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    parent_page_types = ["content.CoursePage"]
    subpage_types: list[str] = []
    template = "content/lessons/lesson.html"

    class Meta:
        verbose_name = verbose_name_plural = _("课时")
        constraints = [
            models.CheckConstraint(name="lesson_page_minutes_positive", condition=models.Q(minutes__gte=1)),
            models.CheckConstraint(
                name="lesson_page_video_has_length",
                condition=~models.Q(kind="video") | models.Q(video_seconds__gt=0),
            ),
        ]

    def readable_text(self) -> str:
        """Lead and body, without checkpoints."""
        texts = self.body.stream_block.get_searchable_content(self.body)
        return "\n".join([super().readable_text(), *map(without_marks, texts)])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lessons are read where their time counts."""
        return redirect("courses:lesson", self.get_parent().specific.code, self.code)
