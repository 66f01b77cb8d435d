"""Two markers and a third one between them; then a reviewer who corrects a key after seeing who changes."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from exams.attempts import actions
from exams.attempts.models import Attempt
from exams.attempts.packets import packet_of
from exams.attempts.verification import verify
from exams.papers.correction_models import Correction
from lms.access.roles import Role
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.exams.marking.test_actions import nine_answers
from tests.factories.exams import QuestionVersionFactory, exam_of_all_types
from tests.factories.lms import EmploymentFactory, EnterpriseFactory, RoleAssignmentFactory, UserFactory
from tests.journeys.conftest import SCREENS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def exam():
    load_rules(rows=starter_rules())
    now = timezone.now()
    return exam_of_all_types(
        title="全镇有限空间统考", pass_percent=Decimal(60), marking="double", marking_tolerance=20,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
    )  # fmt: skip


@pytest.fixture
def attempts(exam):
    """Two candidates who handed in."""
    handed_in = []
    employer = EnterpriseFactory(short_name="海晟鞋业")
    for name, text in (("薛桂芬", "停止作业，报告，等专业救援。"), ("初海燕", "下去救人。")):
        person = EmploymentFactory(person__name=name, enterprise=employer).person
        attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=timezone.now())
        answers = nine_answers(attempt) | {8: [text]}
        changes = [{"number": n, "position": n, "response": response} for n, response in answers.items()]
        packet = packet_of({"client": 1, "changes": changes})
        handed_in.append(actions.submit_attempt(attempt_key=attempt.key, by=person, packet=packet, now=timezone.now()))
    return handed_in


@pytest.fixture
def reviewers():
    people = [UserFactory(name=name) for name in ("仲伟", "宫艳", "初强")]
    for person in people:
        RoleAssignmentFactory(person=person, role=Role.REVIEWER)
    return people


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"marker-{name}.png", full_page=True)


def mark_all(page: Page, exam, address: str, points: dict[str, str], *, name: str = "") -> None:
    """Mark everything that waits for this person; points by words of the answer."""
    page.goto(f"{address}{reverse('exams:to_mark')}")
    page.get_by_role("link", name=exam.title).click()
    if name:
        shot(page, f"progress-{name}")
    while (begin := page.locator("main a.btn", has_text="阅")).count():
        begin.first.click()
        while page.locator("[data-mark-form]").count():
            answer = page.locator(".mark-answer").inner_text()
            given = next(value for words, value in points.items() if words in answer)
            page.locator("#id_points").fill(given)
            if name:
                shot(page, f"sheet-{name}")
                name = ""
            page.locator("[data-mark-form] button.btn-primary").click()
            page.wait_for_load_state()


def test_two_markers_and_the_one_who_decides_between_them(exam, attempts, reviewers, signed_in, live_server):
    first, second, third = reviewers
    desk = signed_in(first).new_page()
    mark_all(desk, exam, live_server.url, {"等专业救援": "9", "下去救人": "0", "不能盲目": "5"}, name="1280")
    expect(desk.get_by_text("你能阅的都阅完了")).to_be_visible()
    assert not Attempt.objects.filter(score__isnull=False).exists()
    phone = signed_in(second, width=360).new_page()
    mark_all(phone, exam, live_server.url, {"等专业救援": "8", "下去救人": "6", "不能盲目": "4"}, name="360")
    other = signed_in(third).new_page()
    other.goto(f"{live_server.url}{reverse('exams:marking', args=[exam.pk])}")
    expect(other.get_by_text("待仲裁 1")).to_be_visible()
    shot(other, "apart-1280")
    other.locator("main a.btn", has_text="阅").first.click()
    expect(other.locator("[data-mark-form]")).to_contain_text("第 1 评 0 分")
    expect(other.locator("[data-mark-form]")).to_contain_text("第 2 评 6 分")
    shot(other, "adjudication-1280")
    other.keyboard.press("1")  # the first expected point, worth 4 of 10
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="全部阅完，成绩已经评定")).to_be_visible()
    points = dict(Attempt.objects.values_list("person__name", "score"))
    assert points == {"薛桂芬": Decimal("30.17"), "初海燕": Decimal("25.67")}
    for attempt in Attempt.objects.select_related("exam"):
        assert verify(attempt) == []


def test_a_reviewer_sees_who_changes_before_a_key_is_corrected(exam, attempts, reviewers, signed_in, live_server):
    version = exam.papers.get().items.get(position=1).version
    QuestionVersionFactory(question=version.question, number=2, key=["o1"], options=version.options)
    exam.marking = "single"
    exam.save()
    desk = signed_in(reviewers[0]).new_page()
    mark_all(desk, exam, live_server.url, {"等专业救援": "9", "下去救人": "0", "不能盲目": "5"})
    desk.goto(f"{live_server.url}{reverse('exams:exam_publish', args=[exam.pk])}")
    desk.get_by_role("link", name="更正答案").click()
    shot(desk, "corrections-1280")
    desk.locator("main .list a", has_text=version.question.code).click()
    shot(desk, "correction-1280")
    desk.get_by_label("按更正后的答案判").check()
    desk.get_by_label("原因").fill("正确选项标错，应为第一项")
    desk.get_by_role("button", name="看谁的成绩会变").click()
    expect(desk.get_by_role("heading", name="2 份成绩会变")).to_be_visible()
    shot(desk, "preview-1280")
    desk.set_viewport_size({"width": 360, "height": 780})
    shot(desk, "preview-360")
    assert not Correction.objects.exists()
    desk.get_by_role("button", name="就这样判，开始重判").click()
    expect(desk.get_by_text("已重判")).to_be_visible()
    shot(desk, "corrected-360")
    points = dict(Attempt.objects.values_list("person__name", "score"))
    assert points == {"薛桂芬": Decimal("29.17"), "初海燕": Decimal("20.17")}
    candidate = signed_in(attempts[0].person, width=360).new_page()
    candidate.goto(f"{live_server.url}{reverse('exams:result', args=[attempts[0].key])}")
    expect(candidate.get_by_text("有 1 道题的答案更正过")).to_be_visible()
    shot(candidate, "result-360")
