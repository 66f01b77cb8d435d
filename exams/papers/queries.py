"""Reading exams: who may see which, what a blueprint can be filled with, what the papers look like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from exams.bank.models import Question, QuestionType, Topic, VersionClause
from exams.papers.blueprint import Blueprint, FixedRow, SectionRow, ShareRow
from exams.papers.models import AssemblyMethod, BlueprintSection, Exam, ExamKind, ExamStatus, Paper, PaperItem
from exams.papers.reasons import Names
from exams.papers.spec import GRADE, Candidate, PaperSpec, SectionSpec, ShareSpec, graded
from lms.access.queries import Standing
from lms.access.roles import Role
from lms.coverage.models import RequirementCategory
from lms.organisations.models import Enterprise, Industry

# Who makes exams for the whole town.
TOWN_ROLES = (Role.TOWN_SUPERVISOR, Role.REVIEWER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class ExamFilters:
    """What the list is limited to; empty means all."""

    text: str = ""
    status: str = ""


def managed_exams(standing: Standing) -> QuerySet[Exam]:
    """Exams that somebody may change: one's own enterprise's; the town's for those who make them."""
    if standing.holds(Role.ADMINISTRATOR):
        return Exam.objects.all()
    mine = Q(enterprise_id__in=standing.scope.enterprise_ids)
    return Exam.objects.filter(mine | Q(enterprise__isnull=True) if standing.holds(*TOWN_ROLES) else mine)


def visible_exams(standing: Standing) -> QuerySet[Exam]:
    """Exams that somebody may look at: those managed, and those of the enterprises supervised."""
    seen = Q(pk__in=managed_exams(standing).values("pk"))
    return Exam.objects.filter(seen | Q(enterprise__in=Enterprise.objects.within(standing.scope).values("pk")))


def host_enterprises(standing: Standing) -> QuerySet[Enterprise]:
    """Enterprises for which somebody may make an exam."""
    if standing.holds(Role.ADMINISTRATOR):
        return Enterprise.objects.all()
    return Enterprise.objects.filter(pk__in=standing.scope.enterprise_ids)


def audience_places(standing: Standing) -> QuerySet[Enterprise]:
    """Enterprises that an audience may name; reviewers, who have no region, may name all."""
    if standing.holds(Role.REVIEWER):
        return Enterprise.objects.all()
    return Enterprise.objects.within(standing.scope)


def rehearsable_exams(standing: Standing, exam: Exam | None) -> QuerySet[Exam]:
    """Exams that a mock exam may rehearse: those that one manages and that are not over; the one chosen stays."""
    found = managed_exams(standing).exclude(kind=ExamKind.MOCK)
    open_ones = ~Q(status=ExamStatus.CLOSED)
    if exam is not None:
        found = found.exclude(pk=exam.pk)
        open_ones |= Q(pk__in=[exam.rehearses_id])
    return found.filter(open_ones).order_by("-opens_at", "-pk")


def listed(standing: Standing, filters: ExamFilters) -> QuerySet[Exam]:
    """The office's list, newest window first, with what a row shows."""
    found = visible_exams(standing).select_related("enterprise", "assembly_job")
    if filters.text:
        found = found.filter(Q(title__icontains=filters.text) | Q(subject__icontains=filters.text))
    if filters.status in ExamStatus.values:
        found = found.filter(status=filters.status)
    return (
        found.prefetch_related("sections", "fixed_questions")
        .annotate(papers_made=Count("papers", distinct=True))
        .order_by("-opens_at", "-pk")
    )


def known_subjects() -> list[str]:
    """Subject codes that requirements or other exams use, to choose from."""
    wanted = set(Exam.objects.order_by().values_list("subject", flat=True).distinct())
    for subjects in RequirementCategory.objects.values_list("subjects", flat=True):
        wanted.update(subjects)
    return sorted(filter(None, wanted))


def sections_of(exam: Exam) -> list[BlueprintSection]:
    """The blueprint in order, topics loaded."""
    return list(exam.sections.prefetch_related("topics").order_by("position"))


def blueprint_of(exam: Exam, *, on: date) -> Blueprint:
    """The blueprint of a saved exam for papers used on a day; four queries."""
    fixed = exam.method == AssemblyMethod.FIXED
    return Blueprint(
        method=exam.method,
        sections=()
        if fixed
        else tuple(
            SectionRow(row.type, row.count, row.points, tuple(topic.pk for topic in row.topics.all()))
            for row in sections_of(exam)
        ),
        shares=tuple(
            ShareRow(*row)
            for row in exam.shares.order_by("pk").values_list("topic_id", "industry_id", "min_percent", "max_percent")
        ),
        fixed=tuple(
            FixedRow(*row) for row in exam.fixed_questions.order_by("position").values_list("question_id", "points")
        )
        if fixed
        else (),
        min_criterion_percent=exam.min_criterion_percent,
        paper_count=1 if fixed else exam.paper_count,
        on=on,
        category_id=exam.category_id,
        target_difficulty=exam.target_difficulty,
        difficulty_tolerance=exam.difficulty_tolerance,
        max_overlap_percent=exam.max_overlap_percent,
        max_exposure_percent=exam.max_exposure_percent,
        fresh_attempts=exam.fresh_attempts,
        attempts_allowed=exam.attempts_allowed,
    )


def spec_for(blueprint: Blueprint, *, seed: int) -> PaperSpec:
    """What the papers of a blueprint are made from, as the bank stands; at most four queries.

    A fixed paper has one section for each of its questions that can be used, in order.
    """
    children = topics_below(all_topics(blueprint))
    common: dict[str, Any] = {
        "min_criterion_percent": blueprint.min_criterion_percent, "paper_count": blueprint.paper_count, "seed": seed,
        "method": blueprint.method, "families": blueprint.families,
    }  # fmt: skip
    if blueprint.method == AssemblyMethod.FIXED:
        return PaperSpec(**fixed_parts(blueprint), **common)
    sections = tuple(
        SectionSpec(row.type, row.count, row.points, whole_branches(row.topic_ids, children))
        for row in blueprint.sections
    )
    usable = Question.objects.usable_on(blueprint.on).filter(type__in={section.type for section in sections})
    if all(section.topic_ids for section in sections):
        usable = usable.filter(topic_id__in=frozenset().union(*(section.topic_ids for section in sections)))
    if blueprint.category_id is not None:
        usable = usable.filter(Q(categories__isnull=True) | Q(categories=blueprint.category_id))
    pool = tuple(candidates(usable, blueprint.shares).values())
    if blueprint.method != AssemblyMethod.PARALLEL:
        return PaperSpec(sections=sections, pool=pool, **common)
    target = blueprint.target_difficulty
    return PaperSpec(
        sections=sections,
        pool=pool,
        shares=tuple(
            ShareSpec(row.min_percent, row.max_percent, whole_branches(topics_named(row), children), row.industry_id)
            for row in blueprint.shares
        ),
        target=None if target is None else int(target * GRADE),
        tolerance=int(blueprint.difficulty_tolerance * GRADE),
        max_overlap_percent=blueprint.max_overlap_percent,
        max_exposure_percent=blueprint.max_exposure_percent,
        **common,
    )


def topics_named(row: SectionRow | ShareRow) -> tuple[int, ...]:
    """The topics that a row names itself."""
    if isinstance(row, SectionRow):
        return row.topic_ids
    return () if row.topic_id is None else (row.topic_id,)


def all_topics(blueprint: Blueprint) -> set[int]:
    """Every topic that a blueprint names."""
    rows: list[SectionRow | ShareRow] = [*blueprint.sections, *blueprint.shares]
    return {pk for row in rows for pk in topics_named(row)}


def topics_below(topic_ids: set[int]) -> dict[int, list[int]]:
    """The children of topics; one query, none without topics."""
    below: dict[int, list[int]] = {}
    if topic_ids:
        for pk, parent in Topic.objects.filter(parent_id__in=topic_ids).values_list("pk", "parent_id"):
            below.setdefault(parent or 0, []).append(pk)
    return below


def whole_branches(topic_ids: Iterable[int], children: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """Topics with everything below them."""
    return frozenset(pk for topic in topic_ids for pk in (topic, *children.get(topic, ())))


def fixed_parts(blueprint: Blueprint) -> dict[str, Any]:
    """Sections and pool of a fixed paper: those of its questions that can be used, each in a section of its own."""
    usable = Question.objects.usable_on(blueprint.on).filter(pk__in=[row.question_id for row in blueprint.fixed])
    found = candidates(usable, ())
    rows = [row for row in blueprint.fixed if row.question_id in found]
    return {
        "sections": tuple(SectionSpec(found[row.question_id].type, 1, row.points) for row in rows),
        "pool": tuple(found[row.question_id] for row in rows),
    }


def candidates(usable: QuerySet[Question], shares: Sequence[ShareRow]) -> dict[int, Candidate]:
    """The current versions of questions by question id, in order of their versions; two queries, three when shares
    name industries."""
    tested = VersionClause.objects.filter(version__in=usable.order_by().values("current_id"))
    criterion = set(tested.values_list("version_id", flat=True))
    named = {row.industry_id for row in shares if row.industry_id is not None}
    industries: dict[int, list[int]] = {}
    if named:
        links = Question.industries.through.objects.filter(industry_id__in=named).order_by("industry_id")
        for question_id, industry_id in links.values_list("question_id", "industry_id"):
            industries.setdefault(question_id, []).append(industry_id)
    columns = ("pk", "current_id", "type", "topic_id", "enemy_group", "difficulty", "measured_difficulty")
    return {
        pk: Candidate(
            version, kind, topic, version in criterion, enemy, graded(prior, measured), tuple(industries.get(pk, ()))
        )
        for pk, version, kind, topic, enemy, prior, measured in usable.order_by("current_id").values_list(*columns)
    }


def names_for(blueprint: Blueprint) -> Names:
    """What the topics and industries of a blueprint are called; two queries at most."""
    topics = all_topics(blueprint)
    industries = {row.industry_id for row in blueprint.shares if row.industry_id is not None}
    return Names(
        topics=dict(Topic.objects.filter(pk__in=topics).values_list("pk", "name")) if topics else {},
        industries=dict(Industry.objects.filter(pk__in=industries).values_list("pk", "name")) if industries else {},
    )


def paper_with_items(exam: Exam, number: int) -> Paper | None:
    """A paper with its questions and their clauses; four queries."""
    items = (
        PaperItem.objects.select_related("version__picture", "correction__source")
        .prefetch_related("version__clauses")
        .order_by("position")
    )
    return exam.papers.filter(number=number).prefetch_related(Prefetch("items", queryset=items)).first()


def has_written_answers(exam: Exam) -> bool:
    """Whether the papers hold questions that people mark."""
    by_people = (QuestionType.SHORT_ANSWER, QuestionType.CASE)
    return PaperItem.objects.filter(paper__exam=exam, version__type__in=by_people).exists()


def blueprint_total(sections: Sequence[BlueprintSection | SectionRow]) -> tuple[int, Decimal]:
    """Questions and points of one paper."""
    return sum(s.count for s in sections), sum((s.count * s.points for s in sections), Decimal(0))
