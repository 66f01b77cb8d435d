"""Editors of the simple types: from a body to fields, from fields to a body, problems to their fields."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from exams.bank.bodies import (
    FALSE,
    TRUE,
    TRUE_FALSE,
    Body,
    Choice,
    FillIn,
    Matching,
    Ordering,
    RubricPoint,
    ShortAnswer,
    Truth,
    options_from,
    plain,
)
from exams.bank.editing.rows import Posted, Row, Rows, number_from
from exams.bank.editing.words import words_of
from exams.bank.problems import Problem, ProblemKind
from exams.bank.responses import RANGE, blanks_in
from exams.bank.soundness import MOST_BLANKS, MOST_PAIRS, MOST_RUBRIC, MOST_STEPS
from exams.bank.wording import LETTERS, letter_of

SEPARATORS = re.compile(r"[|｜\n]")
LETTERED = re.compile(r"^选项([A-J])$")


class Editor:
    """The fields of one body. `errors` belong to the whole group of fields."""

    template: ClassVar[str]

    def __init__(self, type_: str, prefix: str = "") -> None:
        self.type, self.prefix = type_, prefix
        self.errors: list[str] = []

    def sets(self) -> Sequence[Rows]:
        """All sets of rows that buttons may act on."""
        return ()

    def start(self) -> None:
        """The fields of a new question."""

    def fill(self, body: Any) -> None:
        """The fields of a stored body."""
        raise NotImplementedError

    def read(self, data: Posted) -> None:
        """The fields as posted."""
        raise NotImplementedError

    def body(self) -> Body:
        """What was typed, whole or not."""
        raise NotImplementedError

    def follow(self, stem: str) -> None:
        """Fit the fields to the stem."""

    def act(self, verb: str, rows: Rows, argument: str) -> None:
        """What a button asks for."""
        if verb == "add":
            rows.add()
        else:
            rows.act(verb, argument)

    def check(self) -> None:
        """What only the fields can know: text where a number belongs, more rows than there is room for."""
        if any(rows.too_many for rows in self.sets()):
            self.complain(Problem(ProblemKind.TOO_MANY, "选项"))

    def place(self, problem: Problem) -> None:
        """Show a problem where it is."""
        self.complain(problem)

    def complain(self, problem: Problem, row: Row | None = None, column: str = "") -> None:
        """Note a problem beside a row, or beside the whole group."""
        words = words_of(problem, self.type)
        if row is not None:
            row.complain(words, column)
        elif words not in self.errors:
            self.errors.append(words)

    def lettered(self, problem: Problem, lines: Sequence[Row]) -> Row | None:
        """The row of a problem of column 选项B."""
        match = LETTERED.match(problem.column)
        place = LETTERS.index(match[1]) if match else len(lines)
        return lines[place] if place < len(lines) else None

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.errors) or any(row.errors for rows in self.sets() for row in rows)


class ChoiceEditor(Editor):
    """Options with ticks for the key; `ticked` are tokens."""

    template = "exams/bank/editing/_choice.html"

    def __init__(self, type_: str, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.options = Rows(f"{prefix}option", ("text",), most=len(LETTERS))
        self.ticked: set[str] = set()

    def sets(self) -> Sequence[Rows]:
        return (self.options,)

    def start(self) -> None:
        self.options.fill([{}] * 4)

    def fill(self, body: Choice) -> None:
        self.options.fill({"text": option.text} for option in body.options)
        places = {option.id: str(n) for n, option in enumerate(body.options, start=1)}
        self.ticked = {places[name] for name in body.key if name in places}

    def read(self, data: Posted) -> None:
        self.options.read(data)
        self.ticked = set(data.getlist(f"{self.prefix}key"))

    def body(self) -> Choice:
        ids = [f"o{n}" for n, row in enumerate(self.options, start=1) if row.token in self.ticked]
        return Choice(options_from(self.options.column("text")), tuple(ids))

    def place(self, problem: Problem) -> None:
        self.complain(problem, self.lettered(problem, self.options.lines))

    @property
    def lines(self) -> list[tuple[str, Row, bool]]:
        """Letter, row and whether it is ticked."""
        return [(letter_of(n), row, row.token in self.ticked) for n, row in enumerate(self.options)]


class TruthEditor(Editor):
    """Right or wrong."""

    template = "exams/bank/editing/_truth.html"

    def __init__(self, type_: str = TRUE_FALSE, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.truth = ""

    def fill(self, body: Truth) -> None:
        self.truth = body.key

    def read(self, data: Posted) -> None:
        typed = data.get(f"{self.prefix}truth") or ""
        self.truth = typed if typed in (TRUE, FALSE) else ""

    def body(self) -> Truth:
        return Truth(self.truth)


class FillInEditor(Editor):
    """For each blank a line of accepted forms, divided by |."""

    template = "exams/bank/editing/_fill_in.html"

    def __init__(self, type_: str, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.blanks = Rows(f"{prefix}blank", ("forms",), most=MOST_BLANKS, breaks=True)
        self.wanted = 0

    def sets(self) -> Sequence[Rows]:
        return (self.blanks,)

    def start(self) -> None:
        self.blanks.fill([{}])

    def fill(self, body: FillIn) -> None:
        self.blanks.fill({"forms": " | ".join(forms)} for forms in body.blanks)

    def read(self, data: Posted) -> None:
        self.blanks.read(data)

    def follow(self, stem: str) -> None:
        self.wanted = min(blanks_in(stem), MOST_BLANKS)
        while len(self.blanks) < self.wanted:
            self.blanks.add()

    def body(self) -> FillIn:
        lines = self.blanks.without_blank_end(at_least=self.wanted)
        return FillIn(tuple(forms_in(row.values["forms"]) for row in lines))

    def place(self, problem: Problem) -> None:
        empty = [
            row for row in self.blanks.without_blank_end(at_least=self.wanted) if not forms_in(row.values["forms"])
        ]
        if problem.kind == ProblemKind.BLANK_ANSWER and empty:
            for row in empty:
                self.complain(problem, row)
        else:
            self.complain(problem)

    def check(self) -> None:
        super().check()
        for row in self.blanks:
            for form in forms_in(row.values["forms"]):
                match = RANGE.match(form)
                if match and match[2] == ".." and Decimal(match[1]) > Decimal(match[3]):
                    row.complain(_("范围 %(form)s 的前一个数比后一个大。") % {"form": form})


def forms_in(text: str) -> tuple[str, ...]:
    """The accepted forms of a line, each once."""
    return tuple(dict.fromkeys(form.strip() for form in SEPARATORS.split(text) if form.strip()))


class OrderingEditor(Editor):
    """Steps in their right order."""

    template = "exams/bank/editing/_ordering.html"

    def __init__(self, type_: str, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.steps = Rows(f"{prefix}step", ("text",), most=MOST_STEPS)

    def sets(self) -> Sequence[Rows]:
        return (self.steps,)

    def start(self) -> None:
        self.steps.fill([{}] * 4)

    def fill(self, body: Ordering) -> None:
        self.steps.fill({"text": text} for text in body.steps)

    def read(self, data: Posted) -> None:
        self.steps.read(data)

    def body(self) -> Ordering:
        return Ordering(tuple(self.steps.column("text", self.steps.without_blank_end())))

    def place(self, problem: Problem) -> None:
        self.complain(problem, self.lettered(problem, self.steps.lines))


class MatchingEditor(Editor):
    """Pairs, and targets that belong to none."""

    template = "exams/bank/editing/_matching.html"

    def __init__(self, type_: str, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.pairs = Rows(f"{prefix}pair", ("prompt", "target"), most=MOST_PAIRS)
        self.lures = Rows(f"{prefix}lure", ("text",), most=MOST_PAIRS)

    def sets(self) -> Sequence[Rows]:
        return (self.pairs, self.lures)

    def start(self) -> None:
        self.pairs.fill([{}] * 3)
        self.lures.fill([{}])

    def fill(self, body: Matching) -> None:
        self.pairs.fill({"prompt": prompt, "target": target} for prompt, target in body.pairs)
        self.lures.fill({"text": text} for text in body.lures)

    def read(self, data: Posted) -> None:
        self.pairs.read(data)
        self.lures.read(data)

    def body(self) -> Matching:
        pairs = [(row.values["prompt"], row.values["target"]) for row in self.pairs.without_blank_end()]
        return Matching(tuple(pairs), tuple(text for text in self.lures.column("text") if text))

    def place(self, problem: Problem) -> None:
        row = self.lettered(problem, self.pairs.lines)
        if row is None and problem.kind == ProblemKind.SAME_OPTIONS:
            sides = [*((row, row.values["target"]) for row in self.pairs), *((r, r.values["text"]) for r in self.lures)]
            row = next((found for found, text in sides if text == problem.value), None)
        self.complain(problem, row)


class ShortAnswerEditor(Editor):
    """The points that an answer is expected to make, with weights."""

    template = "exams/bank/editing/_short_answer.html"

    def __init__(self, type_: str, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.points = Rows(f"{prefix}point", ("text", "weight"), most=MOST_RUBRIC)

    def sets(self) -> Sequence[Rows]:
        return (self.points,)

    def start(self) -> None:
        self.points.fill([{"weight": "1"}] * 3)

    def fill(self, body: ShortAnswer) -> None:
        self.points.fill({"text": point.text, "weight": plain(point.weight)} for point in body.rubric)

    def read(self, data: Posted) -> None:
        self.points.read(data)

    def written(self) -> list[Row]:
        """Rows that say something."""
        return [row for row in self.points if row.values["text"]]

    def body(self) -> ShortAnswer:
        return ShortAnswer(
            tuple(
                RubricPoint(row.values["text"], weight_from(row.values["weight"]) or Decimal(0))
                for row in self.written()
            )
        )

    def check(self) -> None:
        super().check()
        for row in self.written():
            if weight_from(row.values["weight"]) is None:
                row.complain(_("权重要写成数字，例如 2 或 1.5。"), "weight")

    def place(self, problem: Problem) -> None:
        named = problem.kind == ProblemKind.BAD_POINTS
        row = next((r for r in self.written() if named and r.values["text"] == problem.value and not r.errors), None)
        if row is None and named and any(r.errors for r in self.written()):
            return  # already said that it is no number
        self.complain(problem, row, "weight" if row else "")


def weight_from(text: str) -> Decimal | None:
    """A weight; empty counts one."""
    return number_from(text) if text else Decimal(1)
