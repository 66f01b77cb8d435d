"""Moodle XML, the format in which Moodle and many others exchange questions (pure).

Reading takes one question at a time, so that the memory needed does not grow with the file. Writing gives each
question the type that a Moodle user expects; what Moodle has no place for (filing, tolerance of a hotspot) goes into
tags beginning with `sanzhen:`, which survive a stay in Moodle, or into an element `sanzhen`, which Moodle passes over.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from exams.bank.formats.drafts import Draft
from exams.bank.formats.exchange import ReadQuestion
from exams.bank.formats.html_text import cleaned, shortened
from exams.bank.formats.moodle_xml_cases import CaseJoiner
from exams.bank.formats.moodle_xml_cloze import read_cloze
from exams.bank.formats.moodle_xml_fields import child_text, read_common, read_stem, topic_of
from exams.bank.formats.moodle_xml_types import READERS, own_spellings
from exams.bank.formats.moodle_xml_writing import write
from exams.bank.formats.xml_safe import children_of
from exams.bank.problems import ProblemKind

__all__ = ["read", "write"]

NOT_OURS = {
    "description": "说明", "random": "随机题", "randomsamatch": "随机匹配题", "calculated": "计算题",
    "calculatedsimple": "简单计算题", "calculatedmulti": "计算选择题", "ddwtos": "拖词入句", "gapselect": "选词填空",
    "ddimageortext": "拖图拖字", "missingtype": "缺失的题型",
}  # fmt: skip


def read(path: Path) -> Iterator[ReadQuestion]:
    """The questions of a Moodle XML file; raises UnreadableFile (also on the way) when it is broken as a whole."""
    joiner, category, place = CaseJoiner(), "", 0
    for element in children_of(path, "quiz"):
        if element.tag != "question":
            continue
        if element.get("type") == "category":
            category = cleaned(child_text(element, "category", "text"))
            continue
        place += 1
        question, own = read_question(place, element, category)
        yield from joiner.take(question, own)
    yield from joiner.rest()


def read_question(place: int, element: Element, category: str) -> tuple[ReadQuestion, dict[str, str]]:
    """One question with what our own tags say of it beside its filing."""
    draft = Draft(place, cleaned(element.get("type", "")))
    read_stem(element, draft)
    read_common(element, draft)
    if draft.kind in ("cloze", "multianswer"):
        given = draft.points
        read_cloze(child_text(element, "questiontext", "text"), draft, own_spellings(element))
        if any(field == "points" for field, _ in draft.tags) or not draft.type:
            draft.points = given
    elif reader := READERS.get(draft.kind):
        reader(element, draft)
    else:
        word = NOT_OURS.get(draft.kind)
        draft.fail(ProblemKind.NOT_SUPPORTED, "题型", f"{word}（{draft.kind}）" if word else draft.kind)
    question = draft.finished()
    if question.names.topic:
        return question, draft.own
    topic, dropped = topic_of(category)
    losses = (*question.losses, f"分类路径：{shortened(dropped, 120)}") if dropped else question.losses
    return replace(question, names=replace(question.names, topic=topic), losses=losses), draft.own
