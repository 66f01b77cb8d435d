"""Whether the clauses that questions test are in force: read from the standard's versions, never stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, F, QuerySet

from exams.bank.models import Question, QuestionStatus, VersionClause

SAME_PLACE = 2  # of `kinship`
WITHDRAWN, LAPSED, NOT_YET = "withdrawn", "lapsed", "not_yet"


@dataclass(frozen=True, slots=True)
class ClauseStanding:
    """A clause with the version of the standard that it belongs to.

    `why`: "" while it is in force, withdrawn, lapsed or not_yet. `since`: the first day on which it was not in force
    (lapsed) or will be (not_yet).
    """

    id: int
    code: str
    article: str
    rule: str
    standard: str
    standard_path: str
    why: str
    since: date | None

    @property
    def suffix(self) -> str:
        """The code without that of the version: gm10-13-02 → 13-02."""
        return self.code.partition("-")[2]


def clause_model() -> Any:
    """The clause page type belongs to an app above this one: it is reached through the foreign key alone."""
    return VersionClause._meta.get_field("clause").related_model


def standings(clauses: QuerySet[Any], *, on: date) -> list[ClauseStanding]:
    """How these clauses stand on a day; two queries."""
    version_model = apps.get_model("content", "StandardVersionPage")
    columns = ("path", "title", "number", "effective_from", "effective_to")
    versions = {row[0]: row for row in version_model._default_manager.values_list(*columns)}
    rows = clauses.order_by("code").values_list("pk", "code", "article", "rule", "path", "live")
    return [standing(row, versions, on) for row in rows]


def standing(row: tuple[Any, ...], versions: Mapping[str, tuple[Any, ...]], on: date) -> ClauseStanding:
    """One clause; `versions` by their path, which the clause's begins with."""
    pk, code, article, rule, path, live = row
    above = next((versions[path[:end]] for end in range(len(path), 0, -4) if path[:end] in versions), None)
    why, since, standard = "", None, ""
    if above:
        _path, title, number, first, last = above
        standard = title if "".join(number.split()) in "".join(title.split()) else f"{title}（{number}）"
        if last is not None and last < on:
            why, since = LAPSED, last + timedelta(days=1)
        elif first > on:
            why, since = NOT_YET, first
    if not live:
        why, since = WITHDRAWN, None
    return ClauseStanding(pk, code, article, rule, standard, above[0][:-4] if above else "", why, since)


def lapsed_clauses(*, on: date) -> list[tuple[ClauseStanding, dict[str, int]]]:
    """Clauses out of force that questions in use still test, with how many of which status; three queries."""
    links = VersionClause.objects.out_of_force_on(on).filter(version__question__current=F("version"))
    links = links.exclude(version__question__status=QuestionStatus.RETIRED)
    counts: dict[int, dict[str, int]] = {}
    rows = links.order_by().values_list("clause_id", "version__question__status").annotate(n=Count("pk"))
    for clause_id, status, n in rows:
        counts.setdefault(clause_id, {})[status] = n
    clauses = clause_model()._default_manager.filter(pk__in=list(counts))
    return [(clause, counts[clause.id]) for clause in standings(clauses, on=on)]


def quarantined_count(*, on: date) -> int:
    """Published questions that no new paper draws because their clause is not in force."""
    # Most questions are published: the index on the status would be the slower way in, so it is not offered.
    others = [status for status in QuestionStatus.values if status != QuestionStatus.PUBLISHED]
    return Question.objects.quarantined_on(on).exclude(status__in=others).count()


def counterparts(clause: ClauseStanding, *, on: date) -> list[ClauseStanding]:
    """Clauses in force that may stand in its place: the same number in the same standard first, then all others."""
    others = clause_model()._default_manager.filter(live=True).exclude(pk=clause.id)
    found = [other for other in standings(others, on=on) if not other.why]
    return sorted(found, key=lambda other: (-kinship(clause, other), other.code))


def kinship(clause: ClauseStanding, other: ClauseStanding) -> int:
    """How near: SAME_PLACE for the same number or article in the same standard, 1 for the same standard alone."""
    same_standard = bool(clause.standard_path) and clause.standard_path == other.standard_path
    same_place = clause.suffix == other.suffix or clause.article == other.article
    return int(same_standard) + int(same_standard and same_place)


def questions_citing(clause_id: int, ids: Iterable[int] | None = None) -> QuerySet[Question]:
    """Questions in use whose current version tests a clause."""
    links = VersionClause.objects.filter(clause=clause_id)
    found = Question.objects.filter(current__in=links.values("version")).exclude(status=QuestionStatus.RETIRED)
    return (found if ids is None else found.filter(pk__in=list(ids))).order_by("code")
