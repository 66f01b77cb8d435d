"""四种心态 and 三违."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from content.blocks import SceneStreamBlock
from content.library.models import ONE_PER_LINE, PARAGRAPHS, CodedPage, LibraryPage, title_panel
from content.library.streams import BlockField


class MindsetIndexPage(LibraryPage):
    """四种心态与三违."""

    lead = models.CharField(_("导语"), max_length=300, blank=True)

    text_fields = ["lead"]
    content_panels = [title_panel(), FieldPanel("lead")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.MindsetPage", "content.ViolationPage"]
    template = "content/mindsets/index.html"
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = _("四种心态目录")


class MindsetPage(CodedPage):
    """One of the four mindsets: how it shows, what helps, a self-check and a pledge."""

    lead = models.TextField(_("导语"))
    body = models.TextField(_("正文"), help_text=PARAGRAPHS)
    signs = models.TextField(_("苗头"), help_text=ONE_PER_LINE)
    antidotes = models.TextField(_("对策"), help_text=ONE_PER_LINE)
    selfcheck = models.TextField(_("自查"), help_text=ONE_PER_LINE)
    pledge = models.TextField(_("承诺"), help_text=ONE_PER_LINE)
    scenes = BlockField(SceneStreamBlock(), blank=True, verbose_name=_("情景"))

    text_fields = ["lead", "body", "signs", "antidotes", "selfcheck", "pledge"]
    content_panels = [
        title_panel(),
        FieldPanel("code"),
        *(FieldPanel(name) for name in ["lead", "body", "signs", "antidotes", "selfcheck", "pledge", "scenes"]),
    ]
    parent_page_types = ["content.MindsetIndexPage"]
    subpage_types: list[str] = []
    template = "content/mindsets/mindset.html"

    class Meta:
        verbose_name = verbose_name_plural = _("心态")


class ViolationPage(CodedPage):
    """One of the three violations."""

    meaning = models.TextField(_("什么意思"))
    examples = models.TextField(_("例子"), help_text=ONE_PER_LINE)
    refuse = models.TextField(_("遇到了怎么办"), help_text=PARAGRAPHS)

    text_fields = ["meaning", "examples", "refuse"]
    content_panels = [
        title_panel(),
        *(FieldPanel(name) for name in ["code", "meaning", "examples", "refuse"]),
    ]
    parent_page_types = ["content.MindsetIndexPage"]
    subpage_types: list[str] = []
    template = "content/mindsets/violation.html"

    class Meta:
        verbose_name = verbose_name_plural = _("违章")
