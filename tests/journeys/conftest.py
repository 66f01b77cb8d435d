"""The product as a new user starts it: town, web server and worker in processes of their own.

Pictures of what was seen go to `build/screens/`; with `UPDATE_GUIDES=1` the ones that the
guides show are renewed in `docs/guides/images/`.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "build" / "screens"
GUIDE_IMAGES = ROOT / "docs" / "guides" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "Sanzhen-2026"
PHONE = {"width": 360, "height": 780}
WIDE = {"width": 1280, "height": 860}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Product:
    """A running product: its address, and Django's command line for looking behind the screens."""

    address: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "-v", "0", "-c", code).strip()


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: int = 60) -> None:
    for _ in range(seconds * 10):
        assert server.poll() is None, "the web server stopped"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A small town, two web workers, one background worker."""
    port = free_port()
    place = tmp_path_factory.mktemp("product")
    environment = {
        **{key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")},
        "SANZHEN_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "VAR_DIR": str(place),
        "PUBLIC_ORIGIN": f"http://127.0.0.1:{port}",
        "FONTCONFIG_FILE": str(ROOT / "build" / "fonts.conf"),
    }
    running = Product(f"http://127.0.0.1:{port}", environment)
    running.manage("migrate", "--verbosity", "0")
    running.manage("createcachetable")
    running.manage("collectstatic", "--noinput", "--verbosity", "0")
    running.manage("build_town", "--enterprises", "8", "--people", "160")
    web = [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
        "lms.wsgi:application",
    ]
    with (
        (place / "web.log").open("wb") as web_log,
        (place / "worker.log").open("wb") as worker_log,
        subprocess.Popen(web, cwd=ROOT, env=environment, stdout=web_log, stderr=web_log) as server,
        subprocess.Popen(
            [sys.executable, "manage.py", "run_huey", "--quiet"],
            cwd=ROOT,
            env=environment,
            stdout=worker_log,
            stderr=worker_log,
        ) as worker,
    ):
        try:
            wait_for(running.address, server)
            yield running
        finally:
            for process in (server, worker):
                process.terminate()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for the whole process: it keeps an event loop in this thread, and a second one would refuse to start."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield browser
    browser.close()


@dataclass
class Visitor:
    """Somebody in front of a browser."""

    page: Page
    context: BrowserContext
    product: Product
    problems: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.product.address + path if path.startswith("/") else path)

    def sign_in(self, staff_number: str, password: str = PASSWORD) -> None:
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", staff_number)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda address: "/accounts/login/" not in address)

    def picture(self, name: str, *, guide: bool = False, full: bool = True) -> None:
        """Keep what is seen; for the guides when they are being renewed."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        # Hiding the caret would leave style attributes behind, which htmx copies and our policy reports.
        self.page.screenshot(path=SCREENS / f"{name}.png", full_page=full, caret="initial")
        if guide and os.environ.get("UPDATE_GUIDES"):
            GUIDE_IMAGES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=GUIDE_IMAGES / f"{name}.png", full_page=False, caret="initial")

    def fits(self) -> None:
        """Nothing sticks out of the screen sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"


@pytest.fixture
def visitor(chromium: Browser, product: Product) -> Iterator[Callable[..., Visitor]]:
    """`visitor()` on a phone, `visitor(wide=True)` at a desk; fails on script errors and policy breaches."""
    opened: list[Visitor] = []

    def arrive(*, wide: bool = False) -> Visitor:
        context = chromium.new_context(
            viewport=WIDE if wide else PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=not wide,
            is_mobile=not wide,
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                problems.append(f"{page.url}: {message.text}")
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        one = Visitor(page, context, product, problems)
        opened.append(one)
        return one

    yield arrive
    for one in opened:
        one.context.close()
        assert one.problems == []


@pytest.fixture
def signed_in(chromium: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """`signed_in(person, width=360)`: one more browser in which somebody is signed in to the test's own server."""
    opened: list[BrowserContext] = []

    def sign_in(person: Any, *, width: int = WIDE["width"], browser: Browser = chromium, **more: Any) -> BrowserContext:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        height = (PHONE if width < 640 else WIDE)["height"]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **more)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        opened.append(context)
        return context

    yield sign_in
    for context in opened:
        context.close()
