"""Reading the bank."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from exams.bank.bodies import body_from, texts_of
from exams.bank.importing import Catalogue
from exams.bank.models import (
    Question,
    QuestionImport,
    QuestionQuerySet,
    QuestionStatus,
    QuestionVersion,
    Topic,
    VersionClause,
)
from exams.bank.search import versions_with
from exams.bank.similarity import text_of
from lms.access.roles import EDITING_ROLES
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory, User

# The clause page type belongs to an app above this one: it is reached through the foreign key alone.
CLAUSE_MODEL = VersionClause._meta.get_field("clause")


class Sort(TextChoices):
    """Orders of the list."""

    NEWEST = "newest", _("最新录入")
    CODE = "code", _("题号")
    EASIEST = "easiest", _("由易到难")
    HARDEST = "hardest", _("由难到易")
    MOST_USED = "most_used", _("用得最多")


ORDERS = {
    Sort.NEWEST: ("-pk",),
    Sort.CODE: ("code",),
    Sort.EASIEST: ("difficulty", "pk"),
    Sort.HARDEST: ("-difficulty", "-pk"),
    Sort.MOST_USED: ("-uses", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is limited to; empty or None means all.

    `quarantined_on`, `expired_on`, `effective_on`: the day asked about. `used`: "never" or "used". `picture`: with
    one or without.
    """

    text: str = ""
    type: str = ""
    status: str = ""
    topic_id: int | None = None
    industry_id: int | None = None
    clause: str = ""
    category_id: int | None = None
    difficulty_from: int | None = None
    difficulty_to: int | None = None
    cognitive: str = ""
    author_id: int | None = None
    picture: bool | None = None
    used: str = ""
    enemy_group: str = ""
    effective_on: date | None = None
    quarantined_on: date | None = None
    expired_on: date | None = None
    sort: str = Sort.NEWEST


@dataclass(frozen=True, slots=True)
class ClauseChoice:
    """A clause that a question can test."""

    id: int
    code: str
    article: str
    rule: str


def clause_pages() -> QuerySet[Any]:
    """All live clauses of hazard standards, in order of their codes."""
    model: Any = CLAUSE_MODEL.related_model
    return model.objects.filter(live=True).order_by("code")


def clause_choices() -> list[ClauseChoice]:
    """Clauses for forms and previews; one query."""
    return [ClauseChoice(*row) for row in clause_pages().values_list("pk", "code", "article", "rule")]


def count_by_clause(clause_ids: Iterable[int]) -> dict[int, int]:
    """How many published questions test each of the clauses (absent: none); one query."""
    links = VersionClause.objects.filter(
        clause_id__in=list(clause_ids),
        version__question__status=QuestionStatus.PUBLISHED,
        version__question__current_id=F("version_id"),
    )
    return {row["clause_id"]: row["n"] for row in links.values("clause_id").annotate(n=Count("pk")).order_by()}


def matching(filters: Filters) -> QuestionQuerySet:
    """The questions that the filters let through, in the order asked for; nothing joined to them."""
    found = searched(Question.objects.filter(**plain_conditions(filters)), filters)
    if filters.topic_id:
        found = found.filter(topic__in=topics_with_children([filters.topic_id]))
    if filters.industry_id:
        found = found.filter(industries=filters.industry_id)
    if filters.category_id:
        found = found.filter(categories=filters.category_id)
    if filters.clause:
        links = VersionClause.objects.filter(clause__code=filters.clause)
        found = found.filter(current__in=links.values("version"))
    if filters.picture is not None:
        pictured = QuestionVersion.objects.filter(picture__isnull=False).values("pk")
        found = found.filter(current__in=pictured) if filters.picture else found.exclude(current__in=pictured)
    if filters.effective_on:
        found = found.effective_on(filters.effective_on)
    if filters.quarantined_on:
        found = found.quarantined_on(filters.quarantined_on)
    return found.order_by(*ORDERS.get(Sort(filters.sort), ORDERS[Sort.NEWEST]))


def searched(questions: QuestionQuerySet, filters: Filters) -> QuestionQuerySet:
    """Those with the words and the status asked for."""
    if not filters.text:
        return questions.filter(status=filters.status) if filters.status else questions
    versions = versions_with(filters.text)
    if versions is None:
        return questions.none()
    # Most questions have one status: beside a text its index is the slower way in, so it is not offered.
    others = [status for status in QuestionStatus.values if filters.status not in ("", status)]
    return questions.filter(current__in=versions).exclude(status__in=others)


def plain_conditions(filters: Filters) -> dict[str, Any]:
    """What is asked of the question's own columns."""
    asked: dict[str, Any] = {
        "type": filters.type,
        "difficulty__gte": filters.difficulty_from,
        "difficulty__lte": filters.difficulty_to,
        "cognitive": filters.cognitive,
        "author": filters.author_id,
        "enemy_group": filters.enemy_group,
        "effective_to__lt": filters.expired_on,
    }
    conditions = {name: value for name, value in asked.items() if value}
    if filters.used:
        conditions["uses" if filters.used == "never" else "uses__gt"] = 0
    return conditions


def listed(filters: Filters) -> QuerySet[Question]:
    """The bank's list with everything a row shows."""
    return with_row(matching(filters))


def with_row(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Loads with questions what a row of a list shows."""
    return questions.select_related("topic", "current", "author").prefetch_related("current__clauses", "industries")


def in_order(ids: Sequence[int]) -> list[Question]:
    """These questions in this order, with what a row shows."""
    found = {question.pk: question for question in with_row(Question.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


def quarantined_among(ids: Sequence[int], *, on: date) -> set[int]:
    """Which of these questions are quarantined on a day; one query."""
    links = VersionClause.objects.out_of_force_on(on).filter(version__question__in=ids)
    return set(links.filter(version__question__current=F("version")).values_list("version__question_id", flat=True))


def writers(*, except_for: int) -> list[tuple[int, str]]:
    """Who writes and reviews questions, for a select."""
    people = User.objects.filter(role_assignments__role__in=EDITING_ROLES).exclude(pk=except_for)
    return list(people.order_by("name", "pk").values_list("pk", "name").distinct())


def enemy_groups() -> list[str]:
    """Names of the groups in use."""
    named = Question.objects.exclude(enemy_group="").order_by("enemy_group")
    return list(named.values_list("enemy_group", flat=True).distinct())


def figures() -> dict[str, int]:
    """Questions by status; one query."""
    rows = Question.objects.order_by().values("status").annotate(n=Count("pk"))
    return {str(row["status"]): row["n"] for row in rows}


def reviewable_by(person_id: int) -> QuerySet[Question]:
    """Questions in review that this person did not write, oldest first."""
    waiting = Question.objects.filter(status=QuestionStatus.REVIEW).order_by("pk")
    return waiting.filter(~Q(author_id=person_id) | Q(author__isnull=True))


def topic_choices() -> list[tuple[int, str]]:
    """Topics for selects."""
    return list(Topic.objects.values_list("pk", "name"))


def catalogue() -> Catalogue:
    """What an imported row may refer to; five queries."""
    industries: dict[str, int] = {}
    for pk, code, name in Industry.objects.values_list("pk", "code", "name"):
        industries[code] = industries[name] = pk
    categories: dict[str, int] = {}
    for pk, code, name in PersonnelCategory.objects.values_list("pk", "code", "name"):
        categories[code] = categories[name] = pk
    known = Question.objects.exclude(status=QuestionStatus.RETIRED).values_list("stem_hash", "code")
    return Catalogue(
        topics=dict(Topic.objects.values_list("name", "pk")),
        industries=industries,
        clauses={code.lower(): pk for pk, code in clause_pages().values_list("pk", "code")},
        categories=categories,
        known=dict(known.iterator(chunk_size=5000)),
    )


def comparable_texts(*, other_than: QuestionImport | None = None) -> Iterator[tuple[str, str]]:
    """Code and comparable text of every question that is not retired, nor from this import."""
    found = Question.objects.exclude(status=QuestionStatus.RETIRED).filter(current__isnull=False)
    if other_than is not None:
        found = found.filter(~Q(imported_in=other_than) | Q(imported_in__isnull=True))
    rows = found.values_list("code", "type", "current__stem", "current__options", "current__key")
    for code, type_, stem, options, key in rows.order_by("pk").iterator(chunk_size=2000):
        yield code, text_of(stem, texts_of(body_from(type_, options, key)))


def expired(*, on: date) -> QuerySet[Question]:
    """Published questions beyond the last day that they were meant for."""
    return Question.objects.filter(status=QuestionStatus.PUBLISHED, effective_to__lt=on)


def codes_with_fingerprint(fingerprint: str, *, other_than: int | None = None) -> list[str]:
    """Codes of questions in the bank that say the same."""
    found = Question.objects.filter(stem_hash=fingerprint).exclude(status=QuestionStatus.RETIRED)
    if other_than is not None:
        found = found.exclude(pk=other_than)
    return list(found.values_list("code", flat=True)[:3])


def versions_of(question: Question) -> list[QuestionVersion]:
    """All versions, newest first, with their clauses."""
    return list(question.versions.select_related("created_by").prefetch_related("clauses").order_by("-number"))


def topics_with_children(topic_ids: Iterable[int]) -> set[int]:
    """The topics given and everything below them."""
    wanted = set(topic_ids)
    return wanted | set(Topic.objects.filter(parent_id__in=wanted).values_list("pk", flat=True))
