"""The base of our pages and the front page of the library."""

from collections.abc import Sequence
from typing import Any, ClassVar

from csp.constants import SELF
from django.core.validators import validate_slug
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import Page
from wagtail.search import index

from content.library.prose import without_marks

ONE_PER_LINE = _("每行一项")
PARAGRAPHS = _("空一行分段；**两边各两个星号** 表示加粗")


def title_panel() -> FieldPanel:
    """The title; Wagtail's own panel also fills in the address, which is the code here."""
    return FieldPanel("title", classname="title")


def several(name: str) -> FieldPanel:
    """A field of several rows, as boxes to tick."""
    return FieldPanel(name, widget=CheckboxSelectMultiple)


class LibraryPage(Page):
    """A page of the library. `text_fields` names what a reader finds it by, beside the title."""

    text_fields: ClassVar[Sequence[str]] = ()
    # Readers never see the key of a question, so the key must not be found either.
    search_fields = [*Page.search_fields, index.SearchField("search_text")]
    promote_panels: ClassVar[Sequence[Panel]] = []

    class Meta:
        abstract = True

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The library belongs to the learner's tab 学习."""
        return super().get_context(request, *args, **kwargs) | {"tab": "learn"}

    @property
    def shown_title(self) -> str:
        """The title in lists of readers."""
        return self.title

    def readable_text(self) -> str:
        """The page's text in one string, as readers see it."""
        return without_marks("\n".join(str(getattr(self, name)) for name in self.text_fields if getattr(self, name)))

    def search_text(self) -> str:
        """What the index stores beside the title."""
        return self.readable_text()

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The page in the preview of the editing place, which frames it."""
        response = super().serve_preview(request, mode_name)
        response._csp_replace = {"frame-ancestors": [SELF]}
        return response


class CodedPage(LibraryPage):
    """A page with a stable code: questions, lessons and outcomes name it for years."""

    code = models.CharField(
        _("编号"),
        max_length=60,
        unique=True,
        validators=[validate_slug],
        help_text=_("小写字母、数字和连字符；发布后不要再改"),
    )
    # Fingerprint of the starter row it was loaded from; empty for pages written here.
    starter_digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The address of a new page is its code."""
        if not self.slug:  # type: ignore[has-type]
            self.slug = self.code
        super().full_clean(*args, **kwargs)

    def search_text(self) -> str:
        """A page is found by its code too."""
        return f"{self.code}\n{super().search_text()}"


class HomePage(LibraryPage):
    """The front page of the library; its children are the sections."""

    lead = models.CharField(_("导语"), max_length=300, blank=True)

    text_fields = ["lead"]
    content_panels = [title_panel(), FieldPanel("lead")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.StandardIndexPage",
        "content.MindsetIndexPage",
        "content.CardIndexPage",
        "content.CaseIndexPage",
        "content.CourseIndexPage",
    ]
    template = "content/library/home.html"
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = _("资料库首页")
