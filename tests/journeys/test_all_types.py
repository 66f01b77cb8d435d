"""An exam with all nine types: by touch on a phone with a bad network, by keyboard alone at a desk; marks; result."""

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from exams.attempts import actions
from exams.attempts.models import Answer, Attempt
from exams.attempts.verification import verify
from exams.bank.bodies import TYPES
from lms.access.models import RoleAssignment
from lms.access.roles import Role
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_of_all_types
from tests.factories.lms import EmploymentFactory, RoleAssignmentFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SAVE = "**/save/"
WRITTEN = "先停止作业，𠮷师傅报警。\n再在外面通风。"
# Playwright keeps an event loop in this thread; Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def attempt() -> Attempt:
    """One question of each type, begun a minute ago; its enterprise has a safety manager who marks."""
    load_rules(rows=starter_rules())
    candidate, manager = EmploymentFactory(person__name="孟庆舟"), EmploymentFactory(person__name="乔雨桐")
    RoleAssignmentFactory(person=manager.person, role=Role.SAFETY_MANAGER, enterprise=manager.enterprise)
    now = timezone.now()
    exam = exam_of_all_types(
        enterprise=manager.enterprise,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        pass_percent=Decimal(60),
    )
    return actions.start_attempt(exam_id=exam.pk, by=candidate.person, now=now - timedelta(minutes=1))


@pytest.fixture
def browser_of(signed_in) -> Callable[..., BrowserContext]:
    """`browser_of(person)` on a phone, `browser_of(person, wide=True)` at a desk."""

    def make(person, *, wide: bool = False, scripts: bool = True) -> BrowserContext:
        width = 1280 if wide else 360
        return signed_in(person, width=width, is_mobile=not wide, has_touch=not wide, java_script_enabled=scripts)

    return make


def sheet(context: BrowserContext, attempt: Attempt, live_server) -> Page:
    page = context.new_page()
    page.goto(f"{live_server.url}/exams/attempts/{attempt.key}/")
    page.wait_for_selector(".exam.live")
    return page


def question(page: Page, position: int) -> Locator:
    page.evaluate(f"document.querySelector('[data-cell=\"{position}\"]').click()")
    return page.locator(f"#q{position}")


def saved(page: Page) -> None:
    state = page.locator("[data-save-state]").locator("visible=true").first
    expect(state).to_contain_text("已保存", timeout=40_000)


def stored(attempt: Attempt) -> dict[int, list[str]]:
    return {answer.position: answer.response for answer in Answer.objects.filter(attempt=attempt)}


def agrees(attempt: Attempt) -> None:
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def key_of(attempt: Attempt, position: int) -> list[str]:
    return attempt.paper.items.get(position=position).version.key


def serious(page: Page) -> list[str]:
    """What the accessibility checker finds that keeps people out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def small_targets(page: Page) -> list[str]:
    """Controls of the answer that are smaller than 44 px either way."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.is-current [data-answer] :is(button, select, label, textarea)')]
            .filter((e) => e.offsetParent && !e.matches('.match-prompts .label'))
            .map((e) => [e, e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
            .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}×${box.height}`)"""
    )


def tap_picture(page: Page, at: tuple[float, float]) -> None:
    box = page.locator("#q7 [data-hot-plane]").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"])


# --- by touch ------------------------------------------------------------------------------------


def answer_the_ticked_ones(page: Page) -> None:
    question(page, 1).locator(".option:has(input[value=o2])").tap()
    question(page, 2).locator(".option:has(input[value=o1])").tap()
    question(page, 2).locator(".option:has(input[value=o3])").tap()
    question(page, 3).locator(".option:has(input[value=true])").tap()


def put_in_order(page: Page, wanted: list[str]) -> None:
    """With the arrows only."""
    root = question(page, 5)
    for place, name in enumerate(wanted):
        while True:
            order = root.locator(".order-item").evaluate_all("rows => rows.map((row) => row.dataset.id)")
            if order.index(name) == place:
                break
            root.locator(f"[data-id={name}] [data-up]").tap()
    keep = root.locator("[data-order-keep]")
    if keep.is_visible():  # dealt in the right order: that has to be said
        keep.tap()


def test_all_types_by_touch_with_a_cut_in_the_network(browser_of, attempt, live_server):
    phone = browser_of(attempt.person)
    page = sheet(phone, attempt, live_server)
    for position, kind in enumerate(TYPES, start=1):
        question(page, position)
        fits(page)
        assert small_targets(page) == [], kind
        assert serious(page) == [], kind
    answer_the_ticked_ones(page)
    question(page, 4).get_by_label("第 1 空").fill("通风")
    saved(page)

    phone.set_offline(True)
    question(page, 4).get_by_label("第 2 空").press_sequentially("21", delay=20)
    put_in_order(page, key_of(attempt, 5))
    for pair in key_of(attempt, 6):
        prompt, target = pair.split(":")
        question(page, 6).locator(f"[data-prompt={prompt}]").select_option(target)
    question(page, 8).locator("textarea").fill(WRITTEN)
    expect(page.locator("#notice")).to_be_visible()
    assert set(stored(attempt)) == {1, 2, 3, 4}
    page.wait_for_timeout(1000)  # the fingers rest
    phone.set_offline(False)
    saved(page)

    page.reload()
    page.wait_for_selector(".exam.live")
    assert question(page, 8).locator("textarea").input_value() == WRITTEN
    assert question(page, 4).get_by_label("第 2 空").input_value() == "21"
    expect(question(page, 5).locator("[data-order-state]")).to_have_text("已排好，可以再改。")

    question(page, 7).scroll_into_view_if_needed()
    for at in ((0.2, 0.4), (0.7, 0.2), (0.5, 0.5)):
        tap_picture(page, at)
    expect(page.locator("#q7 [data-hot-count]")).to_have_text("已标 3 / 3 处")
    tap_picture(page, (0.5, 0.5))  # the mark that was there is taken away
    tap_picture(page, (0.75, 0.7))
    case = question(page, 9)
    case.locator("[data-part=p1] .option:has(input[value=o2])").tap()
    case.get_by_label("第 1 空").fill("30")
    case.locator("textarea").fill("不盲目施救，先报警。")
    page.locator(".exam-bar [data-ask-submit]").tap()
    expect(page.locator("#submit-dialog")).to_contain_text("9 题全部作答")
    page.locator("#submit-dialog [data-submit]").tap()
    page.wait_for_url("**/result/")
    expect(page.locator(".score")).to_contain_text("已交卷，主观题待阅卷")

    answers = stored(attempt)
    assert answers[8] == [WRITTEN]
    assert answers[4] == ["通风", "21"]
    assert answers[5] == key_of(attempt, 5)
    assert sorted(answers[6]) == sorted(key_of(attempt, 6))
    assert answers[9] == ["p1=o2", "p2=30", "p3=不盲目施救，先报警。"]
    assert len(answers[7]) == 3
    agrees(attempt)
    people_mark_and_the_result_appears(browser_of, attempt, live_server, page)


def people_mark_and_the_result_appears(browser_of, attempt: Attempt, live_server, candidate: Page) -> None:
    """The manager marks by keyboard; the candidate reloads."""
    manager = RoleAssignment.objects.get(role=Role.SAFETY_MANAGER, enterprise=attempt.exam.enterprise).person
    page = browser_of(manager, wide=True).new_page()
    page.goto(live_server.url + reverse("exams:marking", args=[attempt.exam_id]))
    assert serious(page) == []
    page.get_by_role("link", name="开始阅").first.click()
    assert "孟庆舟" not in page.content()
    assert serious(page) == []
    page.locator("h1").click()
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.get_by_label("得分", exact=True)).to_have_value("8")
    page.keyboard.press("Enter")
    page.wait_for_url("**/marking/")
    page.get_by_role("link", name="开始阅").click()
    page.get_by_label("得分", exact=True).fill("4.5")
    page.get_by_label("评语（可不填）").fill("还要专人监护")
    page.get_by_role("button", name="给分，下一份").click()
    expect(page.locator("h1")).to_have_text("全部阅完，成绩已经评定")
    done = Attempt.objects.get(pk=attempt.pk)
    # all that is marked by rule is right: 25; then 8 and 4.5 by hand
    assert (done.score, done.passed) == (Decimal("37.50"), True)
    agrees(attempt)
    candidate.reload()
    expect(candidate.locator(".score")).to_contain_text("考试合格")
    expect(candidate.locator("body")).to_contain_text("还要专人监护")
    fits(candidate)
    assert serious(candidate) == []


# --- by keyboard ---------------------------------------------------------------------------------


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {selector}")


def next_question(page: Page) -> None:
    tab_to(page, ".q-actions [data-move='1']")
    page.keyboard.press("Enter")


def order_by_keyboard(page: Page, wanted: list[str]) -> None:
    for place, name in enumerate(wanted):
        tab_to(page, f"#q5 [data-id={name}] [data-grip]")
        at = page.locator("#q5 .order-item").evaluate_all(f"rows => rows.findIndex((r) => r.dataset.id === '{name}')")
        page.keyboard.press("Space")
        for _ in range(at - place):
            page.keyboard.press("ArrowUp")
        page.keyboard.press("Space")
        page.locator("#q5").evaluate("section => section.focus()")


def marks_by_keyboard(page: Page) -> None:
    """The crosshair starts in the middle: five strides left, one up, then a wild mark taken back."""
    tab_to(page, "#q7 [data-hot-plane]")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the same place again: taken away
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")


def test_all_types_by_keyboard_alone(browser_of, attempt, live_server):
    page = sheet(browser_of(attempt.person, wide=True), attempt, live_server)
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    page.keyboard.press("c")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    tab_to(page, "#q4 .blank")
    page.keyboard.type("2 1 f")  # neither moves on nor flags: it is text
    page.keyboard.press("Enter")
    page.keyboard.type("21")
    next_question(page)
    order_by_keyboard(page, key_of(attempt, 5))
    next_question(page)
    for _ in key_of(attempt, 6):
        tab_to(page, "#q6 select:not(.was-here)")
        page.keyboard.press("ArrowDown")
        page.evaluate("document.activeElement.classList.add('was-here')")
    next_question(page)
    marks_by_keyboard(page)
    next_question(page)
    tab_to(page, "#q8 textarea")
    page.keyboard.type("先停止作业 123")
    next_question(page)
    tab_to(page, "#q9 [data-part=p1] input")
    page.keyboard.press("1")
    tab_to(page, "#q9 .blank")
    page.keyboard.type("30")
    tab_to(page, "#q9 textarea")
    page.keyboard.type("报警")
    saved(page)
    answers = stored(attempt)
    assert set(answers) == set(range(1, 10))
    assert answers[4] == ["2 1 f", "21"]
    assert answers[5] == key_of(attempt, 5)
    assert [len(pair.split(":")[1]) for pair in answers[6]] == [2, 2, 2]
    assert answers[7] == ["2000,5000", "2100,4000"]
    assert answers[8] == ["先停止作业 123"]
    assert page.locator(".sheet a.flag").count() == 0
    fits(page)
    tab_to(page, ".q-actions [data-move='1']")
    page.keyboard.press("Enter")
    tab_to(page, "#submit-dialog [data-submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")
    agrees(attempt)


# --- what must not be lost -----------------------------------------------------------------------


def test_text_typed_a_moment_before_handing_in_comes_along(browser_of, attempt, live_server):
    page = sheet(browser_of(attempt.person, wide=True), attempt, live_server)
    saved(page)
    question(page, 8).locator("textarea").press_sequentially("最后一句")
    page.evaluate("document.querySelector('#submit-dialog [data-submit]').click()")  # within the 800 ms
    page.wait_for_url("**/result/")
    assert stored(attempt)[8] == ["最后一句"]


def test_nothing_says_saved_while_text_is_only_in_the_field(browser_of, attempt, live_server):
    page = sheet(browser_of(attempt.person), attempt, live_server)
    saved(page)
    question(page, 8).locator("textarea").press_sequentially("写到一半")
    state = page.locator(".exam-bar [data-save-state]")
    assert state.inner_text() == "正在保存"
    saved(page)
    assert stored(attempt) == {8: ["写到一半"]}
    assert Answer.objects.get().client_number == 1  # one event, not one for each key


def test_leaving_the_field_or_the_page_writes_it_down(browser_of, attempt, live_server):
    phone = browser_of(attempt.person)
    page = sheet(phone, attempt, live_server)
    saved(page)
    phone.set_offline(True)
    question(page, 8).locator("textarea").press_sequentially("没有网")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange')); window.dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(150)
    phone.set_offline(False)
    page.reload()
    page.wait_for_selector(".exam.live")
    assert question(page, 8).locator("textarea").input_value() == "没有网"
    saved(page)
    assert stored(attempt) == {8: ["没有网"]}


def test_what_the_server_cannot_take_never_leaves_the_browser(browser_of, attempt, live_server):
    """Control characters and half characters, pasted: taken out, so that nothing behind them is held up."""
    page = sheet(browser_of(attempt.person), attempt, live_server)
    area = question(page, 8).locator("textarea")
    area.evaluate(
        r"""(area) => {
            area.value = "甲\u000b乙\u0000丙\ud83d丁\u0085戊";
            area.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    saved(page)
    assert stored(attempt) == {8: ["甲\n乙丙丁\n戊"]}


def test_long_texts_written_off_line_arrive_in_packets_that_the_server_reads(browser_of, attempt, live_server):
    phone = browser_of(attempt.person)
    page = sheet(phone, attempt, live_server)
    saved(page)
    sizes: list[int] = []
    page.on("request", lambda sent: sizes.append(len(sent.post_data_buffer or b"")) if "/save/" in sent.url else None)
    phone.set_offline(True)
    area = question(page, 8).locator("textarea")
    for number in range(60):
        area.evaluate(
            """(area, n) => {
                area.value = `${n} ${'安全'.repeat(1900)}`;
                for (const name of ['input', 'change']) area.dispatchEvent(new Event(name, { bubbles: true }));
            }""",
            number,
        )
    page.wait_for_timeout(500)
    phone.set_offline(False)
    saved(page)
    assert stored(attempt)[8] == [f"59 {'安全' * 1900}"]
    assert max(sizes) < 400_000
    agrees(attempt)


def test_without_a_script_everything_can_be_answered(browser_of, attempt, live_server):
    page = browser_of(attempt.person, scripts=False).new_page()
    page.goto(f"{live_server.url}/exams/attempts/{attempt.key}/")
    page.locator("#q4 input[name='q4.b1']").fill("通风")
    page.locator("#q4 input[name='q4.b1']").press("Enter")  # saves, does not hand in
    assert Attempt.objects.get().status == "writing"
    page.locator("#q7 input[type=image]").click(position={"x": 64, "y": 85})
    page.locator("#q7 input[type=image]").click(position={"x": 224, "y": 43})
    assert page.locator("#q7 input[name='q7.m'][type=checkbox]").count() == 2
    for place, name in enumerate(key_of(attempt, 5), start=1):
        page.locator(f"select[name='q5.{name}']").select_option(str(place))
    page.locator("textarea[name='q9.p3']").fill("报警")
    page.get_by_role("button", name="交卷", exact=True).click()
    page.wait_for_url("**/result/")
    answers = stored(attempt)
    assert answers[4] == ["通风", ""]
    assert answers[5] == key_of(attempt, 5)
    assert answers[9] == ["p3=报警"]
    assert [tuple(map(int, mark.split(","))) for mark in answers[7]] == [(2000, 3991), (7000, 2019)]
    agrees(attempt)
