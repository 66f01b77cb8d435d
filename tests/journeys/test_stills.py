"""Stills in a real browser with a camera of its own making: one arrives, and the exam goes on whatever happens."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.templatetags.static import static
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from exams.attempts.models import Answer
from exams.attempts.still_models import StillConsent
from exams.integrity.models import Signal, SignalKind
from exams.papers.models import Exam
from exams.proctoring.photos import from_text
from exams.proctoring.still_models import Still
from lms.access.roles import Role
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EmploymentFactory, RoleAssignmentFactory, UserFactory
from tests.journeys.conftest import CHROMIUM, PHONE, SCREENS, WIDE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
WORKS = "摄像头打得开，已经关上。"
SHUT = "摄像头打不开。可以照常开考，监考会当面确认你本人。"
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# The first of the moments drawn is near, and every use of the camera is noted.
SOON = """
    Math.random = () => 0.0005;
    window.opened = [];
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => {
        const stream = await open(wish);
        window.opened.push(stream);
        return stream;
    };
"""
NO_CAMERA = """
    Math.random = () => 0.0005;
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
"""


@pytest.fixture(scope="module")
def with_camera(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose camera shows a test picture."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *CAMERA])
    yield browser
    browser.close()


@pytest.fixture
def exam() -> Exam:
    load_rules(rows=starter_rules())
    now = timezone.now()
    return exam_with_papers(
        singles=3, camera_stills=1, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
    )


@pytest.fixture
def person(exam):
    return EmploymentFactory(person__name="孟庆舟").person


@pytest.fixture
def browser_of(with_camera, signed_in) -> Callable[..., BrowserContext]:
    """`browser_of(person)`: signed in on a phone with a camera; `script` runs in every page before its own."""

    def make(someone, width=PHONE["width"], script: str = "") -> BrowserContext:
        context = signed_in(someone, width=width, browser=with_camera, permissions=["camera"])
        context.add_init_script(script)
        return context

    return make


def shot(page: Page, name: str) -> None:
    """Keep what is seen; nothing sticks out sideways."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"stills-{name}.png", full_page=True, caret="initial")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def until(page: Page, true: Callable[[], bool], seconds: int = 20) -> None:
    for _ in range(seconds * 5):
        if true():
            return
        page.wait_for_timeout(200)
    raise AssertionError("it did not come")


def begin(page: Page, exam: Exam, live_server, choice: str, told: str = "") -> None:
    page.goto(f"{live_server.url}/exams/{exam.pk}/")
    page.get_by_label(choice).check()
    expect(page.locator("[data-still-choice] [role=status]")).to_have_text(told)
    if told == WORKS:
        shot(page, "choice-360")
    page.get_by_role("button", name="开始考试").click()
    expect(page.locator(".exam.live")).to_be_visible()


def answers(page: Page) -> bool:
    """Whether an answer given now is stored."""
    page.locator(".question.is-current .option").first.click()
    until(page, lambda: Answer.objects.exclude(response=[]).exists())
    return True


def still_open(page: Page) -> list[bool]:
    """For each time that the camera was opened: whether it still is."""
    return page.evaluate("window.opened.map((stream) => stream.getTracks().some((one) => one.readyState === 'live'))")


def test_a_still_arrives_with_consent_and_a_person_looks_at_it(exam, person, browser_of, live_server):
    page = browser_of(person, script=SOON).new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    begin(page, exam, live_server, "同意拍照", WORKS)
    expect(page.get_by_text("会随机拍照")).to_be_visible()
    assert answers(page)
    until(page, Still.objects.exists)
    assert still_open(page) == [False]
    still = Still.objects.get()
    image = Image.open(BytesIO(from_text(still.image)))
    assert (image.format, image.width <= 480, image.height <= 360) == ("JPEG", True, True)
    assert len(image.getcolors(1 << 18)) > 1  # a picture, not a black frame
    shot(page, "sheet-360")

    keeper = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=keeper, role=Role.ADMINISTRATOR)
    office = browser_of(keeper, width=WIDE["width"]).new_page()
    office.goto(f"{live_server.url}/exams/office/{exam.pk}/live/")
    expect(office.locator("#board")).to_contain_text("1 张照片待看")
    shot(office, "board-1280")
    office.set_viewport_size(PHONE)
    shot(office, "board-360")
    office.set_viewport_size(WIDE)
    office.goto(f"{live_server.url}/exams/office/{exam.pk}/live/{still.attempt_id}/timeline/")
    seen = office.locator("#stills img")
    assert seen.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == image.width
    shot(office, "office-1280")
    office.get_by_role("button", name="像本人", exact=True).click()
    expect(office.locator("#stills")).to_contain_text("像本人 逄海涛")
    office.set_viewport_size(PHONE)
    shot(office, "office-360")

    page.get_by_role("button", name="撤回同意").click()
    expect(page.get_by_text("不再拍照，照片已删除")).to_be_visible()
    assert Still.objects.get().image == ""
    assert problems == []


def test_without_consent_the_camera_stays_shut_and_the_exam_goes_on(exam, person, browser_of, live_server):
    page = browser_of(person, script=SOON).new_page()
    begin(page, exam, live_server, "不同意，请监考确认")
    assert answers(page)
    expect(page.get_by_text("会随机拍照")).to_have_count(0)
    page.wait_for_timeout(4000)
    assert still_open(page) == []
    assert not StillConsent.objects.get().given
    assert not Still.objects.exists()


def test_a_device_without_a_camera_is_told_once_and_the_exam_goes_on(exam, person, browser_of, live_server):
    page = browser_of(person, script=NO_CAMERA).new_page()
    begin(page, exam, live_server, "同意拍照", SHUT)
    expect(page.get_by_text("摄像头打不开，不拍了，继续答题")).to_be_visible()
    assert answers(page)
    until(page, lambda: Signal.objects.filter(kind=SignalKind.NO_CAMERA).count() == 1)
    page.reload()
    expect(page.locator(".exam.live")).to_be_visible()
    page.wait_for_timeout(4000)
    assert Signal.objects.filter(kind=SignalKind.NO_CAMERA).count() == 1
    assert not Still.objects.exists()


def test_moments_lie_within_the_time_and_a_minute_apart(person, browser_of, live_server):
    page = browser_of(person).new_page()
    page.goto(f"{live_server.url}/exams/receipt/")
    drawn = page.evaluate(
        """async ([address, wishes]) => {
            const { drawnMoments } = await import(address);
            return wishes.map(([most, from, until]) => drawnMoments(most, from, until));
        }""",
        [static("exams/stills.js"), [[20, 1000, 3_601_000], [20, 0, 150_000], [3, 0, 59_000], [0, 0, 3_600_000]]],
    )
    assert [len(moments) for moments in drawn] == [20, 2, 0, 0]
    for moments, (first, last) in zip(drawn, [(1000, 3_601_000), (0, 150_000)], strict=False):
        assert first <= moments[0]
        assert moments[-1] <= last
        assert all(later - one >= 60_000 - 1 for one, later in pairwise(moments))
