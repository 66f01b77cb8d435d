"""What every answer of ours tells the browser: strict CSP without anything inline, no sniffing, no caching."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse

from tests.architecture.access_table import ROWS, Case, Row
from tests.architecture.access_world import World
from tests.architecture.test_access_matrix import FOREIGN, named_addresses

pytestmark = pytest.mark.django_db

# Pages of allauth in our templates: name → who opens them.
ACCOUNT_PAGES = {
    "account_login": "stranger",
    "account_reset_password": "stranger",
    "account_reset_password_done": "stranger",
    "account_change_password": "own_learner",
    "account_logout": "own_learner",
    "mfa_index": "administrator",
}
STRICT = {
    "default-src": ["'self'"],
    "style-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SENSORS = {"camera", "geolocation", "microphone", "payment", "usb"}
# Films are large and belong to nobody: the reader's own browser may keep them for a day.
# A question's picture is named by its content, and a candidate may be off line when it is needed.
KEPT_BY_THE_BROWSER = {"content:video", "exams:question_picture"}
# Wagtail writes the policy of its own editing place; files and pictures have a stricter one (nothing runs in them).
WITH_THEIR_OWN = {"wagtailadmin_home", "wagtaildocs_serve", "content:picture"}
PAGES = [row for row in ROWS if "GET" in row.methods and row.name not in WITH_THEIR_OWN]


def readers(row: Row, case: Case) -> list[str]:
    """A learner, a member of staff and a stranger, as far as the page opens for them."""
    preferred = ("own_learner", "own_manager", "town_supervisor", "reviewer", "administrator", "stranger")
    return [character for character in preferred if character in case.reach] or sorted(case.reach)[:1]


def opened(row: Row, world: World) -> Iterator[tuple[str, HttpResponseBase]]:
    """The page in all its cases."""
    for case in row.tried:
        for character in readers(row, case):
            cache.clear()
            address = case.address(world) if case.address else reverse(row.name, kwargs=case.kwargs(world))
            response = world.client(character).get(address, query_params=case.query(world))
            yield f"{address} as {character}", response


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_pages(row: Row, world: World):
    wrong = {}
    for who, response in opened(row, world):
        found = [*header_faults(response), *markup_faults(response)]
        if row.name not in KEPT_BY_THE_BROWSER:
            found += caching_faults(response)
        if found:
            wrong[who] = found
    assert wrong == {}


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_account_pages(name: str, world: World):
    response = world.client(ACCOUNT_PAGES[name]).get(reverse(name), follow=True)
    assert response.status_code == 200
    assert [*header_faults(response), *markup_faults(response)] == []


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere/", 404), ("/workbench/", 403), ("/workbench/people/1/", 403)]
)
def test_refusals(address: str, status: int, world: World):
    response = world.client("own_learner").get(address)
    assert response.status_code == status
    assert [*header_faults(response), *markup_faults(response), *caching_faults(response)] == []


def test_forms_without_token_are_refused(world: World):
    client = world.client("administrator", enforce_csrf_checks=True)
    assert client.post(reverse("roles")).status_code == 403
    assert Client(enforce_csrf_checks=True).post(reverse("set_type_size")).status_code == 403


def test_no_view_of_ours_goes_without_the_token():
    exempt = [
        name
        for name, pattern in named_addresses(get_resolver())
        if getattr(pattern.callback, "csrf_exempt", False) and not pattern.callback.__module__.startswith(FOREIGN)
    ]
    assert exempt == []


# --- what is looked for --------------------------------------------------------------------------


def header_faults(response: HttpResponseBase) -> Iterator[str]:
    """Headers that are missing or too weak."""
    policy = (
        {
            name: sources
            for name, *sources in (
                part.split() for part in response.headers.get("Content-Security-Policy", "").split(";")
            )
        }
        if response.headers.get("Content-Security-Policy")
        else {}
    )
    for name, sources in STRICT.items():
        if policy.get(name) != sources:
            yield f"{name} {policy.get(name)}"
    scripts = [source for source in policy.get("script-src", ["missing"]) if not source.startswith("'nonce-")]
    if scripts != ["'self'"]:
        yield f"script-src {scripts}"
    if any("unsafe" in source or "*" in source for sources in policy.values() for source in sources):
        yield "an unsafe source"
    for name, value in PLAIN.items():
        if response.headers.get(name) != value:
            yield f"{name}: {response.headers.get(name)}"
    closed = {part.split("=")[0].strip() for part in response.headers.get("Permissions-Policy", "").split(",")}
    if not closed >= SENSORS:
        yield "Permissions-Policy"


def caching_faults(response: HttpResponseBase) -> Iterator[str]:
    """Anything that lets a page be kept: a shared computer must not show it to the next person."""
    wishes = response.headers.get("Cache-Control", "").replace(" ", "").split(",")
    ages = [wish for wish in wishes if wish.startswith(("max-age=", "s-maxage=")) and not wish.endswith("=0")]
    if ages or "public" in wishes:
        yield f"Cache-Control: {response.headers['Cache-Control']}"
    if "ETag" in response.headers or "Last-Modified" in response.headers:
        yield "a validator"


class Inline(HTMLParser):
    """Collects what the policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts without a source, styles, handlers."""
        values = dict(attrs)
        if tag == "script" and not values.get("src") and values.get("type") != "application/json":
            self.found.append(f"inline script {self.getpos()}")
        if tag == "style":
            self.found.append(f"style element {self.getpos()}")
        for name, value in attrs:
            if name == "style" or (name.startswith("on") and name != "on"):
                self.found.append(f"<{tag} {name}={value!r}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")


def markup_faults(response: HttpResponseBase) -> list[str]:
    """Inline code and styles in a page."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    parser = Inline()
    parser.feed(response.content.decode())
    return parser.found
