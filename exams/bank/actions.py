"""Writing the bank: questions, versions, their way through review."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from exams.bank.bodies import stored
from exams.bank.models import (
    CodeCounter,
    CognitiveLevel,
    Question,
    QuestionPicture,
    QuestionStatus,
    QuestionVersion,
    Topic,
    VersionClause,
)
from exams.bank.problems import Problem
from exams.bank.search import index_versions
from exams.bank.soundness import content_problems
from exams.bank.states import AFTER_REVISION, NotAllowed, next_status
from exams.bank.wording import QuestionContent, fingerprint_of
from lms.audit.actions import record
from lms.kit.db import compare_and_set
from lms.people.models import User


class NotWhole(ValueError):
    """The content is no question; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.kind for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a question belongs: everything about it that is not content."""

    topic_id: int
    difficulty: int = 3
    cognitive: str = CognitiveLevel.UNDERSTAND
    industry_ids: tuple[int, ...] = ()
    category_ids: tuple[int, ...] = ()
    enemy_group: str = ""
    effective_from: date | None = None
    effective_to: date | None = None

    def fields(self) -> dict[str, Any]:
        """The columns of the question's own row."""
        return {
            "topic_id": self.topic_id,
            "difficulty": self.difficulty,
            "cognitive": self.cognitive,
            "enemy_group": self.enemy_group,
            "effective_from": self.effective_from,
            "effective_to": self.effective_to,
        }


@transaction.atomic
def load_topics(*, names: Iterable[str]) -> int:
    """Add the topics that are missing, in the order given; a name with · becomes a child of its first part.

    Returns the number added.
    """
    added = 0
    for position, name in enumerate(names, start=1):
        parent = None
        if "·" in name:
            parent, made = Topic.objects.get_or_create(name=name.split("·")[0], defaults={"position": position})
            added += made
        _, made = Topic.objects.get_or_create(name=name, defaults={"position": position, "parent": parent})
        added += made
    return added


def take_codes(count: int) -> list[str]:
    """The next question codes; call inside a transaction, the counter stays locked until it ends."""
    CodeCounter.objects.get_or_create(pk=1)
    counter = CodeCounter.objects.select_for_update().get(pk=1)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return [f"Q{number:06d}" for number in range(first, first + count)]


@transaction.atomic
def create_question(
    *, content: QuestionContent, filing: Filing, clause_ids: Iterable[int], by: User, now: datetime
) -> Question:
    """A new question with its first version, as a draft. Raises NotWhole."""
    insist_whole(content)
    question = Question.objects.create(
        code=take_codes(1)[0],
        type=content.type,
        author=by,
        stem_hash=fingerprint_of(content),
        created_at=now,
        changed_at=now,
        **filing.fields(),
    )
    file_question(question, filing)
    version = write_version(question, content, clause_ids, number=1, by=by, now=now)
    question.current = version
    question.save(update_fields=["current"])
    record(action="question.created", by=by, now=now, target=question, detail={"version": version.pk})
    return question


@transaction.atomic
def revise_question(
    *,
    question: Question,
    content: QuestionContent,
    filing: Filing,
    clause_ids: Iterable[int],
    expected_version_id: int,
    by: User,
    now: datetime,
) -> QuestionVersion:
    """Write a new version and send the question where revisions go; the old version stays as it was.

    Raises StaleState when somebody revised it first, NotWhole for a content that is no question.
    """
    insist_whole(content)
    last = question.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = write_version(question, content, clause_ids, number=last + 1, by=by, now=now)
    change: Mapping[str, Any] = {
        "current_id": version.pk,
        "status": AFTER_REVISION[question.status],
        "type": content.type,
        "author_id": by.pk,
        "reviewer_id": None,
        "stem_hash": fingerprint_of(content),
        "changed_at": now,
        **filing.fields(),
    }
    compare_and_set(question, expect={"current_id": expected_version_id, "status": question.status}, change=change)
    file_question(question, filing)
    record(action="question.revised", by=by, now=now, target=question, detail={"version": version.pk})
    return version


def submit_for_review(*, question: Question, by: User, now: datetime) -> None:
    """draft → review."""
    move(question, "submit", by=by, now=now, change={"returned_reason": ""})


def approve(*, question: Question, version_id: int, by: User, now: datetime) -> None:
    """review → published, by somebody else than the author of the version that was read (four eyes).

    Raises NotAllowed("own") for the author and StaleState when the version changed meanwhile.
    """
    author_id = question.versions.filter(pk=version_id).values_list("created_by_id", flat=True).first()
    if by.pk in (question.author_id, author_id):
        raise NotAllowed("own")
    move(
        question, "approve", by=by, now=now, expect={"current_id": version_id},
        change={"reviewer_id": by.pk, "returned_reason": ""},
    )  # fmt: skip


def return_question(*, question: Question, version_id: int, reason: str, by: User, now: datetime) -> None:
    """review → draft with a reason for the author. Raises NotAllowed("reason") without one."""
    if not reason.strip():
        raise NotAllowed("reason")
    change = {"returned_reason": reason.strip()[:300], "reviewer_id": None}
    move(question, "return", by=by, now=now, expect={"current_id": version_id}, change=change, reason=reason)


def retire(*, question: Question, reason: str, by: User, now: datetime) -> None:
    """Take a question out of new papers; papers that hold it keep it."""
    move(question, "retire", by=by, now=now, change={}, reason=reason)


@transaction.atomic
def move(
    question: Question,
    step: str,
    *,
    by: User,
    now: datetime,
    change: Mapping[str, Any],
    expect: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """One step of the transition table, by compare-and-set, with its audit entry."""
    target = next_status(question.status, step)
    compare_and_set(
        question,
        expect={"status": question.status, **(expect or {})},
        change={"status": QuestionStatus(target), "changed_at": now, **change},
    )
    record(
        action=f"question.{step}", by=by, now=now, target=question, reason=reason,
        detail={"version": question.current_id},
    )  # fmt: skip


def insist_whole(content: QuestionContent) -> None:
    """Refuse a content that is no question."""
    problems = content_problems(content)
    if problems:
        raise NotWhole(problems)


def file_question(question: Question, filing: Filing) -> None:
    """Industries and categories."""
    question.industries.set(filing.industry_ids)
    question.categories.set(filing.category_ids)


def write_version(
    question: Question, content: QuestionContent, clause_ids: Iterable[int], *, number: int, by: User, now: datetime
) -> QuestionVersion:
    """Freeze a content under the next number together with its clauses."""
    options, key = stored(content.body)
    version = QuestionVersion.objects.create(
        question=question,
        number=number,
        type=content.type,
        stem=content.stem,
        options=options,
        key=key,
        picture=picture_of(content),
        picture_alt=content.picture_alt,
        explanation=content.explanation,
        default_points=content.points,
        source=content.source,
        created_at=now,
        created_by=by,
    )
    VersionClause.objects.bulk_create(
        [VersionClause(version=version, clause_id=clause_id) for clause_id in dict.fromkeys(clause_ids)]
    )
    index_versions([version.pk])
    return version


def note_uses(version_ids: Iterable[int]) -> None:
    """Count the papers that hold questions: one version id for each place in a paper. Call when papers are stored."""
    places = Counter(version_ids)
    held: Counter[int] = Counter()
    for pk, question_id in QuestionVersion.objects.filter(pk__in=list(places)).values_list("pk", "question_id"):
        held[question_id] += places[pk]
    by_count: dict[int, list[int]] = {}
    for question_id, count in held.items():
        by_count.setdefault(count, []).append(question_id)
    for count, ids in by_count.items():
        Question.objects.filter(pk__in=ids).update(uses=F("uses") + count)


def picture_of(content: QuestionContent) -> QuestionPicture | None:
    """The stored picture of a content; raises QuestionPicture.DoesNotExist for a digest that is not stored."""
    return QuestionPicture.objects.get(digest=content.picture) if content.picture else None
