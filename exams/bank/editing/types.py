"""The nine types as a writer chooses among them, and the editor of each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exams.bank.bodies import (
    CASE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
    TYPES,
)
from exams.bank.editing.case import PART_EDITORS, CaseEditor
from exams.bank.editing.editors import Editor
from exams.bank.editing.hotspot import HotspotEditor
from exams.bank.models import QuestionType

EDITORS: dict[str, type[Editor]] = {**PART_EDITORS, HOTSPOT: HotspotEditor, CASE: CaseEditor}
# A question may become its neighbour without losing anything that was typed.
NEIGHBOUR = {SINGLE: MULTIPLE, MULTIPLE: SINGLE}
IN_WORDS: dict[str, Promise | str] = {
    SINGLE: _("几个选项里只有一个对。"),
    MULTIPLE: _("几个选项里有两个以上对。"),
    TRUE_FALSE: _("一句话，判断对错。"),
    FILL_IN: _("句子里留空，考生填字或填数，可以认多种写法和一个范围。"),
    ORDERING: _("把步骤排成正确的先后，例如先通风、再检测、后作业。"),
    MATCHING: _("左边每一项配上右边的一项，可以放干扰项。"),
    HOTSPOT: _("给一张现场照片，让考生点出隐患在哪里。"),
    SHORT_ANSWER: _("考生写一段话，阅卷人对照要点给分。"),
    CASE: _("一段情境，下面几道小题，各用各的题型。"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A type to choose."""

    type: str
    label: str
    words: str
    drawing: str  # template with a small drawing


def cards() -> list[Card]:
    """All types, in their usual order."""
    return [
        Card(type_, str(QuestionType(type_).label), str(IN_WORDS[type_]), f"exams/bank/editing/art/{type_}.html")
        for type_ in TYPES
    ]


def editor_for(type_: str) -> Editor:
    """The editor of a type; raises KeyError for an unknown one."""
    return EDITORS[type_](type_)
