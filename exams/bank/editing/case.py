"""Editor of cases: sub-questions, each with the editor of its type."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from exams.bank.bodies import (
    CASE,
    FILL_IN,
    MATCHING,
    MULTIPLE,
    ORDERING,
    PART_TYPES,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
    Case,
    Part,
    PartBody,
    plain,
)
from exams.bank.editing.editors import (
    ChoiceEditor,
    Editor,
    FillInEditor,
    MatchingEditor,
    OrderingEditor,
    ShortAnswerEditor,
    TruthEditor,
)
from exams.bank.editing.rows import Posted, Row, Rows, number_from
from exams.bank.editing.words import words_of
from exams.bank.models import QuestionType
from exams.bank.problems import Problem
from exams.bank.soundness import MOST_PARTS

PART_EDITORS: dict[str, type[Editor]] = {
    SINGLE: ChoiceEditor,
    MULTIPLE: ChoiceEditor,
    TRUE_FALSE: TruthEditor,
    FILL_IN: FillInEditor,
    ORDERING: OrderingEditor,
    MATCHING: MatchingEditor,
    SHORT_ANSWER: ShortAnswerEditor,
}
WHERE = re.compile(r"^\((\d+)\) (\S+)(?: (.*))?$", re.DOTALL)


@dataclass(slots=True)
class PartLine:
    """A sub-question on the page."""

    number: int
    row: Row
    editor: Editor

    @property
    def label(self) -> str:
        """The name of its type."""
        return str(QuestionType(self.editor.type).label)

    def part(self) -> Part:
        """The sub-question as typed."""
        body: PartBody = self.editor.body()  # type: ignore[assignment]
        points = number_from(self.row.values["points"]) if self.row.values["points"] else Decimal(1)
        return Part(f"p{self.number}", self.editor.type, self.row.values["stem"], body, points or Decimal(0))


class CaseEditor(Editor):
    """Sub-questions in their order."""

    template = "exams/bank/editing/_case.html"

    def __init__(self, type_: str = CASE, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.parts = Rows("part", ("type", "stem", "points"), most=MOST_PARTS, usual={"points": "1"}, breaks=True)
        self.editors: dict[str, Editor] = {}

    def sets(self) -> Sequence[Rows]:
        return (self.parts, *(rows for editor in self.editors.values() for rows in editor.sets()))

    @property
    def lines(self) -> list[PartLine]:
        """The sub-questions with their editors."""
        return [PartLine(n, row, self.editors[row.token]) for n, row in enumerate(self.parts, start=1)]

    @property
    def blanks(self) -> list[PartLine]:
        """A fresh sub-question of each type, for the script to clone."""
        found = []
        for type_ in PART_TYPES:
            row = self.parts.row("__part__", {"type": type_})
            editor = PART_EDITORS[type_](type_, row.prefix)
            editor.start()
            found.append(PartLine(0, row, editor))
        return found

    def fill(self, body: Case) -> None:
        self.parts.fill({"type": part.type, "stem": part.stem, "points": plain(part.points)} for part in body.parts)
        for row, part in zip(self.parts, body.parts, strict=True):
            self.give_editor(row).fill(part.body)

    def read(self, data: Posted) -> None:
        self.parts.read(data)
        self.parts.lines = [row for row in self.parts if row.values["type"] in PART_TYPES]
        for row in self.parts:
            self.give_editor(row).read(data)

    def give_editor(self, row: Row) -> Editor:
        """The editor of a sub-question's type."""
        type_ = row.values["type"]
        editor = self.editors[row.token] = PART_EDITORS[type_](type_, row.prefix)
        return editor

    def follow(self, stem: str) -> None:
        for line in self.lines:
            line.editor.follow(line.row.values["stem"])

    def act(self, verb: str, rows: Rows, argument: str) -> None:
        if rows is self.parts and verb == "add":
            row = rows.add({"type": argument}) if argument in PART_TYPES else None
            if row:
                self.give_editor(row).start()
            return
        owner = next((e for e in self.editors.values() if any(rows is own for own in e.sets())), None)
        (owner.act if owner else super().act)(verb, rows, argument)

    def body(self) -> Case:
        return Case(tuple(line.part() for line in self.lines))

    def check(self) -> None:
        if self.parts.too_many:
            super().check()
        for line in self.lines:
            line.editor.check()
            if line.row.values["points"] and number_from(line.row.values["points"]) is None:
                line.row.complain(_("分值要写成数字，例如 2 或 1.5。"), "points")

    def place(self, problem: Problem) -> None:
        match = WHERE.match(problem.value)
        if problem.column != "小题" or not match or not 1 <= int(match[1]) <= len(self.parts):
            self.complain(problem)
            return
        line = self.lines[int(match[1]) - 1]
        inner = Problem(problem.kind, match[2], match[3] or "")
        if inner.column == "题干":
            line.row.complain(words_of(inner, line.editor.type), "stem")
        elif inner.column == "分值":
            if "points" not in line.row.errors:
                line.row.complain(words_of(inner, line.editor.type), "points")
        else:
            line.editor.place(inner)

    @property
    def has_errors(self) -> bool:
        return super().has_errors or any(editor.has_errors for editor in self.editors.values())
