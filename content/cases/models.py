"""Accident cases and best practices."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from content.library.models import ONE_PER_LINE, PARAGRAPHS, CodedPage, LibraryPage, several, title_panel
from content.standards.models import ClausePage
from lms.organisations.models import Industry


class CaseIndexPage(LibraryPage):
    """警示案例与典型经验."""

    lead = models.CharField(_("导语"), max_length=300, blank=True)

    text_fields = ["lead"]
    content_panels = [title_panel(), FieldPanel("lead")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.CasePage", "content.PracticePage"]
    template = "content/cases/index.html"
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = _("警示案例与典型经验目录")


class CasePage(CodedPage):
    """An accident as the investigation report tells it, retold for the shop floor."""

    happened_on = models.DateField(_("发生日期"))
    place = models.CharField(_("地点"), max_length=100)
    deaths = models.PositiveSmallIntegerField(_("死亡人数"), null=True, blank=True)
    injured = models.PositiveSmallIntegerField(_("受伤人数"), null=True, blank=True)
    industries = ParentalManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("行业与专项领域"))
    clauses = ParentalManyToManyField(ClausePage, blank=True, related_name="cases", verbose_name=_("判定标准条目"))
    summary = models.TextField(_("一句话"))
    what_happened = models.TextField(_("经过"), help_text=PARAGRAPHS)
    why = models.TextField(_("原因"), help_text=ONE_PER_LINE)
    lessons = models.TextField(_("教训"), help_text=ONE_PER_LINE)
    questions = models.TextField(_("讨论"), blank=True, help_text=ONE_PER_LINE)
    source = models.CharField(_("来源"), max_length=300)

    text_fields = ["place", "summary", "what_happened", "why", "lessons", "source"]
    content_panels = [
        title_panel(),
        FieldPanel("code"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("happened_on"), FieldPanel("place")]),
                FieldRowPanel([FieldPanel("deaths"), FieldPanel("injured")]),
            ],
            heading=_("何时何地"),
        ),
        *(FieldPanel(name) for name in ["summary", "what_happened", "why", "lessons", "questions", "source"]),
        MultiFieldPanel([several("clauses"), several("industries")], heading=_("对应")),
    ]
    parent_page_types = ["content.CaseIndexPage"]
    subpage_types: list[str] = []
    template = "content/cases/case.html"

    class Meta:
        verbose_name = verbose_name_plural = _("警示案例")


class PracticePage(CodedPage):
    """典型经验: how an enterprise solved it."""

    industries = ParentalManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("行业与专项领域"))
    summary = models.TextField(_("一句话"))
    body = models.TextField(_("正文"), help_text=PARAGRAPHS)
    steps = models.TextField(_("做法"), help_text=ONE_PER_LINE)

    text_fields = ["summary", "body", "steps"]
    content_panels = [
        title_panel(),
        *(FieldPanel(name) for name in ["code", "summary", "body", "steps"]),
        several("industries"),
    ]
    parent_page_types = ["content.CaseIndexPage"]
    subpage_types: list[str] = []
    template = "content/cases/practice.html"

    class Meta:
        verbose_name = verbose_name_plural = _("典型经验")
