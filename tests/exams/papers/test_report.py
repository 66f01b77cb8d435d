"""The report of the papers: figures against sets counted by hand, drawings, who sees it, what it costs."""

import random
from decimal import Decimal
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.bank.models import VersionClause
from exams.papers.models import BlueprintShare, PaperItem
from exams.papers.plots import (
    close_scale,
    criterion_needed,
    dots,
    exposure_bins,
    exposure_limit,
    heat_classes,
    heat_map,
)
from exams.papers.report import PaperRow, Spread, VersionRow, report_from, shared_questions
from exams.papers.report_page import report_page
from tests.factories.exams import (
    NOW,
    BlueprintSectionFactory,
    ExamFactory,
    PaperFactory,
    PaperItemFactory,
    TopicFactory,
    clause,
    draft_exam,
    exam_with_papers,
    pool_of,
)

pytestmark = pytest.mark.django_db


def alike(*ids):
    return {n: VersionRow("single", (1,)) for n in ids}


def row(number, family=0, difficulty="3.0000"):
    return PaperRow(number, number, family, Decimal(difficulty), Decimal(10))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sets(st.integers(1, 60), min_size=1, max_size=20), min_size=1, max_size=8))
def test_shared_questions_are_those_that_the_sets_have_in_common(papers):
    shared = shared_questions([list(paper) for paper in papers])
    assert shared == tuple(tuple(len(a & b) for b in papers) for a in papers)


@pytest.fixture
def report():
    """Papers 1 and 3 of family 0 share 2 questions; paper 2 is of family 1."""
    held = {1: [1, 2, 3, 4], 2: [5, 6, 7, 8], 3: [3, 4, 9, 10]}
    items = [(paper, version) for paper, versions in held.items() for version in versions]
    versions = {
        n: VersionRow("single" if n < 8 else "multiple", (1,) if n % 2 else (2, 9), (7,) if n == 1 else ())
        for n in range(1, 11)
    }
    return report_from([row(1), row(2, 1, "3.0100"), row(3)], items, versions, frozenset({1, 2, 5, 9}))


def test_papers_are_ordered_by_family_and_know_their_twin(report):
    assert [(p.number, p.family, p.criterion, p.shared, p.twin) for p in report.papers] == [
        (1, 0, 2, 2, 3), (3, 0, 1, 2, 1), (2, 1, 1, 0, 1),
    ]  # fmt: skip
    assert (report.highest_overlap, report.highest_exposure, report.strangers) == (2, 2, 0)
    assert (report.pairs, report.mean_overlap) == ({2: 1, 0: 2}, Decimal(2) / 3)
    assert (report.lowest_criterion, report.difficulty_gap) == (Decimal(25), Decimal("0.0100"))


def test_shares_say_mean_and_extremes_with_the_topic_above(report):
    assert report.types == {
        "single": Spread(Decimal(75), Decimal(50), Decimal(100)),
        "multiple": Spread(Decimal(25), Decimal(0), Decimal(50)),
    }  # fmt: skip
    assert report.topics[9] == report.topics[2] == Spread(Decimal(50), Decimal(50), Decimal(50))
    assert report.industries[7].high == Decimal(25)


def test_families_that_share_questions_are_counted():
    found = report_from([row(1), row(2, 1)], [(1, 5), (2, 5)], {5: VersionRow("single", (1,))}, frozenset())
    assert found.strangers == 1


def test_difficulty_is_unknown_when_one_paper_does_not_know_its_own():
    rows = [row(1), PaperRow(2, 2, 0, None, Decimal(1))]
    assert (
        report_from(rows, [(1, 5), (2, 6)], {n: VersionRow("single", (1,)) for n in (5, 6)}, frozenset()).difficulties
        == []
    )


def test_heat_map_draws_every_cell_once():
    chance = random.Random(4)
    held = [chance.sample(range(60), 20) for _ in range(12)]
    items = [(n, version) for n, versions in enumerate(held, start=1) for version in versions]
    found = report_from(
        [row(n, n % 2) for n in range(1, 13)], items, {n: VersionRow("single", (1,)) for n in range(60)}, frozenset()
    )
    drawn = heat_map(found, limit=6)
    cells = {}
    for kind in drawn.classes:
        for stroke in kind.path.split("M")[1:]:
            x, rest = stroke.split(" ")
            y, length = rest.split(".5h")
            for cell in range(int(x), int(x) + int(length)):
                assert (cell, int(y)) not in cells
                cells[cell, int(y)] = kind
    assert len(cells) == 12 * 11
    assert all(kind.low <= found.shared[y][x] <= kind.high for (x, y), kind in cells.items())
    pairs = sum(len(set(held[a]) & set(held[b])) > 6 for a, b in combinations(range(12), 2))
    assert (drawn.over, sum(kind.pairs for kind in drawn.classes)) == (pairs, 66)


@pytest.mark.parametrize(
    ("limit", "bounds"),
    [
        (0, [(0, 0), (1, 10**6)]), (1, [(0, 0), (1, 1), (2, 10**6)]),
        (30, [(0, 0), (1, 10), (11, 20), (21, 30), (31, 10**6)]),
    ],
)  # fmt: skip
def test_classes_of_the_heat_map_leave_no_gap(limit, bounds):
    assert [(low, high) for _, low, high in heat_classes(limit)] == bounds


def test_exposure_limit_and_bins():
    assert [exposure_limit(papers, percent) for papers, percent in ((30, 50), (3, 10), (200, 33))] == [15, 1, 66]
    assert exposure_bins({1: 1, 2: 1, 3: 4}, 30) == [
        (1, 2, 2), (3, 4, 1), (5, 6, 0),
    ]  # fmt: skip
    assert sum(count for *_, count in exposure_bins({n: n % 150 + 1 for n in range(500)}, 200)) == 500


def test_scale_close_up_holds_all_papers_and_stays_between_1_and_5():
    for values in (["3.0000", "3.0040"], ["1.0000"], ["4.9999", "5.0000"], ["1.2", "4.8"]):
        numbers = [Decimal(value) for value in values]
        scale = close_scale(numbers)
        assert scale[0] <= min(numbers)
        assert max(numbers) <= scale[-1]
        assert Decimal(1) <= scale[0] < scale[-1] <= Decimal(5)


def test_dots_stand_at_their_difficulty_and_the_band_round_the_target():
    drawn = dots([Decimal(3)], target=Decimal(3), tolerance=Decimal("0.5"), scale=[Decimal(1), Decimal(5)], width=500)
    assert drawn.points[0][1] == drawn.target_y
    assert drawn.band_y < drawn.target_y < drawn.band_y + drawn.band_height


def test_needed_criterion_questions_are_rounded_up():
    assert [criterion_needed(total, Decimal(30)) for total in (10, 11, 0)] == [3, 4, 0]


def published(**fields):
    """Two papers of two questions of two topics; one question in both."""
    exam = ExamFactory(min_criterion_percent=Decimal(50), target_difficulty=Decimal(3), **fields)
    above = TopicFactory(name="上级")
    topic, other = TopicFactory(name="甲", parent=above), TopicFactory(name="乙")
    BlueprintSectionFactory(exam=exam, position=1, count=2)
    BlueprintShare.objects.create(exam=exam, topic=above, min_percent=50, max_percent=60)
    tested = pool_of(1, topic=topic, tested=clause("gm10-11-01"))
    rest = pool_of(2, topic=other)
    for number, version in enumerate(rest, start=1):
        paper = PaperFactory(exam=exam, number=number, difficulty=Decimal("3.0050") if number == 1 else Decimal(3))
        for position, held in enumerate([*tested, version], start=1):
            PaperItemFactory(paper=paper, position=position, version=held)
    return exam


def test_page_compares_what_was_planned_with_what_came_out(rules):
    page = report_page(published())
    assert [(r.name, r.planned, r.low, r.high, r.met) for r in page.types] == [("单选题", 2, 2, 2, True)]
    assert [(r.name, r.spread.mean, r.bounds, r.kept) for r in page.topics] == [
        ("上级", Decimal(50), (50, 60), True), ("甲", Decimal(50), None, True), ("乙", Decimal(50), None, True),
    ]  # fmt: skip
    assert (page.below, page.needed, page.most_shared, page.report.highest_overlap) == (0, 1, 0, 1)
    assert page.heat.over == 1
    assert (page.difficulty.gap, page.difficulty.outside) == (Decimal("0.0050"), 0)


def test_whoever_sees_the_exam_sees_its_report_without_any_question(characters, client_of, rules):
    exam = published(enterprise=characters.enterprise)
    page = client_of(characters.own_manager).get(reverse("exams:exam_report", args=[exam.pk]))
    assert page.status_code == 200
    assert "3.0050" in page.text
    assert "题干" not in page.text
    assert "CANARY" not in page.text
    assert client_of(characters.other_manager).get(reverse("exams:exam_report", args=[exam.pk])).status_code == 404


def test_exam_without_recorded_difficulty_or_assembly_has_a_report(characters, client_of, rules):
    exam = exam_with_papers(enterprise=characters.enterprise, papers=1)
    page = client_of(characters.own_manager).get(reverse("exams:exam_report", args=[exam.pk]))
    assert "这些试卷组成时还不记难度" in page.text
    assert "只有一套卷" in page.text


def test_draft_leads_to_its_check_page(characters, client_of, rules):
    exam = draft_exam(enterprise=characters.enterprise)
    page = client_of(characters.own_manager).get(reverse("exams:exam_report", args=[exam.pk]))
    assert page.url == reverse("exams:exam_publish", args=[exam.pk])


def test_report_costs_the_same_for_two_papers_and_six(rules):
    exam = published()
    counts = []
    for more in (0, 4):
        for number in range(3, 3 + more):
            paper = PaperFactory(exam=exam, number=number, difficulty=Decimal(3))
            for position, version in enumerate(pool_of(2, topic=TopicFactory()), start=1):
                PaperItemFactory(paper=paper, position=position, version=version)
        with CaptureQueriesContext(connection) as done:
            report_page(exam)
        counts.append(len(done))
    assert counts[0] == counts[1] <= 10
    assert PaperItem.objects.filter(paper__exam=exam).count() == 12
    assert VersionClause.objects.count() == 1
    assert exam.published_at < NOW
