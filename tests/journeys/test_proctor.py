"""A proctor through an exam: who runs, the board, orders, late answers, the story of an attempt."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from exams.attempts import actions
from exams.attempts.held_models import HeldChange
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.packets import packet_of
from exams.integrity.actions import take_signals
from exams.papers.models import Exam
from exams.proctoring.starter import load_reasons
from lms.access.roles import Role
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EmploymentFactory, EnterpriseFactory, RoleAssignmentFactory, UserFactory
from tests.journeys.conftest import SCREENS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
NAMES = ["孟庆舟", "郝立强", "薛桂芬", "曲振东", "邵文静", "辛建国", "卞晓峰", "栾玉梅"]


@pytest.fixture
def exam() -> Exam:
    load_rules(rows=starter_rules())
    load_reasons()
    now = timezone.now()
    made = exam_with_papers(singles=12, multiples=4, judgements=4, title="有限空间专项考试")
    Exam.objects.filter(pk=made.pk).update(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=3))
    return Exam.objects.get(pk=made.pk)


@pytest.fixture
def room(exam: Exam) -> list[Attempt]:
    """Eight people in different states."""
    now = timezone.now()
    plant = EnterpriseFactory(name="柏岭污水处理有限公司")
    people = [EmploymentFactory(person__name=name, enterprise=plant).person for name in NAMES]
    begun = [actions.start_attempt(exam_id=exam.pk, by=person, now=now - timedelta(minutes=20)) for person in people]
    for place, attempt in enumerate(begun):
        rows = [{"number": n, "position": n, "response": ["o1"]} for n in range(1, 6 + 2 * place)]
        packet = packet_of({"client": 1, "changes": rows})
        seen = now - timedelta(minutes=8 if place == 3 else 0)
        actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=seen)
    actions.submit_attempt(attempt_key=begun[1].key, by=begun[1].person, now=now)
    leaves = [
        {
            "kind": "left_page",
            "at": (now - timedelta(minutes=n)).isoformat(),
            "seconds": 26,
            "detail": {"how": "hidden"},
        }
        for n in range(1, 5)
    ]
    attempt = Attempt.objects.select_related("exam").get(pk=begun[6].pk)
    take_signals(attempt=attempt, signals=leaves, now=now)
    return begun


@pytest.fixture
def desk(signed_in, live_server, exam, room) -> Page:
    """The board of the exam at a proctor's desk."""
    proctor = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=proctor, role=Role.ADMINISTRATOR)
    page = signed_in(proctor).new_page()
    page.goto(f"{live_server.url}/exams/live/")
    page.get_by_role("link", name=re.compile("有限空间专项考试")).click()
    expect(page.locator("#board li")).to_have_count(8)
    return page


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(300)
    page.screenshot(path=Path(SCREENS) / f"proctor-{name}.png", full_page=True)


def seat(page: Page, name: str):
    return page.locator("#board li", has_text=name)


def test_the_board_tells_who_needs_attention(desk, room):
    expect(seat(desk, "郝立强")).to_contain_text("已交卷")
    expect(seat(desk, "曲振东")).to_contain_text("离线", timeout=10_000)
    expect(seat(desk, "卞晓峰")).to_contain_text("切屏 4 次", timeout=10_000)
    shot(desk, "board-1280")
    seat(desk, "卞晓峰").locator("a").click()
    expect(desk.locator("#seat")).to_contain_text("离开页面 26 秒")
    expect(desk.locator("#seat")).to_contain_text("来电、弹窗")
    shot(desk, "seat-1280")
    desk.get_by_role("button", name=re.compile("^要留意")).click()
    expect(desk.locator("#board li:visible")).to_have_count(2)
    desk.set_viewport_size({"width": 360, "height": 780})
    desk.get_by_role("button", name=re.compile("^全部")).click()
    shot(desk, "board-360")


def test_an_order_is_carried_out_while_the_candidate_writes(desk, room, signed_in, live_server):
    candidate = signed_in(room[2].person, width=360).new_page()
    candidate.goto(f"{live_server.url}/exams/attempts/{room[2].key}/")
    candidate.wait_for_selector(".exam.live")
    seat(desk, "薛桂芬").locator("a").click()
    panel = desk.locator("#seat")
    panel.locator("summary", has_text="延时").click()
    panel.locator("details[open] input[name=minutes]").last.fill("15")
    panel.get_by_role("button", name="延时").click()
    expect(desk.locator("main")).to_contain_text("延时：1 人。")
    expect(candidate.locator("#toast")).to_contain_text("监考延长 15 分钟", timeout=15_000)
    panel.locator("textarea").first.fill("请把手机放在桌面上")
    panel.get_by_role("button", name="发送").first.click()
    expect(candidate.locator("#message-dialog")).to_contain_text("请把手机放在桌面上", timeout=15_000)
    candidate.get_by_role("button", name="知道了").click()
    candidate.locator("#q1 .option, .question.is-current .option").first.click()
    expect(candidate.locator(".exam-bar [data-save-state]")).to_have_text("已保存")
    desk.locator("summary", has_text="全场暂停").click()
    desk.get_by_role("button", name="全场暂停").click()
    expect(candidate.locator("#pause-dialog")).to_be_visible(timeout=15_000)
    shot(desk, "paused-1280")
    desk.locator("summary", has_text="全场暂停").click()
    desk.get_by_role("button", name="全场继续").click()
    expect(candidate.locator("#pause-dialog")).to_be_hidden(timeout=15_000)
    seat(desk, "薛桂芬").locator("a").click()
    panel.locator("summary", has_text="强制交卷").click()
    panel.locator("details[open] .btn-danger").first.click()
    expect(candidate.locator("#closing-dialog")).to_contain_text("这份答卷已经交了", timeout=15_000)
    desk.get_by_role("link", name="整个经过").click()
    expect(desk.locator("main")).to_contain_text("记录核对无误")
    expect(desk.locator(".timeline")).to_contain_text("强制交卷")
    shot(desk, "timeline-1280")
    desk.set_viewport_size({"width": 360, "height": 780})
    shot(desk, "timeline-360")


def test_late_answers_are_ruled_on(desk, room, exam, live_server):
    attempt, now = room[4], timezone.now()
    actions.expire_attempt(attempt_id=attempt.pk, now=now + timedelta(hours=2))
    HeldChange.objects.bulk_create(
        HeldChange(
            attempt=attempt, reason="late", position=n, response=["o2"], client=9, client_number=50 + n,
            made_at=now, received_at=now + timedelta(minutes=50),
        )
        for n in (14, 15, 16)
    )  # fmt: skip
    assert Attempt.objects.get(pk=attempt.pk).status == AttemptStatus.SUBMITTED
    expect(seat(desk, "邵文静")).to_contain_text("补传 3 处待裁定", timeout=10_000)
    seat(desk, "邵文静").locator("a").click()
    desk.get_by_role("link", name="补传的 3 处作答待裁定").click()
    desk.locator("input[name=held]").first.uncheck()
    shot(desk, "late-1280")
    desk.set_viewport_size({"width": 360, "height": 780})
    shot(desk, "late-360")
    desk.get_by_label("理由").select_option(label="网络故障")
    desk.get_by_role("button", name="选中的计入").click()
    expect(desk.locator("main")).to_contain_text("裁定已记录")
    assert sorted(HeldChange.objects.values_list("ruling", flat=True)) == ["", "accepted", "accepted"]
    desk.goto(f"{live_server.url}/exams/office/{exam.pk}/extra-time/")
    shot(desk, "extra-time-360")
