"""Hazard standards: standard → version → section → clause."""

from datetime import date

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from content.library.models import ONE_PER_LINE, PARAGRAPHS, CodedPage, LibraryPage, several, title_panel
from lms.organisations.models import Industry


class StandardIndexPage(LibraryPage):
    """判定标准."""

    lead = models.CharField(_("导语"), max_length=300, blank=True)

    text_fields = ["lead"]
    content_panels = [title_panel(), FieldPanel("lead")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.StandardPage"]
    template = "content/standards/index.html"
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = _("判定标准目录")


class StandardPage(CodedPage):
    """A hazard standard, whatever its version."""

    issuer = models.CharField(_("发布机关"), max_length=60)
    industries = ParentalManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("适用行业"))

    text_fields = ["issuer"]
    content_panels = [title_panel(), FieldPanel("code"), FieldPanel("issuer"), several("industries")]
    parent_page_types = ["content.StandardIndexPage"]
    subpage_types = ["content.StandardVersionPage"]
    template = "content/standards/standard.html"

    class Meta:
        verbose_name = verbose_name_plural = _("判定标准")


class StandardVersionPage(CodedPage):
    """A version of a standard, with the days on which it is in force."""

    number = models.CharField(_("文号"), max_length=60)
    issued_on = models.DateField(_("发布日期"))
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True, help_text=_("现行有效的留空"))
    official_url = models.URLField(_("官方原文"), blank=True)
    summary = models.TextField(_("说明"), help_text=PARAGRAPHS)

    text_fields = ["number", "summary"]
    content_panels = [
        title_panel(),
        FieldPanel("code"),
        FieldPanel("number"),
        MultiFieldPanel(
            [FieldPanel("issued_on"), FieldPanel("effective_from"), FieldPanel("effective_to")], heading=_("日期")
        ),
        FieldPanel("official_url"),
        FieldPanel("summary"),
    ]
    parent_page_types = ["content.StandardPage"]
    subpage_types = ["content.StandardSectionPage"]
    template = "content/standards/version.html"

    class Meta:
        verbose_name = verbose_name_plural = _("标准版本")
        constraints = [
            models.CheckConstraint(
                name="standard_version_dates_in_order",
                condition=models.Q(effective_from__gte=models.F("issued_on"))
                & (models.Q(effective_to__isnull=True) | models.Q(effective_to__gte=models.F("effective_from"))),
            )
        ]

    def in_force(self, day: date) -> bool:
        """Whether this version is the law on `day`."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class StandardSectionPage(CodedPage):
    """An article: the clauses of one industry, special field or of management."""

    class Kind(models.TextChoices):
        MANAGEMENT = "management", _("管理类")
        INDUSTRY = "industry", _("行业类")
        SPECIAL = "special", _("专项类")

    article = models.CharField(_("条"), max_length=30, help_text=_("例：第十三条"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    intro = models.TextField(_("说明"), help_text=PARAGRAPHS)
    industries = ParentalManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("适用行业与专项领域"))

    text_fields = ["article", "intro"]
    content_panels = [
        title_panel(),
        FieldPanel("code"),
        FieldPanel("article"),
        FieldPanel("kind"),
        FieldPanel("intro"),
        several("industries"),
    ]
    parent_page_types = ["content.StandardVersionPage"]
    subpage_types = ["content.ClausePage"]
    template = "content/standards/section.html"

    class Meta:
        verbose_name = verbose_name_plural = _("标准章节")


class ClausePage(CodedPage):
    """One item of a standard: the rule in short, in our own words, and how it looks on site."""

    class Determination(models.TextChoices):
        DIRECT = "direct", _("直接判定")
        COMPOSITE = "composite", _("综合判定")

    article = models.CharField(_("条款"), max_length=60, help_text=_("例：第十三条第（二）项"))
    determination = models.CharField(_("判定方式"), max_length=12, choices=Determination, default=Determination.DIRECT)
    rule = models.TextField(_("条文要点"), help_text=_("用自己的话写全，不抄原文"))
    plain = models.TextField(_("一句话"))
    on_site = models.TextField(_("现场样子"))
    common_errors = models.TextField(_("常见错"))
    equipment = models.TextField(_("设备设施"), blank=True, help_text=ONE_PER_LINE)
    posts = models.TextField(_("岗位"), blank=True, help_text=ONE_PER_LINE)
    keywords = models.TextField(_("关键词"), blank=True, help_text=ONE_PER_LINE)
    industries = ParentalManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("适用行业与专项领域"))

    text_fields = ["rule", "plain", "on_site", "common_errors", "equipment", "posts", "keywords"]
    content_panels = [
        title_panel(),
        MultiFieldPanel([FieldPanel("code"), FieldPanel("article"), FieldPanel("determination")], heading=_("条款")),
        MultiFieldPanel([FieldPanel("rule"), FieldPanel("plain")], heading=_("怎么说")),
        MultiFieldPanel([FieldPanel("on_site"), FieldPanel("common_errors")], heading=_("怎么看")),
        MultiFieldPanel(
            [FieldPanel("equipment"), FieldPanel("posts"), FieldPanel("keywords"), several("industries")],
            heading=_("管到哪里"),
        ),
    ]
    parent_page_types = ["content.StandardSectionPage"]
    subpage_types: list[str] = []
    template = "content/standards/clause.html"

    class Meta:
        verbose_name = verbose_name_plural = _("判定标准条目")

    def __str__(self) -> str:
        return f"{self.code} {self.plain}"

    @property
    def shown_title(self) -> str:
        """The article with what it says."""
        return f"{self.article} {self.plain}"

    def get_admin_display_title(self) -> str:
        """Choosers and lists of the editing place show what the clause says."""
        return f"{self.draft_title or self.title} · {self.plain}"

    @cached_property
    def version(self) -> StandardVersionPage:
        """The version it belongs to; lists set it at once through `standards.queries.with_versions`."""
        return StandardVersionPage.objects.ancestor_of(self).get()

    @property
    def effective_from(self) -> date:
        """First day in force."""
        return self.version.effective_from

    @property
    def effective_to(self) -> date | None:
        """Last day in force; None while it stands."""
        return self.version.effective_to
