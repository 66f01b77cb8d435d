"""What a correction would change, before anybody decides; and how each question of an exam went."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from exams.attempts.grading import Item, Score, corrected, open_parts
from exams.attempts.models import Answer, Attempt, AttemptStatus, OpenAnswer
from exams.attempts.scoring import items_in, verdict_on
from exams.bank.bodies import CASE, SHORT_ANSWER
from exams.bank.models import QuestionVersion
from exams.papers.correction_actions import CannotCorrect, corrected_key, standing_correction
from exams.papers.correction_models import Correction, CorrectionKind
from exams.papers.models import Exam, PaperItem


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """How one question of an exam went. `percent`: points earned of points possible; None when nobody answered yet."""

    version: QuestionVersion
    answers: int
    percent: int | None
    correction: Correction | None


def question_lines(exam: Exam) -> list[QuestionLine]:
    """The questions of an exam: corrected ones, then those that went worst, where wrong keys are; four queries."""
    places = {
        (paper, position): (version, points)
        for paper, position, version, points in PaperItem.objects.filter(paper__exam=exam).values_list(
            "paper_id", "position", "version_id", "points"
        )
    }
    answers: dict[int, int] = defaultdict(int)
    earned: dict[int, Decimal] = defaultdict(Decimal)
    possible: dict[int, Decimal] = defaultdict(Decimal)
    rows = Answer.objects.filter(
        attempt__exam=exam, attempt__status=AttemptStatus.SUBMITTED, points__isnull=False
    ).order_by()
    for paper, position, number, points in (
        rows.values("attempt__paper_id", "position")
        .annotate(number=Count("pk"), points_sum=Sum("points"))
        .values_list("attempt__paper_id", "position", "number", "points_sum")
    ):
        version, worth = places[paper, position]
        answers[version] += number
        earned[version] += points
        possible[version] += worth * number
    versions = QuestionVersion.objects.select_related("question").in_bulk({version for version, _ in places.values()})
    standing = {one.version_id: one for one in Correction.objects.filter(exam=exam).order_by("pk")}
    lines = [
        QuestionLine(version, answers[pk], percent(earned[pk], possible[pk]), standing.get(pk))
        for pk, version in versions.items()
    ]
    return sorted(
        lines, key=lambda line: (line.correction is None, line.percent is None, line.percent, line.version.pk)
    )


def percent(earned: Decimal, possible: Decimal) -> int | None:
    """Rounded; None without anything possible."""
    return round(earned * 100 / possible) if possible else None


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction does to one attempt. `after` None: people have to mark again."""

    attempt_id: int
    name: str
    enterprise: str
    number: int
    before: Score
    after: Score | None
    passed: bool
    passes: bool

    @property
    def verdict(self) -> str:
        """`gains`, `loses` or "": what becomes of the pass."""
        if self.passed == self.passes:
            return ""
        return "gains" if self.passes else "loses"


@dataclass(frozen=True, slots=True)
class Preview:
    """Who changes and how; `same` keep their score, `open` wait for marks, `writing` will be graded by it anyway."""

    changes: tuple[Change, ...]
    same: int
    open: int
    writing: int
    digest: str

    @property
    def gains(self) -> int:
        """Attempts that pass afterwards."""
        return sum(change.verdict == "gains" for change in self.changes)

    @property
    def loses(self) -> int:
        """Attempts that pass no longer."""
        return sum(change.verdict == "loses" for change in self.changes)


def preview(exam: Exam, version: QuestionVersion, kind: CorrectionKind) -> Preview:
    """What a correction would do to the attempts handed in so far; six queries at most, whatever their number.

    `digest` changes with everything that the preview shows: whoever confirms it confirms this. Raises CannotCorrect
    where there is no key to take.
    """
    places = items_now(exam, version.pk)
    source = corrected_key(version) if kind == CorrectionKind.KEY else None
    if kind == CorrectionKind.KEY and source is None:
        raise CannotCorrect("key")
    later = {paper: item_then(item, version, kind, source) for paper, item in places.items()}
    rows = list(answer_rows(exam, places))
    marks = marks_of(rows) if version.type in (SHORT_ANSWER, CASE) else {}
    changes, same, waiting = [], 0, 0
    for row in rows:
        if row["attempt__score"] is None:
            waiting += 1
            continue
        change = change_of(row, places[row["attempt__paper_id"]], later[row["attempt__paper_id"]], exam, marks)
        if change.after == change.before:
            same += 1
        else:
            changes.append(change)
    changes.sort(key=lambda change: (change.verdict == "", change.verdict != "loses", change.attempt_id))
    writing = Attempt.objects.filter(exam=exam, status=AttemptStatus.WRITING, paper_id__in=places).count()
    standing = standing_correction(exam, version.pk)
    digest = digest_of(changes, standing.pk if standing else 0, source.pk if source else 0, kind)
    return Preview(tuple(changes), same, waiting, writing, digest)


def items_now(exam: Exam, version_id: int) -> dict[int, Item]:
    """The place of a question in each paper that holds it, as it counts at present; one query."""
    return dict(items_in(PaperItem.objects.filter(paper__exam=exam, version_id=version_id)))


def item_then(item: Item, version: QuestionVersion, kind: CorrectionKind, source: QuestionVersion | None) -> Item:
    """The same place under another correction: it starts from what the paper says."""
    fresh = replace(item, key=version.key, correction=0, full=False, dropped=False)
    return corrected(fresh, -1, kind, source.key if source else None)


def answer_rows(exam: Exam, places: Mapping[int, Item]) -> Iterable[Any]:
    """The answers to the question in all attempts handed in; one query."""
    papers: dict[int, list[int]] = defaultdict(list)
    for paper, item in places.items():
        papers[item.position].append(paper)
    here = Q(pk__in=[])
    for position, ids in papers.items():
        here |= Q(position=position, attempt__paper_id__in=ids)
    rows = Answer.objects.filter(here, attempt__exam=exam, attempt__status=AttemptStatus.SUBMITTED)
    return rows.order_by("attempt_id").values(
        "pk", "response", "points", "attempt_id", "attempt__paper_id", "attempt__number", "attempt__score",
        "attempt__max_score", "attempt__passed",
        name=F("attempt__person__name"), enterprise=F("attempt__employment__enterprise__short_name"),
    )  # fmt: skip


def marks_of(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], Decimal | None]:
    """What people's marks come to, by answer and sub-question; one query."""
    found = OpenAnswer.objects.filter(answer__in=[row["pk"] for row in rows])
    return {(answer, part): points for answer, part, points in found.values_list("answer_id", "part", "points")}


def change_of(
    row: Mapping[str, Any], now: Item, then: Item, exam: Exam, marks: Mapping[tuple[int, str], Decimal | None]
) -> Change:
    """One attempt before and after."""
    before = Score(row["attempt__score"], row["attempt__max_score"])
    earned = verdict_on(then, row["response"], multiple_rule=exam.multiple_rule).earned
    given = [marks.get((row["pk"], part)) for part in open_parts(then, row["response"])]
    after = None
    if None not in given:
        points = sum((one for one in given if one is not None), earned)
        after = Score(before.earned - row["points"] + points, before.possible - now.worth + then.worth)
    return Change(
        attempt_id=row["attempt_id"],
        name=row["name"],
        enterprise=row["enterprise"] or "",
        number=row["attempt__number"],
        before=before,
        after=after,
        passed=bool(row["attempt__passed"]),
        passes=after is not None and after.reaches(exam.pass_percent),
    )


def digest_of(changes: Iterable[Change], *facts: object) -> str:
    """A name for exactly this preview."""
    lines = [f"{change.attempt_id} {change.before} {change.after}" for change in changes]
    return hashlib.sha256("\n".join([*map(str, facts), *lines]).encode()).hexdigest()[:32]
