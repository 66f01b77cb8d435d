"""Answers survive bad networks, reloads, second tabs and the end of time, in a real browser."""

import os
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from exams.attempts import actions
from exams.attempts.models import Answer, AnswerEvent, Attempt
from exams.attempts.verification import verify
from exams.papers.models import Exam
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EmploymentFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SAVE = "**/save/"
# Playwright keeps an event loop in this thread; Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def attempt() -> Attempt:
    """Six questions, begun a minute ago."""
    load_rules(rows=starter_rules())
    exam = exam_with_papers(singles=4, multiples=1, judgements=1)
    now = timezone.now()
    Exam.objects.filter(pk=exam.pk).update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    return actions.start_attempt(exam_id=exam.pk, by=EmploymentFactory().person, now=now - timedelta(minutes=1))


@pytest.fixture
def phone(signed_in, attempt: Attempt) -> BrowserContext:
    """A phone in which the candidate is signed in."""
    return signed_in(attempt.person, width=360, is_mobile=True)


@pytest.fixture
def open_sheet(phone: BrowserContext, attempt: Attempt, live_server) -> Callable[[], Page]:
    """`open_sheet()` opens the attempt in a new tab."""

    def tab() -> Page:
        page = phone.new_page()
        page.goto(f"{live_server.url}/exams/attempts/{attempt.key}/")
        page.wait_for_selector(".exam.live")
        return page

    return tab


def choose(page: Page, position: int, option: str) -> None:
    page.evaluate(f"location.hash = ''; document.querySelector('[data-cell=\"{position}\"]').click()")
    page.locator(f"#q{position} .option:has(input[value={option}])").click()


def chosen(page: Page, position: int) -> list[str]:
    return page.eval_on_selector_all(f"#q{position} input:checked", "inputs => inputs.map(input => input.value)")


def state(page: Page) -> str:
    return page.inner_text(".exam-bar [data-save-state]")


def saved(page: Page) -> None:
    expect(page.locator(".exam-bar [data-save-state]")).to_have_text("已保存", timeout=40_000)


def stored(attempt: Attempt) -> dict[int, list[str]]:
    return {answer.position: answer.response for answer in Answer.objects.filter(attempt=attempt)}


def agrees(attempt: Attempt) -> None:
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_answers_given_off_line_arrive_when_the_network_is_back(phone, open_sheet, attempt):
    page = open_sheet()
    choose(page, 1, "o1")
    saved(page)
    phone.set_offline(True)
    choose(page, 1, "o2")
    choose(page, 2, "o3")
    choose(page, 5, "o1")
    choose(page, 5, "o3")
    expect(page.locator("#notice")).to_be_visible()
    assert state(page) == "3 题待传"
    assert stored(attempt) == {1: ["o1"]}
    phone.set_offline(False)
    saved(page)
    expect(page.locator("#notice")).to_be_hidden()
    assert stored(attempt) == {1: ["o2"], 2: ["o3"], 5: ["o1", "o3"]}
    agrees(attempt)


def test_a_reload_keeps_what_the_server_never_got(phone, open_sheet, attempt):
    page = open_sheet()
    page.route(SAVE, lambda route: route.abort())
    choose(page, 1, "o4")
    choose(page, 3, "o1")
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_selector(".exam.live")
    assert (chosen(page, 1), chosen(page, 3)) == (["o4"], ["o1"])
    assert stored(attempt) == {}
    page.unroute(SAVE)
    saved(page)
    assert stored(attempt) == {1: ["o4"], 3: ["o1"]}


def test_lost_acknowledgements_neither_lose_nor_double_anything(open_sheet, attempt):
    page = open_sheet()
    saved(page)
    lost: list[int] = []

    def swallow(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(SAVE, swallow)
    choose(page, 1, "o2")
    choose(page, 2, "o2")
    page.wait_for_timeout(300)
    saved(page)
    assert lost == [200, 200]
    assert stored(attempt) == {1: ["o2"], 2: ["o2"]}
    assert AnswerEvent.objects.filter(attempt=attempt).count() == 2
    agrees(attempt)


def test_an_older_packet_of_another_tab_never_overwrites(open_sheet, attempt):
    old, new = open_sheet(), open_sheet()
    held: list[Route] = []
    old.route(SAVE, lambda route: held.append(route))  # noqa: PLW0108 – the arity decides what is passed
    choose(old, 1, "o1")
    old.wait_for_timeout(800)
    choose(new, 1, "o3")
    saved(new)
    assert chosen(old, 1) == ["o3"]  # told by the other tab
    assert held
    for route in held:
        route.continue_()
    old.unroute(SAVE)
    saved(old)
    assert stored(attempt) == {1: ["o3"]}
    agrees(attempt)


def test_signed_out_in_between_loses_nothing(phone, open_sheet, attempt, live_server):
    page = open_sheet()
    saved(page)
    cookies = phone.cookies()
    phone.clear_cookies(name="sessionid")
    choose(page, 2, "o1")
    expect(page.locator("#notice")).to_contain_text("登录已过期")
    phone.add_cookies(cookies)
    saved(page)
    assert stored(attempt) == {2: ["o1"]}


def test_handing_in_takes_outstanding_answers_along(phone, open_sheet, attempt):
    page = open_sheet()
    page.route(SAVE, lambda route: route.abort())
    choose(page, 1, "o2")
    page.click(".exam-bar [data-ask-submit]")
    expect(page.locator("#submit-dialog")).to_contain_text("还有 5 题没有作答")
    page.click("#submit-dialog [data-submit]")
    page.wait_for_url("**/result/")
    done = Attempt.objects.get(pk=attempt.pk)
    assert (done.status, done.submit_reason, int(done.score)) == ("submitted", "person", 2)
    agrees(attempt)


def test_at_zero_the_page_hands_in_by_itself(open_sheet, attempt):
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=timezone.now() + timedelta(seconds=5))
    page = open_sheet()
    choose(page, 1, "o2")
    page.wait_for_url("**/result/", timeout=20_000)
    done = Attempt.objects.get(pk=attempt.pk)
    assert (done.status, int(done.score)) == ("submitted", 2)


def test_handing_in_off_line_waits_and_then_succeeds(phone, open_sheet, attempt):
    page = open_sheet()
    saved(page)
    phone.set_offline(True)
    choose(page, 4, "o2")
    page.click(".exam-bar [data-ask-submit]")
    page.click("#submit-dialog [data-submit]")
    expect(page.locator("#closing-text")).to_contain_text("网络恢复后自动交卷")
    phone.set_offline(False)
    page.wait_for_url("**/result/")
    assert Attempt.objects.get(pk=attempt.pk).score == 2


def test_keyboard_alone_is_enough(open_sheet, attempt):
    page = open_sheet()
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("c")
    page.keyboard.press("f")
    page.keyboard.press("ArrowLeft")
    time.sleep(0.2)
    saved(page)
    assert len(stored(attempt)) == 2
    assert page.locator(".sheet a.flag").count() == 1
