"""Blocks of lessons and scenes. No template of a block renders the key of a checkpoint."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from content.library.models import PARAGRAPHS
from content.standards.versions import with_versions


class TextBlock(blocks.StructBlock):
    """A heading with paragraphs."""

    heading = blocks.CharBlock(label=_("小标题"), required=False, max_length=80)
    body = blocks.TextBlock(label=_("正文"), rows=6, help_text=PARAGRAPHS)

    class Meta:
        label = _("文字")
        icon = "pilcrow"
        template = "content/blocks/text.html"


class StepsBlock(blocks.StructBlock):
    """Steps in order."""

    heading = blocks.CharBlock(label=_("小标题"), max_length=80)
    items = blocks.ListBlock(blocks.TextBlock(label=_("一步"), rows=2), label=_("步骤"), min_num=2)

    class Meta:
        label = _("步骤")
        icon = "list-ol"
        template = "content/blocks/steps.html"


class WarningBlock(blocks.StructBlock):
    """What must never happen."""

    body = blocks.TextBlock(label=_("警示"), rows=3, help_text=PARAGRAPHS)

    class Meta:
        label = _("警示")
        icon = "warning"
        template = "content/blocks/warning.html"


class ClauseBlock(blocks.PageChooserBlock):
    """A clause card. All clauses of a lesson and their versions are read in two queries."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(page_type="content.ClausePage", **kwargs)

    def bulk_to_python(self, values: Any) -> list[Any]:
        """The clauses, each with its version."""
        pages = super().bulk_to_python(values)
        with_versions([page for page in pages if page])
        return pages

    class Meta:
        label = _("判定标准条目")
        icon = "clipboard-list"
        template = "content/blocks/clause.html"


class CaseBlock(blocks.PageChooserBlock):
    """An accident case in short, with a link to all of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(page_type="content.CasePage", **kwargs)

    class Meta:
        label = _("警示案例")
        icon = "warning"
        template = "content/blocks/case.html"


class FigureBlock(blocks.StructBlock):
    """A drawing or photo with words for those who cannot see it."""

    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(label=_("替代文字"), help_text=_("看不见图的人听到的话"), max_length=300)
    caption = blocks.CharBlock(label=_("图注"), required=False, max_length=200)

    class Meta:
        label = _("图片")
        icon = "image"
        template = "content/blocks/figure.html"


class VideoBlock(blocks.StructBlock):
    """A video of our own; its length is what the study clock may credit."""

    document = DocumentChooserBlock(label=_("视频文件"))
    title = blocks.CharBlock(label=_("标题"), max_length=120)
    seconds = blocks.IntegerBlock(label=_("时长（秒）"), min_value=1)
    transcript = blocks.TextBlock(label=_("文字稿"), rows=6, help_text=PARAGRAPHS)

    class Meta:
        label = _("视频")
        icon = "media"
        template = "content/blocks/video.html"


class CheckpointBlock(blocks.StructBlock):
    """学完一答. The id of the block is the stable id of the checkpoint; `answer` counts from 0."""

    question = blocks.TextBlock(label=_("题目"), rows=2)
    options = blocks.ListBlock(blocks.CharBlock(label=_("选项"), max_length=200), label=_("选项"), min_num=2, max_num=6)
    answer = blocks.IntegerBlock(label=_("答案"), min_value=0, max_value=5, help_text=_("从 0 数起：第一个选项是 0"))
    explanation = blocks.TextBlock(label=_("解析"), rows=3)

    class Meta:
        label = _("学完一答")
        icon = "help"
        template = "content/blocks/checkpoint.html"

    def clean(self, value: Any) -> Any:
        """Refuse an answer that is not among the options."""
        cleaned = super().clean(value)
        if cleaned["answer"] >= len(cleaned["options"]):
            raise blocks.StructBlockValidationError(
                block_errors={"answer": ValidationError(_("答案要在选项之中"), code="answer")}
            )
        return cleaned

    def get_searchable_content(self, value: Any) -> list[str]:
        """Nothing: neither the question nor its key is found by searching."""
        return []


class LessonBlock(blocks.StreamBlock):
    """What a lesson is made of."""

    text = TextBlock()
    steps = StepsBlock()
    warning = WarningBlock()
    clause = ClauseBlock()
    case = CaseBlock()
    figure = FigureBlock()
    video = VideoBlock()
    checkpoint = CheckpointBlock()


class SceneBlock(blocks.StructBlock):
    """An invented scene from a workshop."""

    title = blocks.CharBlock(label=_("标题"), max_length=120)
    story = blocks.TextBlock(label=_("经过"), rows=6, help_text=PARAGRAPHS)
    lesson = blocks.TextBlock(label=_("教训"), rows=3)

    class Meta:
        label = _("情景")
        icon = "openquote"
        template = "content/blocks/scene.html"


class SceneStreamBlock(blocks.StreamBlock):
    """Scenes of a mindset."""

    scene = SceneBlock()
