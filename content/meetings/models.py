"""Morning-meeting cards."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from content.library.models import ONE_PER_LINE, CodedPage, LibraryPage, several, title_panel
from content.library.prose import lines
from content.mindsets.models import MindsetPage
from content.standards.models import ClausePage
from lms.organisations.models import Industry


class CardIndexPage(LibraryPage):
    """晨会卡片."""

    lead = models.CharField(_("导语"), max_length=300, blank=True)

    text_fields = ["lead"]
    content_panels = [title_panel(), FieldPanel("lead")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.CardPage"]
    template = "content/meetings/index.html"
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = _("晨会卡片目录")


class CardPage(CodedPage):
    """Read aloud by a team leader in one to five minutes, with one question. `answer` counts from 0."""

    minutes = models.PositiveSmallIntegerField(_("分钟"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    trades = models.TextField(_("工种"), blank=True, help_text=ONE_PER_LINE)
    industries = ParentalManyToManyField(
        Industry, blank=True, related_name="+", verbose_name=_("行业与专项领域"), help_text=_("不选就是通用")
    )
    clause = models.ForeignKey(
        ClausePage, models.SET_NULL, null=True, blank=True, related_name="cards", verbose_name=_("判定标准条目")
    )
    mindset = models.ForeignKey(
        MindsetPage, models.SET_NULL, null=True, blank=True, related_name="cards", verbose_name=_("心态")
    )
    points = models.TextField(_("要点"), help_text=ONE_PER_LINE)
    question = models.TextField(_("一道题"))
    options = models.TextField(_("选项"), help_text=ONE_PER_LINE)
    answer = models.PositiveSmallIntegerField(_("答案"), help_text=_("从 0 数起：第一个选项是 0"))
    explanation = models.TextField(_("解析"))

    text_fields = ["trades", "points", "question", "options"]
    content_panels = [
        title_panel(),
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("minutes"), FieldPanel("trades"), several("industries")],
            heading=_("给谁念"),
        ),
        FieldPanel("points"),
        MultiFieldPanel([FieldPanel("clause"), FieldPanel("mindset")], heading=_("讲的是")),
        MultiFieldPanel(
            [FieldPanel("question"), FieldPanel("options"), FieldPanel("answer"), FieldPanel("explanation")],
            heading=_("问大家"),
        ),
    ]
    parent_page_types = ["content.CardIndexPage"]
    subpage_types: list[str] = []
    template = "content/meetings/card.html"

    class Meta:
        verbose_name = verbose_name_plural = _("晨会卡片")
        constraints = [
            models.CheckConstraint(name="card_takes_1_to_5_minutes", condition=models.Q(minutes__range=(1, 5)))
        ]

    def clean(self) -> None:
        """Refuse an answer that is not among the options."""
        super().clean()
        if self.answer is not None and self.answer >= len(lines(self.options or "")):
            raise ValidationError({"answer": _("答案要在选项之中")})
