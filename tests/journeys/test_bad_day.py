"""A candidate's bad day on a phone: no network, a reload without it, a killed page, a wrong clock, another device,
a proctor who extends, pauses and speaks. Every acknowledgement that the server gave is in a ledger."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Response, expect

from exams.attempts import actions
from exams.attempts.held_models import HeldChange
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus
from exams.attempts.verification import verify
from exams.integrity.models import Signal
from exams.papers.models import Exam
from exams.proctoring import actions as proctoring
from exams.proctoring.actions import Order
from exams.proctoring.models import InterventionKind, Reason
from exams.proctoring.starter import load_reasons
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EmploymentFactory, UserFactory
from tests.journeys.conftest import SCREENS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
SOON = 15_000  # ms; the page asks every four seconds, a loaded machine takes its time


@pytest.fixture
def exam() -> Exam:
    load_rules(rows=starter_rules())
    load_reasons()
    now = timezone.now()
    made = exam_with_papers(singles=4, multiples=1, judgements=1)
    Exam.objects.filter(pk=made.pk).update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    return Exam.objects.get(pk=made.pk)


@pytest.fixture
def person(exam: Exam):
    return EmploymentFactory(person__name="薛桂芬").person


class Ledger:
    """What the server acknowledged, as the browser heard it."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()

    def listen(self, context: BrowserContext) -> None:
        context.on("response", self.hear)

    def hear(self, response: Response) -> None:
        if response.url.endswith(("/save/", "/submit/")) and response.status == 200:
            self.numbers |= set(response.json()["acknowledged"])

    def check(self) -> None:
        assert self.numbers
        stored = list(AnswerEvent.objects.filter(kind="answer").values_list("client_number", flat=True))
        assert self.numbers <= set(stored)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def device(signed_in, person, ledger: Ledger) -> Callable[..., BrowserContext]:
    """`device()`: another browser in which the candidate is signed in."""

    def make(width: int = 360, **more: object) -> BrowserContext:
        context = signed_in(person, width=width, **more)
        ledger.listen(context)
        return context

    return make


def start(context: BrowserContext, address: str, exam: Exam) -> Page:
    page = context.new_page()
    page.goto(f"{address}/exams/{exam.pk}/")
    page.get_by_role("button", name="开始考试").click()
    page.wait_for_selector(".exam.live")
    return page


def choose(page: Page, position: int, option: str) -> None:
    page.evaluate(f"document.querySelector('[data-cell=\"{position}\"]').click()")
    page.locator(f"#q{position} .option:has(input[value={option}])").click()


def chosen(page: Page, position: int) -> list[str]:
    return page.eval_on_selector_all(f"#q{position} input:checked", "inputs => inputs.map(input => input.value)")


def saved(page: Page) -> None:
    expect(page.locator(".exam-bar [data-save-state]")).to_have_text("已保存", timeout=40_000)


KEPT = """async () => {
  for (const name of await caches.keys()) {
    const kept = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
    if (kept.some((path) => path.endsWith("attempt.js")) && kept.some((path) => path.startsWith("/exams/attempts/"))) {
      return navigator.serviceWorker.controller !== null;
    }
  }
  return false;
}"""


def kept_for_offline(page: Page) -> None:
    """Wait until the service worker has the paper and its parts."""
    for _ in range(100):
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(300)
    raise AssertionError("the paper was not kept")


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(SCREENS) / f"bad-day-{name}.png")


def test_a_reload_without_network_shows_paper_and_answers(device, exam, live_server, ledger):
    phone = device()
    page = start(phone, live_server.url, exam)
    choose(page, 1, "o2")
    saved(page)
    kept_for_offline(page)
    phone.set_offline(True)
    choose(page, 2, "o3")
    before = page.inner_text(".exam-bar [data-timer]")
    page.reload()
    page.wait_for_selector(".exam.live")
    assert (chosen(page, 1), chosen(page, 2)) == (["o2"], ["o3"])
    expect(page.locator("#notice")).to_be_visible()
    assert page.inner_text(".exam-bar [data-timer]") <= before
    choose(page, 3, "o1")
    shot(page, "offline-360")
    page.close()  # killed, and opened again without network
    page = phone.new_page()
    page.goto(f"{live_server.url}/exams/attempts/{Attempt.objects.get().key}/")
    page.wait_for_selector(".exam.live")
    assert [chosen(page, n) for n in (1, 2, 3)] == [["o2"], ["o3"], ["o1"]]
    phone.set_offline(False)
    saved(page)
    page.evaluate("document.querySelector('[data-ask-submit]').click()")
    page.locator("#submit-dialog [data-submit]").click()
    page.wait_for_url("**/result/")
    ledger.check()
    attempt = Attempt.objects.select_related("exam").get()
    assert dict(attempt.answers.exclude(response=[]).values_list("position", "response")) == {
        1: ["o2"], 2: ["o3"], 3: ["o1"],
    }  # fmt: skip
    assert verify(attempt) == []
    assert page.evaluate("caches.keys()") == []  # nothing of the paper stays on a shared phone


def test_what_is_answered_in_the_last_moment_of_a_page_is_not_lost(device, exam, live_server, ledger):
    page = start(device(), live_server.url, exam)
    saved(page)
    with page.expect_navigation():
        page.evaluate("""() => {
          addEventListener("pagehide", () => document.querySelector("#q1 input[value=o2]").click());
          location.reload();
        }""")
    page.wait_for_selector(".exam.live")
    expect(page.locator("#q1 input[value=o2]")).to_be_checked()
    saved(page)
    assert AnswerEvent.objects.get(kind="answer").response == ["o2"]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('sanzhen-ahead'))") == []


@pytest.mark.parametrize("days", [1, -1])
def test_a_phone_whose_clock_is_wrong_by_a_day_dates_its_answers_right(device, exam, live_server, days):
    phone = device()
    phone.add_init_script(f"const real = Date.now.bind(Date); Date.now = () => real() + {days * 86_400_000};")
    page = start(phone, live_server.url, exam)
    choose(page, 1, "o2")
    saved(page)
    event = AnswerEvent.objects.get()
    assert abs((event.made_at - event.received_at).total_seconds()) < 10
    page.reload()
    page.wait_for_selector(".exam.live")
    assert page.inner_text(".exam-bar [data-timer]").startswith(("1:00:", "59:"))


def test_what_a_proctor_does_is_on_the_page_within_five_seconds(device, exam, live_server):
    page = start(device(), live_server.url, exam)
    page.wait_for_timeout(1_000)
    attempt, proctor = Attempt.objects.get(), UserFactory()
    reason = Reason.objects.get(code="network")

    def do(kind: str, **more: object) -> None:
        order = Order(InterventionKind(kind), reason, **more)
        proctoring.intervene(exam=exam, order=order, attempt_ids=[attempt.pk], by=proctor, now=timezone.now())

    do("extend", minutes=30)
    expect(page.locator("#toast")).to_contain_text("监考延长 30 分钟", timeout=SOON)
    shot(page, "extended-360")
    expect(page.locator(".exam-bar [data-timer]")).to_have_text(re.compile("^1:29:"))
    do("warn", text="请不要交头接耳")
    expect(page.locator("#message-dialog")).to_contain_text("请不要交头接耳", timeout=SOON)
    shot(page, "warning-360")
    page.get_by_role("button", name="知道了").click()
    do("pause")
    expect(page.locator("#pause-dialog")).to_be_visible(timeout=SOON)
    shot(page, "paused-360")
    page.reload()
    expect(page.locator("#pause-dialog")).to_be_visible()
    expect(page.locator("#message-dialog")).to_be_hidden()  # confirmed once is enough
    do("resume")
    expect(page.locator("#pause-dialog")).to_be_hidden(timeout=SOON)
    choose(page, 1, "o2")
    saved(page)
    do("force_submit")
    expect(page.locator("#closing-dialog")).to_contain_text("这份答卷已经交了", timeout=SOON)
    assert verify(Attempt.objects.select_related("exam").get()) == []


@pytest.mark.parametrize("kind", ["extend", "pause"])
def test_time_given_while_the_network_was_away_is_not_handed_in(device, exam, live_server, kind):
    phone = device()
    page = start(phone, live_server.url, exam)
    choose(page, 1, "o2")
    saved(page)
    attempt, ends = Attempt.objects.get(), timezone.now() + timedelta(seconds=8)
    Exam.objects.filter(pk=exam.pk).update(closes_at=ends)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=ends, news=1)
    expect(page.locator(".exam-bar [data-timer]")).to_have_text(re.compile("^00:0"), timeout=SOON)
    phone.set_offline(True)
    choose(page, 2, "o3")
    order = Order(InterventionKind(kind), Reason.objects.get(code="network"), minutes=20 if kind == "extend" else None)
    proctoring.intervene(exam=exam, order=order, attempt_ids=[attempt.pk], by=UserFactory(), now=timezone.now())
    expect(page.locator("#closing-dialog")).to_contain_text("时间到", timeout=SOON)
    phone.set_offline(False)
    expect(page.locator("#closing-dialog")).to_be_hidden(timeout=20_000)
    if kind == "pause":
        expect(page.locator("#pause-dialog")).to_be_visible(timeout=SOON)
    else:
        choose(page, 3, "o1")
    saved(page)
    assert Attempt.objects.get().status == AttemptStatus.WRITING


def test_leaving_the_page_is_told_to_candidate_and_proctor(device, exam, live_server):
    page = start(device(), live_server.url, exam)
    page.wait_for_timeout(1_000)
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    page.wait_for_timeout(2_500)
    page.evaluate(hide, False)
    expect(page.locator("#toast")).to_contain_text("离开答题页 1 次，容许 3 次", timeout=SOON)
    shot(page, "left-360")
    signal = Signal.objects.get(kind="left_page")
    assert (signal.counted, signal.seconds >= 2) == (True, True)


def test_the_exam_moves_to_another_device(device, exam, live_server, ledger):
    phone, tablet = device(), device(1280)
    first = start(phone, live_server.url, exam)
    choose(first, 1, "o2")
    saved(first)
    phone.set_offline(True)
    choose(first, 2, "o3")  # never sent before the move
    second = tablet.new_page()
    key = Attempt.objects.get().key
    second.goto(f"{live_server.url}/exams/attempts/{key}/")
    expect(second.locator("main")).to_contain_text("正在另一台设备上作答")
    shot(second, "other-device-1280")
    second.get_by_role("button", name="换到这台设备继续答题").click()
    second.wait_for_selector(".exam.live")
    assert chosen(second, 1) == ["o2"]
    choose(second, 3, "o1")
    saved(second)
    shot(second, "normal-1280")
    phone.set_offline(False)
    expect(first.locator("#closing-dialog")).to_contain_text("已经换到另一台设备", timeout=20_000)
    shot(first, "moved-360")
    held = HeldChange.objects.get()
    assert (held.position, held.response, held.reason) == (2, ["o3"], "device")
    ledger.check()


def test_answers_that_come_after_the_end_are_kept_for_a_ruling(device, exam, live_server):
    phone = device()
    page = start(phone, live_server.url, exam)
    choose(page, 1, "o2")
    saved(page)
    phone.set_offline(True)
    choose(page, 2, "o3")
    attempt = Attempt.objects.get()
    ended = timezone.now()
    Exam.objects.filter(pk=exam.pk).update(closes_at=ended)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=ended, grace_seconds=0)
    assert actions.submit_expired(now=timezone.now() + timedelta(seconds=1)) == 1
    phone.set_offline(False)
    expect(page.locator("#closing-dialog")).to_contain_text("由监考裁定是否计入", timeout=20_000)
    shot(page, "held-360")
    page.locator("#closing-dialog [data-result]").click()
    expect(page.locator("main")).to_contain_text("1 处作答晚到，等监考裁定")
    shot(page, "held-result-360")
    assert HeldChange.objects.get().response == ["o3"]
    assert Attempt.objects.get().status == AttemptStatus.SUBMITTED
