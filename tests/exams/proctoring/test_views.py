"""The board, its rows, orders in the browser, rulings, extra time, the timeline."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.attempts import actions as attempts_actions
from exams.attempts.held_models import HeldChange
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.packets import packet_of
from exams.attempts.time_models import ExtraTime
from exams.integrity.actions import take_signals
from exams.integrity.models import Behaviour
from exams.papers.models import Exam
from exams.proctoring.models import Message, Reason
from lms.access.roles import Role
from lms.kit.clock import current_time
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EmploymentFactory, RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(rules):
    now = current_time()
    return exam_with_papers(papers=1, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=5))


@pytest.fixture
def office(client_of):
    proctor = UserFactory(name="矫秀兰")
    RoleAssignmentFactory(person=proctor, role=Role.ADMINISTRATOR)
    return client_of(proctor)


def begin(exam, count=1):
    now = current_time()
    people = [EmploymentFactory(person__name=f"考生{n}").person for n in range(count)]
    return [attempts_actions.start_attempt(exam_id=exam.pk, by=person, now=now) for person in people]


def answer(attempt, number=1):
    packet = packet_of({"client": 1, "changes": [{"number": number, "position": number, "response": ["o1"]}]})
    attempts_actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=current_time())


def post_order(office, exam, kind, *attempts, **fields):
    code = {"announce": "reminder", "void": "impersonation"}.get(kind, "other")
    data = {"kind": kind, "reason": Reason.objects.get(code=code).pk, "attempts": [a.pk for a in attempts], **fields}
    return office.post(reverse("exams:order", args=[exam.pk]), data, follow=True)


def test_running_exams_are_listed_with_how_many_write(office, running):
    begin(running, 2)
    page = office.get(reverse("exams:running")).text
    assert running.title in page
    assert "2 人在答" in page


def test_the_board_shows_everybody_and_what_is_behind_a_seat(office, running):
    first, second = begin(running, 2)
    answer(first)
    take_signals(
        attempt=Attempt.objects.select_related("exam").get(pk=first.pk), now=current_time(),
        signals=[{"kind": "copy", "at": current_time().isoformat(), "seconds": None, "detail": {"characters": 9}}],
    )  # fmt: skip
    page = office.get(reverse("exams:live", args=[running.pk]), {"seat": first.pk}).text
    assert first.person.name in page
    assert second.person.name in page
    assert "复制了页面上的内容" in page
    assert "也可能是误触" in page
    part = office.get(reverse("exams:seat", args=[running.pk, second.pk])).text
    assert "没有信号" in part


def test_rows_hold_what_changes(office, running):
    [attempt] = begin(running)
    answer(attempt)
    content = office.get(reverse("exams:live_rows", args=[running.pk])).json()
    [row] = content["rows"]
    assert row[:4] == [attempt.pk, "writing", 0, 1]
    assert row[4] == row[5] > 0
    assert row[7:] == [0, 0, 0, 0]


def test_the_board_costs_the_same_for_one_and_three(office, running):
    costs = []
    for _ in range(2):
        begin(running, 1 if not costs else 2)
        for address in ("exams:live", "exams:live_rows"):
            office.get(reverse(address, args=[running.pk]))
            with CaptureQueriesContext(connection) as done:
                office.get(reverse(address, args=[running.pk]))
            costs.append(len(done))
    assert costs[:2] == costs[2:]
    assert costs[1] <= 9


def test_orders_for_one_and_for_all(office, running):
    attempts = begin(running, 2)
    page = post_order(office, running, "extend", attempts[0], minutes=10)
    assert "延时：1 人。" in page.text
    assert post_order(office, running, "pause", all="1").text.count("已暂停") >= 2
    post_order(office, running, "announce", text="请安静")
    assert Message.objects.get().text == "请安静"
    post_order(office, running, "void", attempts[1])
    assert Attempt.objects.get(pk=attempts[1].pk).status == AttemptStatus.VOIDED


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("extend", {}, "写上延长几分钟"),
        ("message", {}, "写上要说的话"),
        ("extend", {"minutes": 999}, "240"),
        ("nonsense", {}, "nonsense"),
    ],
)
def test_an_order_that_lacks_something_says_what(office, running, kind, fields, said):
    [attempt] = begin(running)
    assert said in post_order(office, running, kind, attempt, **fields).text


def test_an_order_without_anybody_or_with_a_foreign_attempt_does_nothing(office, running):
    assert "选好对谁操作" in post_order(office, running, "pause").text
    [foreign] = begin(exam_with_papers(opens_at=current_time(), closes_at=current_time() + timedelta(hours=1)))
    post_order(office, running, "void", foreign)
    assert Attempt.objects.get(pk=foreign.pk).status == AttemptStatus.WRITING


def test_late_answers_are_shown_with_evidence_and_ruled_on(office, running):
    [attempt] = begin(running)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=current_time() - timedelta(hours=2), deadline_at=current_time() - timedelta(hours=1)
    )
    attempts_actions.expire_attempt(attempt_id=attempt.pk, now=current_time())
    HeldChange.objects.create(
        attempt=attempt, reason="late", position=1, response=["o1"], client=5, client_number=1,
        made_at=current_time() - timedelta(minutes=70), received_at=current_time(),
    )  # fmt: skip
    address = reverse("exams:late", args=[running.pk, attempt.pk])
    page = office.get(address)
    assert "70 分钟" in page.text
    assert "o1" not in page.text
    data = {"held": [row.pk for row in attempt.held_changes.all()], "ruling": "accepted"}
    done = office.post(address, data | {"reason": Reason.objects.get(code="network").pk}, follow=True)
    assert "裁定已记录" in done.text
    assert attempt.answers.get(position=1).response == ["o1"]


def test_extra_time_is_given_to_somebody_who_is_meant(office, running):
    person = EmploymentFactory().person
    address = reverse("exams:extra_time", args=[running.pk])
    data = {"number": person.username, "minutes": 20, "reason": Reason.objects.get(code="accommodation").pk}
    assert person.name in office.post(address, data, follow=True).text
    assert ExtraTime.objects.get().minutes == 20
    assert "没有这个工号" in office.post(address, data | {"number": "nobody"}).text


def test_the_timeline_tells_the_story_without_the_answers(office, running):
    [attempt] = begin(running)
    answer(attempt, 1)
    answer(attempt, 2)
    post_order(office, running, "warn", attempt, text="请坐好")
    post_order(office, running, "extend", attempt, minutes=10)
    attempts_actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, now=current_time())
    page = office.get(reverse("exams:timeline", args=[running.pk, attempt.pk])).text
    places = [page.index(text) for text in ("开考", "作答 2 次：第 1、2 题", "请坐好", "延时 10 分钟", "本人交卷")]
    assert places == sorted(places)
    assert "记录核对无误" in page
    assert "o1" not in page


def test_a_record_that_was_altered_stands_on_top(office, running):
    [attempt] = begin(running)
    answer(attempt)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exams_answerevent SET response = %s", ['["o3"]'])
    page = office.get(reverse("exams:timeline", args=[running.pk, attempt.pk])).text
    assert "记录对不上" in page
    assert "event 1 altered" in page


def test_what_stands_out_is_listed_once_the_exam_is_over_and_explained(office, running):
    [attempt] = begin(running)
    answer(attempt)
    attempts_actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, now=current_time())
    figures = {"rapid": 9, "timed": 10, "effort": 0.1}
    Behaviour.objects.create(
        attempt=attempt, traits=["rapid"], figures=figures, compared_with=30, computed_at=current_time()
    )
    live, story = reverse("exams:live", args=[running.pk]), reverse("exams:timeline", args=[running.pk, attempt.pk])
    assert "值得看一眼" not in office.get(live).text
    Exam.objects.filter(pk=running.pk).update(closes_at=current_time())
    assert story in office.get(live).text
    page = office.get(story).text
    assert "10 题里有 9 题答得太快" in page
    assert "以前做过同样的题" in page


def test_a_ruling_is_warned_when_the_answers_were_out_before(office, rules):
    now = current_time()
    window = {"opens_at": now - timedelta(hours=3), "closes_at": now + timedelta(hours=3)}
    said = []
    for release in ("at_once", "after_window"):
        exam = exam_with_papers(release=release, **window)
        [attempt] = begin(exam)
        HeldChange.objects.create(
            attempt=attempt, reason="late", position=1, response=["o1"], client=5, client_number=1, made_at=now,
            received_at=now,
        )  # fmt: skip
        page = office.get(reverse("exams:late", args=[exam.pk, attempt.pk])).text
        said.append("考生可能已经看到答案" in page)
    assert said == [True, False]
