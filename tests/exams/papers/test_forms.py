"""The blueprint editor: rows that are added, moved and picked, the check while typing, who may choose by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.papers import actions
from exams.papers.blueprint import Blueprint, FixedRow, SectionRow
from exams.papers.blueprint_forms import moved_rows, typed_rows
from exams.papers.live import SectionBar, live_panel
from exams.papers.live_queries import stock_on
from exams.papers.models import AssemblyMethod, Exam
from lms.audit.models import AuditEntry
from lms.organisations.models import Industry
from tests.exams.papers.test_views import typed
from tests.factories.exams import NOW, TopicFactory, draft_exam, pool_of

pytestmark = pytest.mark.django_db
CHECK = "exams:exam_check"
NO_ROWS = {"section-TOTAL_FORMS": "0", "section-INITIAL_FORMS": "0"}


def fixed(*rows, **changes):
    """A filled-in form of a fixed paper: pairs of question id and points."""
    data = {"method": "fixed", "fixed-TOTAL_FORMS": str(len(rows)), "fixed-INITIAL_FORMS": "0", **NO_ROWS}
    for place, (question, points) in enumerate(rows):
        data |= {f"fixed-{place}-question": str(question), f"fixed-{place}-points": str(points)}
    return typed(**data, **changes)


def share(of, **bounds):
    """One share in the form."""
    return {"share-TOTAL_FORMS": "1", "share-INITIAL_FORMS": "0", "share-0-of": of} | {
        f"share-0-{name}": value for name, value in bounds.items()
    }


@pytest.fixture
def reviewer(characters, client_of, rules):
    return client_of(characters.reviewer)


@pytest.fixture
def manager(characters, client_of, rules):
    return client_of(characters.own_manager)


# --- rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "rows", "place"),
    [
        ("up-2", "acb", 1), ("down-0", "bac", 1), ("drop-1", "ac", 1), ("drop-2", "ab", 1), ("up-0", "abc", 0),
        ("down-2", "abc", 2), ("up-9", "abc", None), ("sideways-1", "abc", 1), ("", "abc", None), ("up-x", "abc", None),
    ],
)  # fmt: skip
def test_rows_move_by_one_and_never_get_lost(order, rows, place):
    found, focus = moved_rows([{"question": name} for name in "abc"], order)
    assert ("".join(row["question"] for row in found), focus) == (rows, place)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=30), st.text(max_size=20), max_size=8), st.text(max_size=12))
def test_typed_rows_survive_any_post(data, total):
    query = QueryDict(mutable=True)
    query.update({**data, "section-TOTAL_FORMS": total})
    assert len(typed_rows(query, "section")) <= 20


def test_all_requirements_are_kept(reviewer, characters):
    topic = TopicFactory()
    shares = share(f"t{topic.pk}", min_percent="10", max_percent="40")
    reviewer.post(reverse("exams:exam_new"), typed(
        target_difficulty="3.2", difficulty_tolerance="0.15", max_overlap_percent="12", max_exposure_percent="40",
        fresh_attempts="2", category=characters.category.pk, **shares,
    ))  # fmt: skip
    exam = Exam.objects.get()
    assert (exam.method, exam.target_difficulty, exam.difficulty_tolerance, exam.category) == (
        AssemblyMethod.PARALLEL, Decimal("3.20"), Decimal("0.15"), characters.category,
    )  # fmt: skip
    assert (exam.max_overlap_percent, exam.max_exposure_percent, exam.fresh_attempts) == (12, 40, 2)
    assert list(exam.shares.values_list("topic_id", "min_percent", "max_percent")) == [(topic.pk, 10, 40)]


def test_requirements_left_blank_take_their_usual_value(reviewer):
    reviewer.post(reverse("exams:exam_new"), typed(difficulty_tolerance="", max_overlap_percent="", fresh_attempts=""))
    exam = Exam.objects.get()
    assert (exam.target_difficulty, exam.difficulty_tolerance, exam.max_overlap_percent, exam.fresh_attempts) == (
        None, Decimal("0.20"), 30, 1,
    )  # fmt: skip


def test_share_of_an_industry_and_zero_at_most_are_kept(reviewer):
    industry = Industry.objects.create(code="dust-x", name="粉尘涉爆")
    reviewer.post(reverse("exams:exam_new"), typed(**share(f"i{industry.pk}", min_percent="", max_percent="0")))
    assert list(Exam.objects.get().shares.values_list("industry_id", "min_percent", "max_percent")) == [
        (industry.pk, 0, 0)
    ]


def test_shares_that_contradict_themselves_are_refused_beside_their_field(reviewer):
    topic = TopicFactory()
    page = reviewer.post(reverse("exams:exam_new"), typed(**share(f"t{topic.pk}", min_percent="50", max_percent="40")))
    assert page.context["forms"].shares.errors == [{"max_percent": ["“至多”不能小于“至少”"]}]
    twice = {**share(f"t{topic.pk}"), "share-TOTAL_FORMS": "2", "share-1-of": f"t{topic.pk}"}
    page = reviewer.post(reverse("exams:exam_new"), typed(**twice))
    assert page.context["forms"].shares.errors[1] == {"of": ["这一项已经有占比要求了"]}
    assert Exam.objects.count() == 0


def test_what_the_method_does_not_use_is_neither_checked_nor_kept(reviewer):
    rows = {**share("nonsense", min_percent="x"), "section-0-count": "4"}
    reviewer.post(reverse("exams:exam_new"), typed(method="draw", **rows))
    assert Exam.objects.get().shares.count() == 0


# --- chosen by hand ------------------------------------------------------------------------------


def test_reviewer_picks_orders_and_saves_a_fixed_paper(reviewer):
    first, second = (version.question_id for version in pool_of(2, topic=TopicFactory()))
    page = reviewer.post(reverse("exams:exam_new"), fixed((first, 2), pick=second))
    assert [(row["question"].value(), row["points"].value()) for row in page.context["forms"].fixed] == [
        (str(first), "2"), (str(second), "2"),
    ]  # fmt: skip
    page = reviewer.post(reverse("exams:exam_new"), fixed((first, 2), (second, 3), move="up-1"))
    assert [row["question"].value() for row in page.context["forms"].fixed] == [str(second), str(first)]
    assert Exam.objects.count() == 0
    reviewer.post(reverse("exams:exam_new"), fixed((second, 3), (first, 2.5)))
    assert list(Exam.objects.get().fixed_questions.values_list("position", "question_id", "points")) == [
        (1, second, Decimal("3.00")), (2, first, Decimal("2.50")),
    ]  # fmt: skip


def test_question_is_picked_once_and_only_when_published(reviewer):
    version = pool_of(1, topic=TopicFactory())[0]
    for wanted in (version.question_id, 999_999, "x", ""):
        page = reviewer.post(reverse("exams:exam_new"), fixed((version.question_id, 2), pick=wanted))
        assert len(page.context["forms"].fixed.forms) == 1


def test_unknown_and_doubled_questions_are_pointed_out_beside_them(reviewer):
    known = pool_of(1, topic=TopicFactory())[0].question_id
    page = reviewer.post(reverse("exams:exam_new"), fixed((known, 2), (known, 2), (999_999, 2)))
    assert page.context["forms"].fixed.errors == [
        {}, {"question": ["这道题已经在卷里了"]}, {"question": ["题库里没有这道题，请删去"]},
    ]  # fmt: skip
    assert Exam.objects.count() == 0


def test_managers_can_neither_see_nor_choose_the_method_of_fixed_papers(manager, characters):
    question = pool_of(1, topic=TopicFactory())[0].question_id
    assert "固定试卷" not in manager.get(reverse("exams:exam_new")).text
    form = fixed((question, 2), enterprise=characters.enterprise.pk)
    page = manager.post(reverse("exams:exam_new"), form)
    assert "method" in page.context["forms"].exam.errors
    for order in ({"pick": question}, {"find": "1"}, {"check": "1"}, {"move": "up-0"}):
        assert "题干" not in manager.post(reverse("exams:exam_new"), {**form, **order}).text
    assert manager.get(reverse("exams:question_find")).status_code == 403
    assert Exam.objects.count() == 0


def test_manager_moves_the_date_of_a_fixed_exam_without_seeing_or_losing_its_questions(manager, characters):
    version = pool_of(1, topic=TopicFactory())[0]
    exam = draft_exam(enterprise=characters.enterprise, method=AssemblyMethod.FIXED)
    actions.update_exam(
        exam=exam, fields={}, sections=[], audiences=[], by=characters.reviewer, now=NOW,
        fixed=[FixedRow(version.question_id, Decimal(5))],
    )  # fmt: skip
    address = reverse("exams:exam_edit", args=[exam.pk])
    page = manager.get(address)
    assert page.context["forms"].picked == []
    assert version.stem not in page.text
    form = typed(enterprise=characters.enterprise.pk, revision="2", minutes="45", method="parallel")
    answer = manager.post(address, form)
    assert answer.url == reverse("exams:exam_publish", args=[exam.pk])
    exam.refresh_from_db()
    assert (exam.minutes, exam.method, exam.sections.count()) == (45, AssemblyMethod.FIXED, 0)
    assert list(exam.fixed_questions.values_list("question_id", "points")) == [(version.question_id, Decimal("5.00"))]


def test_search_finds_published_questions_by_stem_code_type_and_topic(reviewer):
    topic = TopicFactory()
    single, multiple = pool_of(1, topic=topic)[0], pool_of(1, topic=topic, kind="multiple")[0]
    pool_of(1, topic=TopicFactory())
    find = reverse("exams:question_find")
    by_code = reviewer.get(find, {"find_q": single.question.code})
    assert [row.pk for row in by_code.context["found"]] == [single.question_id]
    by_topic = reviewer.get(find, {"find_topic": topic.pk, "find_type": "multiple"})
    assert [row.pk for row in by_topic.context["found"]] == [multiple.question_id]
    assert "没有找到" in reviewer.get(find, {"find_q": "绝无此题"}).text
    assert reviewer.get(find, {"find_topic": "x", "find_type": "x"}).status_code == 200


def test_search_costs_the_same_for_one_question_and_three(reviewer):
    counts = []
    for more in (1, 2):
        pool_of(more, topic=TopicFactory())
        reviewer.get(reverse("exams:question_find"))
        with CaptureQueriesContext(connection) as done:
            reviewer.get(reverse("exams:question_find"))
        counts.append(len(done))
    assert counts[0] == counts[1] <= 13


# --- the check while typing ----------------------------------------------------------------------


def test_check_says_what_the_bank_lacks_and_saves_nothing(manager, characters, bank, topic):
    rows = {"section-0-topics": [topic.pk], "section-0-type": "multiple", "section-0-count": "16"}
    before = AuditEntry.objects.count()
    page = manager.post(
        reverse(CHECK), typed(enterprise=characters.enterprise.pk, paper_count="2", method="draw", **rows)
    )
    panel = page.context["panel"]
    assert (panel.state, panel.questions, panel.points) == ("bad", 16, Decimal(400))
    assert "多选题·粉尘涉爆 还差 12 题" in page.text
    assert [(bar.needed, bar.stock, bar.missing, bar.filled) for bar in panel.bars] == [(16, 4, 12, 25)]
    assert (Exam.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_check_works_while_title_and_window_are_still_missing(manager, bank):
    form = typed(title="", subject="", opens_at="", closes_at="", method="draw", fresh_attempts="0", paper_count="1")
    page = manager.post(reverse(CHECK), form)
    assert page.context["panel"].state == "ok"
    assert "题库够用" in page.text


def test_check_names_every_field_that_is_not_filled_in_well(manager):
    rows = {"section-0-count": "0", "section-0-type": "riddle"}
    panel = manager.post(reverse(CHECK), typed(paper_count="900", **rows)).context["panel"]
    assert panel.state == "unsound"
    assert [words.partition("：")[0] for words in panel.problems] == ["试卷套数", "第 1 部分 题型", "第 1 部分 题数"]


def test_button_checks_without_a_script_and_keeps_everything(manager, bank):
    page = manager.post(
        reverse("exams:exam_new"), typed(title="还没写完", check="1", method="draw", fresh_attempts="0")
    )
    assert page.context["panel"].state == "ok"
    assert page.context["forms"].exam["title"].value() == "还没写完"
    assert Exam.objects.count() == 0


def flood(**fields):
    return {**typed(), **fields}


HOSTILE = {
    "nothing": {},
    "no management": {"method": "parallel"},
    "ten thousand rows": flood(**{"section-TOTAL_FORMS": "10000"}),
    "absurd number of rows": flood(**{"section-TOTAL_FORMS": "9" * 400}),
    "negative rows": flood(**{"section-TOTAL_FORMS": "-5"}),
    "garbage numbers": flood(paper_count="１２x", min_criterion_percent="NaN", target_difficulty="Infinity"),
    "huge points": flood(**{"section-0-points": "1e999999"}),
    "null bytes": flood(title="\x00", method="\x00", **{"section-0-type": "\x00"}),
    "foreign enterprise": flood(enterprise="999999"),
    "unknown topic": flood(**{"section-0-topics": ["999999", "x", "-1"]}),
    "unknown share": flood(**share("t999999")),
    "unknown category": flood(category="999999"),
    "exam that is none": flood(exam="x" * 50),
    "exam beyond any": flood(exam="9" * 40),
    "fixed without leave": fixed((1, 2)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_answered_in_words(manager, name):
    page = manager.post(reverse(CHECK), HOSTILE[name])
    assert page.status_code == 200
    assert page.context["panel"].problems or page.context["panel"].checks


@pytest.mark.parametrize("pick", ["9" * 40, "-1", "\x00", "1; drop table", "１"])
def test_hostile_picks_change_nothing(reviewer, pick):
    page = reviewer.post(reverse("exams:exam_new"), fixed((1, 2), pick=pick))
    assert len(page.context["forms"].fixed.forms) == 1


def test_too_many_fixed_questions_are_told_not_dropped(reviewer):
    page = reviewer.post(reverse(CHECK), {**fixed((1, 2)), "fixed-TOTAL_FORMS": "10000"})
    assert any("200" in words for words in page.context["panel"].problems)


def test_check_costs_the_same_for_one_part_and_three(manager, characters, bank, topic):
    counts = []
    for parts in (1, 3):
        rows = {"section-TOTAL_FORMS": str(parts)}
        for place in range(parts):
            rows |= {
                f"section-{place}-type": "single",
                f"section-{place}-count": "1",
                f"section-{place}-topics": [topic.pk],
            }
        form = typed(enterprise=characters.enterprise.pk, **rows)
        manager.post(reverse(CHECK), form)
        with CaptureQueriesContext(connection) as done:
            manager.post(reverse(CHECK), form)
        counts.append(len(done))
    assert counts[0] == counts[1] <= 39  # nineteen of them are the form's look at the exam's constraints


def test_stock_counts_a_topic_with_those_below_it_for_the_people_meant(characters, bank, topic):
    child = TopicFactory(parent=topic)
    pool_of(2, topic=child)
    limited = pool_of(1, topic=child)[0].question
    limited.categories.set([characters.category])
    stock = stock_on(date(2026, 11, 24))
    assert [stock.of("single", ids) for ids in ([topic.pk], [child.pk], [])] == [15, 3, 15]
    assert stock.of("multiple", [child.pk]) == 0
    assert stock.table["single"] == {str(topic.pk): 15, str(child.pk): 3}
    assert stock_on(date(2026, 11, 24), characters.category.pk + 1).of("single", [child.pk]) == 2


def test_panel_of_a_fixed_paper_adds_up_its_questions():
    blueprint = Blueprint(
        method="fixed", sections=(), min_criterion_percent=Decimal(30), paper_count=1, on=date(2026, 11, 24),
        fixed=(FixedRow(1, Decimal("2.5")), FixedRow(2, Decimal(3))),
    )  # fmt: skip
    panel = live_panel(blueprint, [], title=lambda row: "", stock=lambda row: 0)
    assert (panel.state, panel.questions, panel.points, panel.bars) == ("ok", 2, Decimal("5.5"), [])


def test_bars_say_how_far_the_stock_goes():
    row = SectionRow("single", 8, Decimal(1))
    assert [(bar.missing, bar.filled) for bar in (SectionBar("", row.count, n) for n in (0, 3, 8, 90))] == [
        (8, 0), (5, 37), (0, 100), (0, 100),
    ]  # fmt: skip


def test_more_fields_than_any_form_has_are_refused_in_words(manager):
    manager.raise_request_exception = False
    page = manager.post(reverse(CHECK), {**typed(), **{f"section-{place}-count": "1" for place in range(10_000)}})
    assert page.status_code == 400
    assert "什么都没有改动" in page.text
