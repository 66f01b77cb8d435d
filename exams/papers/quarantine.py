"""Which papers hold questions whose clause is no longer in force."""

from dataclasses import dataclass
from datetime import date

from exams.bank.models import VersionClause
from exams.papers.models import PaperItem
from lms.kit.clock import current_date


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """A question of an exam that tests a clause out of force, and in how many of its papers it stands."""

    question_id: int
    code: str
    clause: str
    papers: int


def quarantined_in_exam(exam_id: int, *, on: date | None = None) -> list[QuarantinedItem]:
    """The questions in the papers of an exam that are quarantined on a day (today); two queries.

    Papers keep them: what was frozen is not taken out of an exam under way, the office decides.
    """
    links = VersionClause.objects.out_of_force_on(on or current_date())
    held = PaperItem.objects.filter(paper__exam=exam_id)
    stale = dict(links.filter(version__in=held.values("version")).values_list("version_id", "clause__code"))
    items = held.filter(version__in=list(stale)).values_list(
        "version_id", "version__question", "version__question__code"
    )
    papers: dict[tuple[int, int, str], int] = {}
    for version_id, question_id, code in items:
        key = (version_id, question_id, code)
        papers[key] = papers.get(key, 0) + 1
    return [
        QuarantinedItem(question_id, code, stale[version_id], count)
        for (version_id, question_id, code), count in sorted(papers.items(), key=lambda row: row[0][2])
    ]
