"""The day of an exam with check-in: the device test, the readiness report, the proctor's desk, the start."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from exams.attempts.checkin_models import CheckIn
from exams.attempts.models import Attempt
from exams.papers.models import Exam
from exams.papers.sitting import CheckInRule
from exams.proctoring.device_test_models import DeviceTest
from exams.proctoring.starter import load_reasons
from lms.access.roles import Role
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import ExamAudienceFactory, drawn_picture, exam_with_papers
from tests.factories.lms import EmploymentFactory, EnterpriseFactory, RoleAssignmentFactory, UserFactory
from tests.journeys.conftest import SCREENS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
NAMES = ["孟庆舟", "郝立强", "薛桂芬", "曲振东", "邵文静", "辛建国"]


@pytest.fixture
def plant():
    load_rules(rows=starter_rules())
    load_reasons()
    return EnterpriseFactory(name="柏岭污水处理有限公司", short_name="柏岭污水")


@pytest.fixture
def exam(plant) -> Exam:
    now = timezone.now()
    made = exam_with_papers(
        papers=4, singles=12, multiples=4, judgements=4, title="有限空间专项考试", enterprise=plant, audience=False,
        check_in=CheckInRule.PROCTOR, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=3),
    )  # fmt: skip
    ExamAudienceFactory(exam=made, enterprise=plant, valid_from=timezone.localdate(now))
    return made


@pytest.fixture
def people(plant):
    return [EmploymentFactory(person__name=name, enterprise=plant).person for name in NAMES]


@pytest.fixture
def manager(plant):
    person = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=person, role=Role.SAFETY_MANAGER, enterprise=plant)
    return person


def shot(page: Page, name: str) -> None:
    """Keep what is seen; nothing sticks out sideways."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(300)
    page.screenshot(path=Path(SCREENS) / f"exam-day-{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"


def shot_at_both(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    shot(page, f"{name}-360")
    page.set_viewport_size({"width": 1280, "height": 860})
    shot(page, f"{name}-1280")


def test_from_the_device_test_to_the_start(exam, people, manager, signed_in, live_server):
    candidate = signed_in(people[0], width=360).new_page()
    candidate.goto(f"{live_server.url}/exams/{exam.pk}/")
    expect(candidate.locator("main")).to_contain_text("请到监考处签到")
    expect(candidate.get_by_role("button", name="开始考试")).to_have_count(0)
    shot(candidate, "refused-360")

    candidate.get_by_role("link", name="考前检测这台设备").click()
    shot(candidate, "device-before-360")
    candidate.get_by_role("button", name="开始检测").click()
    expect(candidate.locator("h2").first).to_have_text("这台设备可以考", timeout=20_000)
    expect(candidate.locator("main")).to_contain_text("断网时答案存得住")
    expect(candidate.locator("main")).to_contain_text("断网时刷新也能接着答")
    shot(candidate, "device-after-360")
    results = DeviceTest.objects.get(person=people[0]).results
    assert (results["journal"], results["worker"], abs(results["clock_ms"]) < 5_000) == (True, True, True)
    candidate.get_by_role("link", name="回到考试页").click()

    desk = signed_in(manager).new_page()
    desk.goto(f"{live_server.url}/exams/office/{exam.pk}/")
    desk.get_by_role("link", name="开考准备").click()
    expect(desk.locator("main")).to_contain_text("6 人中 1 人的设备检测通过")
    desk.get_by_role("button", name="自测保存速度").click()
    desk.wait_for_url(re.compile("/readiness/|/jobs/"))
    desk.goto(f"{live_server.url}/exams/office/{exam.pk}/readiness/")
    expect(desk.locator("main")).to_contain_text(re.compile(r"实测 \d+ 次"))
    shot_at_both(desk, "readiness")

    desk.get_by_role("link", name="监考", exact=True).last.click()
    expect(desk.locator("main")).to_contain_text("还没开考：已签到 0 人，未签到 6 人")
    desk.get_by_role("link", name="签到核验").click()
    shot_at_both(desk, "door-before")
    desk.locator(".door > li", has_text="郝立强").get_by_text("不符、没有照片").click()
    refused = desk.locator(".door > li", has_text="郝立强")
    refused.locator("select").select_option(label="证件和本人对不上")
    shot_at_both(desk, "door-open")
    refused.get_by_role("button", name="人证不符，不放行").click()
    expect(desk.locator("main")).to_contain_text("郝立强 没有放行")
    desk.get_by_role("searchbox").fill("孟庆")
    desk.keyboard.press("Enter")
    expect(desk.locator(".door > li")).to_have_count(1)
    desk.locator("summary", has_text="存一张照片").click()
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": drawn_picture(300, 400)}
    desk.locator("input[type=file]").set_input_files(photo)
    desk.get_by_label("本人同意保存照片").check()
    shot_at_both(desk, "photo")
    desk.get_by_role("button", name="保存照片").click()
    expect(desk.locator(".door-photo")).to_be_visible()
    desk.wait_for_load_state("networkidle")
    assert desk.evaluate("document.querySelector('.door-photo').naturalWidth") == 300
    desk.locator(".door > li").get_by_role("button", name="人证相符").click()
    expect(desk.locator("main")).to_contain_text("孟庆舟 已放行")
    desk.goto(f"{live_server.url}/exams/office/{exam.pk}/check-in/")
    shot_at_both(desk, "door-after")
    assert list(CheckIn.objects.order_by("pk").values_list("outcome", flat=True)) == ["mismatch", "match"]

    expect(candidate.get_by_role("button", name="开始考试")).to_be_visible(timeout=20_000)
    candidate.get_by_role("button", name="开始考试").click()
    candidate.wait_for_selector(".exam.live")
    assert Attempt.objects.get().person == people[0]
    desk.goto(f"{live_server.url}/exams/office/{exam.pk}/live/")
    expect(desk.locator("#board li")).to_have_count(1)
    desk.locator("summary", has_text="还没开考").click()
    shot_at_both(desk, "board")


def test_without_scripts_the_test_says_what_is_missing(exam, people, chromium, live_server):
    client = Client()
    client.force_login(people[0], backend=settings.AUTHENTICATION_BACKENDS[0])
    context = chromium.new_context(viewport={"width": 360, "height": 780}, java_script_enabled=False, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/exams/{exam.pk}/device-test/")
    expect(page.locator("main")).to_contain_text("浏览器没有运行脚本，检测不了。")
    expect(page.get_by_role("button", name="开始检测")).to_have_count(0)
    page.screenshot(path=Path(SCREENS) / "exam-day-device-plain-360.png", full_page=True)
    context.close()


def test_an_administrator_keeps_the_reasons(plant, signed_in, live_server):
    administrator = UserFactory(name="薛明海")
    RoleAssignmentFactory(person=administrator, role=Role.ADMINISTRATOR)
    page = signed_in(administrator).new_page()
    page.goto(f"{live_server.url}/exams/reasons/")
    shot_at_both(page, "reasons")
    page.get_by_label("理由", exact=True).fill("火警")
    page.get_by_label("代码").fill("fire")
    page.get_by_label("暂停").check()
    page.get_by_role("button", name="加上").click()
    page.get_by_role("link", name="火警", exact=True).click()
    page.get_by_label("使用中").uncheck()
    shot_at_both(page, "reason")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("tr", has_text="火警").last).to_contain_text("已停用")
