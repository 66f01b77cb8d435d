"""What the bank has in stock for a blueprint being written, and the questions to choose from by hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from exams.bank.models import Question, QuestionStatus, Topic
from exams.bank.queries import Filters
from exams.bank.queries import listed as listed_questions
from exams.papers.blueprint_forms import plain

FOUND = 20


@dataclass(frozen=True)
class Stock:
    """Questions that can be drawn on a day, by type and topic; a topic counts those below it."""

    counts: Mapping[tuple[str, int], int]
    children: Mapping[int, list[int]]

    def of(self, type_: str, topic_ids: Iterable[int]) -> int:
        """How many of a type there are in these topics; in all when none is named."""
        wanted = set(topic_ids)
        if not wanted:
            return sum(count for (kind, _), count in self.counts.items() if kind == type_)
        below = {child for topic in wanted for child in self.children.get(topic, ())}
        return sum(self.counts.get((type_, topic), 0) for topic in wanted | below)

    @property
    def table(self) -> dict[str, dict[str, int]]:
        """Type → topic id → how many, for the page's script."""
        table: dict[str, dict[str, int]] = defaultdict(dict)
        for kind in {kind for kind, _ in self.counts}:
            for topic in {topic for _, topic in self.counts} | set(self.children):
                count = self.of(kind, [topic])
                if count:
                    table[kind][str(topic)] = count
        return dict(table)


def stock_on(day: date, category_id: int | None = None) -> Stock:
    """The stock; two queries, however large the bank is."""
    usable = Question.objects.usable_on(day)
    if category_id is not None:
        usable = usable.filter(Q(categories__isnull=True) | Q(categories=category_id))
    rows = usable.order_by().values_list("type", "topic_id").annotate(n=Count("pk", distinct=True))
    children: dict[int, list[int]] = defaultdict(list)
    for pk, parent in Topic.objects.filter(parent__isnull=False).values_list("pk", "parent_id"):
        children[parent or 0].append(pk)
    return Stock({(kind, topic): n for kind, topic, n in rows}, dict(children))


def number_of(text: Any) -> int | None:
    """A row's id, None for anything that is none."""
    text = str(text)
    return int(text) if text.isdecimal() and len(text) < 11 else None


def questions_by_id(values: Iterable[Any]) -> dict[str, Question]:
    """Questions with their current version, by id as text; one query."""
    wanted = {number for number in map(number_of, values) if number is not None}
    rows = Question.objects.filter(pk__in=wanted).select_related("current", "topic") if wanted else ()
    return {str(row.pk): row for row in rows}


def usual_points(value: str) -> str | None:
    """What a published question is usually worth; None when there is no such question."""
    number = number_of(value)
    if number is None:
        return None
    row = Question.objects.filter(pk=number, status=QuestionStatus.PUBLISHED).select_related("current").first()
    return None if row is None or row.current is None else plain(row.current.default_points)


def pickable(text: str, type_: str, topic_id: int | None, *, on: date) -> list[Question]:
    """The first published questions with a code or stem like this, in force on a day; a constant number of queries."""
    filters = Filters(text=text, type=type_, status=QuestionStatus.PUBLISHED, topic_id=topic_id)
    usable = Question.objects.usable_on(on).values("pk")
    return list(listed_questions(filters).filter(pk__in=usable)[:FOUND])
