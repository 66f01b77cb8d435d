"""Making the exams of the town through the actions of `exams.papers`, and reading their papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from exams.attempts.actions import prepared_papers
from exams.attempts.grading import Item
from exams.bank.models import Topic
from exams.papers.actions import NotReady, assemble_exam, create_exam
from exams.papers.blueprint import SectionRow
from exams.papers.checks import blocking, publication_checks
from exams.papers.models import AssemblyMethod, Exam, ExamKind, PaperItem
from lms.organisations.models import Enterprise
from lms.people.models import User
from lms.regulations.queries import rule_values
from lms.town.audiences import exam_audience, post_audience
from lms.town.names import starter
from lms.town.sittings import Task
from lms.town.streams import Streams

PAPERS = 8
# The starter questions are few: four papers of one family share most of theirs.
MOST_OVERLAP = 80
MOCK_ATTEMPTS = 10
RULES = ["exam.pass_percent", "exam.minutes_in_house", "exam.attempts_allowed", "exam.min_criterion_percent"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An exam to be made."""

    subject: str
    title: str
    opens_at: datetime
    closes_at: datetime
    enterprise: Enterprise | None = None
    posts: tuple[str, ...] = ()
    prerequisite: bool = True
    method: AssemblyMethod = AssemblyMethod.DRAW
    all_types: bool = False
    mock: bool = False


def draft_exam(wanted: Wanted, streams: Streams, *, by: User, now: datetime) -> Exam:
    """A draft with the numbers of the rules and the blueprint of the subject."""
    rules = rule_values(RULES, on=wanted.opens_at.date())
    fields: dict[str, Any] = {
        "title": wanted.title,
        "subject": wanted.subject,
        "enterprise": wanted.enterprise,
        "opens_at": wanted.opens_at,
        "closes_at": wanted.closes_at,
        "minutes": int(rules["exam.minutes_in_house"]),
        "pass_percent": rules["exam.pass_percent"],
        "kind": ExamKind.MOCK if wanted.mock else ExamKind.IN_HOUSE,
        "attempts_allowed": MOCK_ATTEMPTS if wanted.mock else int(rules["exam.attempts_allowed"]),
        "min_criterion_percent": rules["exam.min_criterion_percent"],
        "prerequisite_subject": wanted.subject if wanted.prerequisite else "",
        "paper_count": PAPERS,
        "method": wanted.method,
        "max_overlap_percent": MOST_OVERLAP,
        "seed": streams.of("papers", wanted.title).getrandbits(62),
    }
    audience = exam_audience(wanted.subject)
    if wanted.enterprise and wanted.posts:
        audience = post_audience(wanted.enterprise, wanted.posts)
    sections = all_types_rows() if wanted.all_types else section_rows(wanted.subject)
    return create_exam(fields=fields, sections=sections, audiences=audience, by=by, now=now)


def section_rows(subject: str) -> list[SectionRow]:
    """The blueprint of a subject."""
    data = starter("examinations")
    names = data["subject"][subject]["topics"]
    topics = tuple(Topic.objects.filter(name__in=names).order_by("pk").values_list("pk", flat=True))
    return [SectionRow(type_, count, Decimal(points), topics) for type_, count, points in data["sections"]]


def all_types_rows() -> list[SectionRow]:
    """A blueprint with every type, from all topics."""
    return [SectionRow(type_, count, Decimal(points)) for type_, count, points in starter("examinations")["all_types"]]


def publish(exam: Exam, *, by: User, now: datetime) -> Exam:
    """Check and publish as the exam office does, without the detour over a job. Raises NotReady."""
    found = blocking(publication_checks(exam, now=now))
    if found:
        raise NotReady(found)
    assemble_exam(exam=exam, revision=exam.revision, by=by, now=now, progress=unheard)
    return exam


def unheard(done: int, total: int, message: str = "") -> None:
    """Progress that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A paper with what a sitting needs."""

    pk: int
    total_points: Decimal
    tasks: Sequence[Task]
    family: int

    @property
    def items(self) -> list[Item]:
        """What grading needs."""
        return [task.item for task in self.tasks]


def kits(exam: Exam, streams: Streams) -> list[Kit]:
    """The prepared papers of an exam by number."""
    rows: dict[int, list[Task]] = {}
    items = PaperItem.objects.filter(paper__exam=exam).select_related("version__question").order_by("paper", "position")
    for row in items:
        version = row.version
        ids = tuple(option["id"] for option in version.options)
        lures = [name for name in ids if name not in version.key]
        streams.of("lures", version.question.code).shuffle(lures)
        item = Item(row.position, version.type, version.key, row.points, version.pk)
        rows.setdefault(row.paper_id, []).append(Task(item, version.question.difficulty, ids, tuple(lures)))
    return [Kit(paper.pk, paper.total_points, rows[paper.pk], paper.family) for paper in prepared_papers(exam.pk)]


def fresh_kits(found: Sequence[Kit], used: Sequence[int]) -> list[Kit]:
    """The papers that share no question with those used by somebody before."""
    families = {kit.family for kit in found if kit.pk in used}
    return [kit for kit in found if kit.family not in families]
