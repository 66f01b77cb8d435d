"""A standard in two versions, questions on both, exams with papers, sittings and certificates."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from exams.bank.models import VersionClause
from lms.coverage.models import OutcomeKind
from tests.factories.exams import (
    NOW,
    AttemptFactory,
    ExamFactory,
    PaperFactory,
    PaperItemFactory,
    TopicFactory,
    pool_of,
    standard,
    standard_clauses,
)
from tests.factories.lms import EnterpriseFactory, OutcomeFactory, UserFactory

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The wall clock of the pages."""
    for module in ("exams.tracing.views", "exams.bank.list_views", "exams.panels"):
        monkeypatch.setattr(f"{module}.current_date", lambda: TODAY)
    for module in ("exams.tracing.views", "exams.panels"):
        monkeypatch.setattr(f"{module}.current_time", lambda: NOW)


def sitting(exam, paper, *, passed, certificate=True):
    """A sitting that was handed in, and a certificate that rests on it."""
    person = UserFactory()
    attempt = AttemptFactory(
        exam=exam, paper=paper, person=person, status="submitted", submitted_at=NOW, score=90 if passed else 10,
        passed=passed, receipt=f"R{person.pk:08d}",
    )  # fmt: skip
    if certificate:
        OutcomeFactory(
            kind=OutcomeKind.CERTIFICATE_HELD, subject=exam.subject, person=person, employment=None, enterprise=None,
            achieved_at=NOW + timedelta(minutes=1), achieved_on=TODAY, valid_until=TODAY + timedelta(days=365),
            evidence=f"certificates.certificate:{person.pk}",
        )  # fmt: skip
    return attempt


@pytest.fixture
def chain(rules):
    """Everything from an old clause to the certificates that rest on it."""
    law = standard()
    old, other_old = standard_clauses(
        law, "old", "13-01", "13-02", first=date(2020, 1, 1), last=TODAY - timedelta(days=1)
    )
    new, other_new = standard_clauses(law, "new", "13-01", "13-02", first=TODAY)
    topic = TopicFactory()
    stale, untouched = pool_of(1, topic=topic, tested=old)[0], pool_of(1, topic=topic, tested=new)[0]
    moved = pool_of(1, topic=topic, tested=old)[0]
    town = ExamFactory(title="全镇考试")
    own = ExamFactory(title="恒丰内部考试", enterprise=EnterpriseFactory())
    papers = []
    for exam in (town, own):
        papers.append(PaperFactory(exam=exam, number=1))
        PaperItemFactory(paper=papers[-1], position=1, version=stale)
        PaperItemFactory(paper=papers[-1], position=2, version=untouched)
    PaperFactory(exam=town, number=2)
    sitting(town, papers[0], passed=True)
    sitting(town, papers[0], passed=False, certificate=False)
    sitting(own, papers[1], passed=True)
    assert VersionClause.objects.count() == 3
    return SimpleNamespace(
        old=old, other_old=other_old, new=new, other_new=other_new, stale=stale, untouched=untouched, moved=moved,
        town=town, own=own,
    )  # fmt: skip
