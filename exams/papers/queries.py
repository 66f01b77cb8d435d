"""Reading exams: who may see which, what a blueprint can be filled with, what the papers look like."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from django.db.models import Count, Prefetch, Q, QuerySet

from exams.bank.models import VersionClause
from exams.bank.queries import pool, topics_with_children
from exams.papers.assembly import Candidate, PaperSpec, SectionSpec
from exams.papers.models import BlueprintSection, Exam, ExamStatus, Paper, PaperItem
from lms.access.queries import Standing
from lms.access.roles import Role
from lms.coverage.models import RequirementCategory
from lms.organisations.models import Enterprise

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


def listed(standing: Standing, filters: ExamFilters) -> QuerySet[Exam]:
    """The office's list, newest window first, with what a row shows."""
    found = visible_exams(standing).select_related("enterprise", "assembly_job")
    if filters.text:
        found = found.filter(Q(title__icontains=filters.text) | Q(subject__icontains=filters.text))
    if filters.status in ExamStatus.values:
        found = found.filter(status=filters.status)
    return (
        found.prefetch_related("sections")
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


def spec_of(exam: Exam, *, seed: int, on: date) -> PaperSpec:
    """What the papers of an exam are drawn from, as the bank stands on a day."""
    specs: list[SectionSpec] = []
    wanted: set[int] = set()
    everything = False
    for section in sections_of(exam):
        topics = frozenset(topics_with_children(topic.pk for topic in section.topics.all()))
        everything |= not topics
        wanted |= topics
        specs.append(SectionSpec(section.type, section.count, section.points, topics))
    questions = pool(on=on, types={spec.type for spec in specs}, topic_ids=None if everything else wanted)
    return PaperSpec(
        sections=tuple(specs),
        pool=tuple(Candidate(q.version_id, q.type, q.topic_id, q.criterion, q.enemy_group) for q in questions),
        min_criterion_percent=exam.min_criterion_percent,
        paper_count=exam.paper_count,
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper in figures."""

    number: int
    questions: int
    points: Decimal
    criterion: int

    @property
    def criterion_percent(self) -> Decimal:
        """Share of criterion questions."""
        return Decimal(self.criterion * 100) / self.questions if self.questions else Decimal(0)


@dataclass(frozen=True, slots=True)
class PapersFacts:
    """All papers of an exam: exposure = papers that hold a question; overlap = questions two papers share."""

    papers: tuple[PaperFacts, ...]
    different_questions: int
    highest_exposure: int
    highest_overlap: int


def papers_facts(exam: Exam) -> PapersFacts:
    """Figures of the assembled papers; three queries."""
    rows = list(exam.papers.order_by("number").values_list("pk", "number", "total_points"))
    items = list(PaperItem.objects.filter(paper__exam=exam).values_list("paper_id", "version_id"))
    tested = set(
        VersionClause.objects.filter(version__in=[version for _, version in items]).values_list("version_id", flat=True)
    )
    held: dict[int, set[int]] = {pk: set() for pk, _, _ in rows}
    for paper_id, version_id in items:
        held[paper_id].add(version_id)
    exposure = Counter(version_id for _, version_id in items)
    return PapersFacts(
        papers=tuple(PaperFacts(number, len(held[pk]), points, len(held[pk] & tested)) for pk, number, points in rows),
        different_questions=len(exposure),
        highest_exposure=max(exposure.values(), default=0),
        highest_overlap=max((len(a & b) for a, b in combinations(held.values(), 2)), default=0),
    )


def paper_with_items(exam: Exam, number: int) -> Paper | None:
    """A paper with its questions and their clauses; four queries."""
    items = PaperItem.objects.select_related("version").prefetch_related("version__clauses").order_by("position")
    return exam.papers.filter(number=number).prefetch_related(Prefetch("items", queryset=items)).first()


def blueprint_total(sections: Sequence[BlueprintSection]) -> tuple[int, Decimal]:
    """Questions and points of one paper."""
    return sum(s.count for s in sections), sum((s.count * s.points for s in sections), Decimal(0))


def available(spec: PaperSpec) -> Iterator[int]:
    """Questions of the pool that fit each section."""
    for section in spec.sections:
        yield sum(section.takes(candidate) for candidate in spec.pool)
