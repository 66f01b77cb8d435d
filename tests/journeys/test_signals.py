"""Signals and Safe Exam Browser in a real browser: what is noted, what is let through, what a refusal leaves intact."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from exams.attempts import actions
from exams.attempts.models import Answer, Attempt
from exams.integrity.actions import take_signals
from exams.integrity.models import Signal
from exams.lockdown.headers import request_hash
from exams.lockdown.queries import settings_of
from exams.papers.models import Exam
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EmploymentFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
BEGIN = """async ([address, rules]) => {
    const { Signals } = await import(address);
    window.leaves = [];
    const onLeave = (count) => window.leaves.push(count);
    window.signals = new Signals({ rules, now: () => Date.now(), store: "test", onLeave });
}"""
HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def exam() -> Exam:
    load_rules(rows=starter_rules())
    now = timezone.now()
    return exam_with_papers(singles=3, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))


@pytest.fixture
def person(exam):
    return EmploymentFactory().person


@pytest.fixture
def attempt(exam, person) -> Attempt:
    return actions.start_attempt(exam_id=exam.pk, by=person, now=timezone.now())


@pytest.fixture
def desk(signed_in, person) -> BrowserContext:
    """A computer in which the candidate is signed in."""
    return signed_in(person)


@pytest.fixture
def watched(desk, attempt, live_server) -> Callable[..., Page]:
    """`watched(blockCopy=True)`: a page of ours with the module at work, and nothing else that listens."""
    page = desk.new_page()

    def begin(*, again: bool = False, **rules: object) -> Page:
        if not again:
            page.goto(f"{live_server.url}/exams/receipt/")
        page.evaluate(BEGIN, [static("exams/signals.js"), {"leaveTolerance": 3, **rules}])
        return page

    return begin


def noted(page: Page) -> list[tuple[str, object]]:
    return [(signal["kind"], signal["detail"].get("blocked")) for signal in page.evaluate("signals.take(50)")]


def until(page: Page, expression: str) -> None:
    """Wait for an expression to hold (the page's policy forbids Playwright's own way)."""
    for _ in range(60):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def leave(page: Page, milliseconds: int) -> None:
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    page.evaluate(HIDE, True)
    page.wait_for_timeout(milliseconds)
    page.evaluate(HIDE, False)
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_hidden_and_out_of_focus_are_one_leave_with_its_length(watched, attempt):
    page = watched()
    leave(page, 700)
    page.wait_for_timeout(1200)
    leave(page, 100)
    first, second = page.evaluate("signals.take(50)")
    assert (first["kind"], first["detail"]["how"]) == ("left_page", "hidden")
    assert first["seconds"] >= 0.7 > second["seconds"]
    assert page.evaluate("leaves") == [1, 2]
    taken = take_signals(attempt=attempt, signals=[first, second], now=timezone.now())
    assert taken.count == sum(signal["seconds"] >= 2 for signal in (first, second))
    assert Signal.objects.filter(kind="left_page").count() == 2


def test_the_queue_survives_a_reload_and_a_reload_is_no_leave(watched):
    page = watched()
    page.evaluate("signals.note('second_screen')")
    leave(page, 50)
    page.reload()
    watched(again=True)
    assert noted(page) == [("second_screen", None), ("left_page", None)]
    page.evaluate("signals.acknowledge(1)")
    page.reload()
    watched(again=True)
    assert noted(page) == [("left_page", None)]
    page.evaluate("signals.stop()")
    watched(again=True)
    assert noted(page) == []


def test_a_page_that_was_left_for_another_is_a_leave(watched, live_server, attempt):
    page = watched()
    page.goto(f"{live_server.url}/exams/")
    watched()
    assert noted(page) == [("left_page", None)]


@pytest.mark.parametrize("block", [False, True])
def test_copying_and_pasting_are_noted_and_blocked_only_where_the_exam_says_so(watched, attempt, block):
    page = watched(blockCopy=block)
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<textarea id=field>先通风</textarea>");
        field.focus();
        field.select();
    }""")
    page.keyboard.press("Control+c")
    page.keyboard.press("End")
    page.keyboard.press("Control+v")
    page.keyboard.type("再检测")
    page.locator("#field").click(button="right")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert noted(page) == [("copy", block), ("paste", block), ("context_menu", block), ("print", True)]
    copied = page.evaluate("signals.take(1)")[0]["detail"]
    assert copied["characters"] == 3
    assert "通风" not in page.evaluate("JSON.stringify(signals.take(50))")
    assert page.input_value("#field") == ("先通风再检测" if block else "先通风先通风再检测")
    take_signals(attempt=attempt, signals=page.evaluate("signals.take(50)"), now=timezone.now())
    assert Signal.objects.count() == 4


def test_a_menu_opened_by_key_is_never_blocked(watched):
    page = watched(blockCopy=True)
    prevented = page.evaluate("""() => ["", "mouse", "touch"].map((pointerType) => {
        const event = new PointerEvent("contextmenu", { pointerType, button: 2, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
        return event.defaultPrevented;
    })""")
    assert prevented == [False, True, True]


def test_leaving_full_screen_is_noted_where_the_exam_asks_for_it(watched):
    page = watched(fullScreen=True)
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("afterbegin", "<button id=full>全屏</button>");
        full.addEventListener("click", () => signals.enterFullScreen());
    }""")
    page.click("#full")
    until(page, "Boolean(document.fullscreenElement) && signals.wasFull")  # the event has been heard
    page.evaluate("document.exitFullscreen()")
    until(page, "!document.fullscreenElement")
    until(page, "signals.take(50).some((signal) => signal.kind === 'full_screen_left')")


def test_a_second_screen_is_noted_once(watched):
    page = watched()
    page.evaluate("Object.defineProperty(screen, 'isExtended', { value: true })")
    page.evaluate("signals.lookAtScreens(), screen.dispatchEvent(new Event('change'))")
    assert noted(page) == [("second_screen", None)]


# --- Safe Exam Browser ---------------------------------------------------------------------------


@pytest.fixture
def seb(exam, live_server, settings):
    """The exam demands the browser; our origin is the live server's."""
    settings.PUBLIC_ORIGIN = live_server.url
    Exam.objects.filter(pk=exam.pk).update(seb_required=True)
    exam.refresh_from_db()
    return settings_of(exam.pk)


def pretend_to_be_seb(context: BrowserContext, keys: dict[str, str], *, asked: bool) -> None:
    """The JavaScript API as WKWebView has it; `asked`: keys appear after updateKeys only (SEB 3.0)."""
    context.add_init_script(f"""(() => {{
        const keys = {keys!r};
        const told = {{ configKey: keys[location.href.split("#")[0]] ?? "", browserExamKey: "" }};
        const security = {{ updateKeys: (done) => setTimeout(() => {{ Object.assign(security, told); done(); }}, 50) }};
        if (!{str(asked).lower()}) Object.assign(security, told);
        window.SafeExamBrowser = {{ version: "SEB_macOS_3.0", security }};
    }})()""")


@pytest.mark.parametrize("asked", [True, False])
def test_a_browser_that_sends_no_headers_proves_itself_by_script(desk, exam, seb, live_server, asked):
    intro = f"{live_server.url}{reverse('exams:exam', args=[exam.pk])}"
    keys = {intro: request_hash(intro, seb.config_key)}
    page = desk.new_page()
    page.goto(intro)
    expect(page.locator("#h-seb")).to_be_visible()
    page.screenshot(path="build/screens/seb-outside-wide.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 780})
    page.screenshot(path="build/screens/seb-outside-phone.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 860})
    pretend_to_be_seb(desk, keys, asked=asked)
    page.goto(intro)
    page.get_by_role("button", name="开始考试").click()
    page.wait_for_selector(".exam.live")
    address = page.url.split("#")[0]
    pretend_to_be_seb(desk, {**keys, address: request_hash(address, seb.config_key)}, asked=asked)
    page.reload()
    page.wait_for_selector(".exam.live")
    page.locator(".question.is-current .option").first.click()
    expect(page.locator(".exam-side [data-save-state]")).to_contain_text("已保存", timeout=40_000)
    assert Answer.objects.count() == 1


def test_a_refused_save_says_why_and_keeps_the_answer(desk, exam, seb, live_server):
    intro = f"{live_server.url}{reverse('exams:exam', args=[exam.pk])}"
    pretend_to_be_seb(desk, {intro: request_hash(intro, seb.config_key)}, asked=False)
    page = desk.new_page()
    page.goto(intro)
    page.get_by_role("button", name="开始考试").click()
    page.wait_for_selector(".exam.live")
    page.locator(".question.is-current .option").first.click()
    expect(page.locator("#notice")).to_contain_text("这里不是 Safe Exam Browser", timeout=20_000)
    assert not Answer.objects.exists()
    address = page.url.split("#")[0]
    pretend_to_be_seb(desk, {address: request_hash(address, seb.config_key)}, asked=False)
    page.reload()
    page.wait_for_selector(".exam.live")
    expect(page.locator(".exam-side [data-save-state]")).to_contain_text("已保存", timeout=40_000)
    assert Answer.objects.count() == 1
