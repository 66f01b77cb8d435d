"""What the result shows of each type, and what the sheet shows before."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.marked import HandMark, Question, marked_body
from exams.attempts.models import Attempt, OpenAnswer
from exams.attempts.sheets import Picture, Source, sheet_body
from exams.bank.bodies import TYPES, stored
from exams.bank.grading import verdict
from exams.marking.actions import Given, give_mark
from exams.papers.models import Release
from tests.exams.marking.test_actions import nine_answers, submitted
from tests.factories.exams import BODIES, CANARY, KEY_CANARY, NOW, exam_of_all_types
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db
PICTURE = Picture("f" * 64, "工地", 1200, 800)


def question(kind, response, *, points=4, stem="题干", seed=7):
    options, key = stored(BODIES[kind])
    source = Source(kind, stem, options, Decimal(points))
    return Question(source, key, response, seed, 1, "all_or_nothing", picture=PICTURE)


def marked(kind, response, hand=None, **more):
    return marked_body(question(kind, response, **more), hand or {})


@pytest.fixture
def client(person, client_of, set_now):
    return client_of(person)


# --- by type, without a database -----------------------------------------------------------------


def test_blanks_stand_beside_what_is_accepted():
    lines = marked("fill_in", [" 通风", "24"]).lines
    assert [(line.given, line.right) for line in lines] == [(" 通风", True), ("24", False)]
    assert lines[1].wanted == "19.5 ～ 23.5"


def test_an_order_is_compared_place_by_place():
    _, key = stored(BODIES["ordering"])
    found = marked("ordering", [key[1], key[0], *key[2:]])
    assert [line.right for line in found.lines] == [False, False, True, True]
    assert (found.lines[0].given, found.lines[0].wanted) == ("再检测", "先通风")
    assert found.earned == 0


def test_pairs_carry_the_letters_that_the_candidate_saw():
    options, key = stored(BODIES["matching"])
    letters = {
        o.id: o.letter
        for o in sheet_body(Source("matching", "", options, Decimal(1)), [], seed=7, place=1, name="").targets
    }
    found = marked("matching", key[:1])
    assert [(line.text, line.chosen, line.right) for line in found.lines] == [
        ("硫化氢", True, True), ("甲烷", False, False), ("缺氧", False, False),
    ]  # fmt: skip
    assert found.lines[0].given == f"{letters[key[0].split(':')[1]]} 中毒"


def test_hazards_and_marks_are_drawn_where_grading_saw_them():
    found = marked("hotspot", ["2000,4000", "2100,4100", "5000,5000"])
    assert [(shape.sign, shape.kind, shape.hit) for shape in found.shapes] == [
        ("A", "rect", True), ("B", "ellipse", False), ("C", "polygon", False),
    ]  # fmt: skip
    assert found.shapes[0].numbers == (120, 160, 240, 320)
    assert found.shapes[1].numbers == (840, 160, 120, 80)
    assert found.shapes[2].points == "720,480 1080,480 900,720"
    assert [(dot.x, dot.y, dot.hit) for dot in found.dots] == [(240, 320, True), (252, 328, True), (600, 400, False)]


def test_a_case_adds_up_its_parts_and_waits_for_people():
    response = ["p1=o1", "p2=30", "p3=不盲目施救"]
    waiting = marked("case", response)
    assert [part.earned for part in waiting.parts] == [0, 1, None]
    assert waiting.earned is None
    done = marked("case", response, {"p3": HandMark(Decimal("1.5"), "再具体些", [0])})
    assert (done.earned, done.remarked, [part.points for part in done.parts]) == (Decimal("2.5"), True, [1, 1, 2])
    assert done.parts[2].lines[0].right


def test_shares_of_expected_points_add_up_to_the_points():
    found = marked("short_answer", ["停止"], points=7)
    assert [line.points for line in found.lines] == [Decimal("2.80"), Decimal("2.80"), Decimal("1.40")]


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_what_is_shown_as_earned_is_what_grading_gives(kind):
    _, key = stored(BODIES[kind])
    response = {
        "fill_in": ["通风", "99"], "ordering": key, "matching": key, "hotspot": ["2000,4000"],
        "short_answer": [], "case": ["p1=o2", "p2=30"],
    }[kind]  # fmt: skip
    found = verdict(kind, key, response, points=Decimal(4), multiple_rule="all_or_nothing")
    assert marked(kind, response).earned == found.earned


# --- the sheet -----------------------------------------------------------------------------------


def test_a_case_of_many_fields_cannot_write_more_than_a_packet_takes():
    rows = [
        {
            "id": f"p{n}",
            "type": "fill_in",
            "points": "1",
            "stem": "____" * 10,
            "options": [{"id": f"b{b}"} for b in range(10)],
        }
        for n in range(1, 11)
    ] + [{"id": f"p{n}", "type": "short_answer", "points": "1", "stem": "s", "options": []} for n in range(11, 21)]
    body = sheet_body(Source("case", "背景", rows, Decimal(20)), [], seed=1, place=1, name="q1")
    longest = sum(
        (part.body.limit + 4) * max(1, len(part.body.pieces) - 1 if part.body.type == "fill_in" else 1)
        for part in body.parts
    )
    assert longest <= 12_000


def test_steps_and_targets_are_dealt_differently_to_different_people():
    options, _ = stored(BODIES["ordering"])
    dealt = {
        sheet_body(Source("ordering", "", options, Decimal(1)), [], seed=n, place=1, name="").dealt for n in range(40)
    }
    assert len(dealt) > 10


def test_the_sheet_of_all_types_reads_no_keys(client, person, rules, counted):
    attempt = actions.start_attempt(exam_id=exam_of_all_types().pk, by=person, now=NOW)
    with counted() as done:
        page = client.get(reverse("exams:attempt", args=[attempt.key])).content.decode()
    assert KEY_CANARY not in page
    assert done.count <= 12, done.sql
    reads = [sql for sql in done.sql if "exams_questionversion" in sql]
    assert not [sql for sql in reads if re.search(r"questionversion\"\.\"(key|explanation)\"", sql)]


def test_saved_answers_of_all_types_come_back_with_the_page(client, person, rules):
    attempt = actions.start_attempt(exam_id=exam_of_all_types().pk, by=person, now=NOW)
    answers = nine_answers(attempt)
    actions.keep_answers(
        attempt_key=attempt.key, by=person, now=NOW, answers={n: tuple(row) for n, row in answers.items()}
    )
    page = client.get(reverse("exams:attempt", args=[attempt.key])).content.decode()
    assert len(re.findall(r'data-cell="\d" class="done"', page)) == 9
    assert 'value=" 通 风 "' in page
    assert "停止作业，报告。</textarea>" in page
    assert 'name="q7.m" value="2000,4000" checked' in page
    assert 'name="q9.p2.b1" value="３０"' in page


def test_keeping_the_plain_form_twice_writes_one_event_for_each_answer(client, person, rules):
    attempt = actions.start_attempt(exam_id=exam_of_all_types().pk, by=person, now=NOW)
    address = reverse("exams:keep", args=[attempt.key])
    fields = {"q1": "o2", "q8": "停止", "q7.m": "", "q7.size": "320x213", "q7.tap.x": "64", "q7.tap.y": "106"}
    kept = client.post(address, fields)
    assert kept.url == f"{reverse('exams:attempt', args=[attempt.key])}#q7"
    client.post(address, {name: value for name, value in fields.items() if "tap" not in name} | {"q7.m": "2000,4977"})
    assert dict(attempt.answers.values_list("position", "response")) == {1: ["o2"], 7: ["2000,4977"], 8: ["停止"]}
    assert attempt.events.count() == 3
    assert Attempt.objects.get().status == "writing"


# --- before release, after release ---------------------------------------------------------------


def pages(client, attempt):
    """Everything that a candidate can open around an attempt that waits."""
    for name, args in (
        ("my_exams", []), ("exam", [attempt.exam_id]), ("attempt", [attempt.key]), ("result", [attempt.key]),
        ("receipt", [attempt.receipt]),
    ):  # fmt: skip
        yield client.get(reverse(f"exams:{name}", args=args), follow=True).content.decode()
    yield client.get(reverse("home")).content.decode()


def give_all(points=(8, 4)):
    marker = UserFactory(name="阅卷人某某")
    for row, given in zip(OpenAnswer.objects.order_by("answer__position"), points, strict=True):
        give_mark(
            open_answer=row, given=Given(Decimal(given), [0], "再写具体些"), marks_seen=0, by=marker, now=NOW,
        )  # fmt: skip


def test_keys_of_all_types_stay_hidden_until_marks_and_release(client, person, rules, set_now):
    exam = exam_of_all_types(release=Release.AFTER_WINDOW)
    attempt = submitted(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    for page in pages(client, attempt):
        assert KEY_CANARY not in page
        assert CANARY not in page
        assert "再写具体些" not in page
    give_all()
    for page in pages(client, attempt):  # graded, not released
        assert KEY_CANARY not in page
        assert "再写具体些" not in page
    set_now(exam.closes_at)
    page = client.get(reverse("exams:result", args=[attempt.key])).content.decode()
    assert KEY_CANARY in page


def test_the_waiting_candidate_is_told_so(client, person, rules):
    attempt = submitted(actions.start_attempt(exam_id=exam_of_all_types().pk, by=person, now=NOW))
    result, line, intro = (
        client.get(reverse(f"exams:{name}", args=args)).content.decode()
        for name, args in (("result", [attempt.key]), ("my_exams", []), ("exam", [attempt.exam_id]))
    )
    assert "已交卷，主观题待阅卷" in result
    assert "已交卷，主观题待阅卷" in line
    assert "主观题待阅卷" in intro
    assert "考试合格" not in result


def test_the_result_shows_every_type_that_lost_points_with_marks_and_comment(client, person, rules, counted):
    attempt = submitted(actions.start_attempt(exam_id=exam_of_all_types().pk, by=person, now=NOW))
    give_all()
    with counted() as done:
        page = client.get(reverse("exams:result", args=[attempt.key])).content.decode()
    assert "6 道没得满分的题" in page  # 多选、填空、匹配、看图、简答、案例
    for shown in ("没有点中隐患", "应为", "停止作业，报告。", "再写具体些", "评分要点", "8 / 10", "4 / 5"):
        assert shown in page, shown
    assert page.count("<polygon") == 1
    assert "阅卷人某某" not in page
    assert done.count <= 20, done.sql


def test_full_marks_with_a_comment_are_shown_too(client, person, rules):
    attempt = submitted(actions.start_attempt(exam_id=exam_of_all_types().pk, by=person, now=NOW))
    give_all((10, 5))
    page = client.get(reverse("exams:result", args=[attempt.key])).content.decode()
    assert "10 / 10" in page
    assert "再写具体些" in page


def test_the_introduction_says_what_people_mark(client, rules, person):
    exam = exam_of_all_types(multiple_rule="per_option")
    page = client.get(reverse("exams:exam", args=[exam.pk])).content.decode()
    assert "有 2 道题要人工阅卷" in page
    assert "选错一项抵掉一份" in page
    assert "9 题，满分 40 分" in page


def test_every_type_has_a_widget():
    assert {sheet_body(Source(kind, "____", stored(BODIES[kind])[0], Decimal(1)), [], seed=1, place=1, name="q1").widget
            for kind in BODIES} == {f"exams/types/{kind}.html" for kind in TYPES[3:]}  # fmt: skip
