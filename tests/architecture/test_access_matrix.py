"""Every address of ours × every character × own and foreign objects (architecture, conventions 9 and 10)."""

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from tests.architecture.access_table import EVERYBODY, ROWS, SECRETS, SIGNED_IN, Case, Row, posted
from tests.architecture.access_world import World

pytestmark = pytest.mark.django_db
FOREIGN = ("allauth.", "wagtail.", "django.views.static", "django.views.generic", "django.contrib.auth")
# Foreign views that stand at an address of ours or open our pages and files.
OURS_ALL_THE_SAME = {"set_language", "wagtailadmin_home", "wagtaildocs_serve", "wagtail_serve"}
ALLOWED = {"GET": {200, 206, 302}, "POST": {200, 302, 400, 409, 422}}
SOME = ["stranger", "own_learner", "other_manager", "administrator"]
BY_NAME = {name: list(rows) for name, rows in groupby(sorted(ROWS, key=lambda row: row.name), lambda row: row.name)}


def named_addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """All named addresses with their views."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            yield space + entry.name, entry


def test_every_address_of_ours_has_a_row():
    ours = {
        name
        for name, pattern in named_addresses(get_resolver())
        if name in OURS_ALL_THE_SAME
        or hasattr(pattern.callback, "access_rule")
        or not pattern.callback.__module__.startswith(FOREIGN)
    }
    assert {"without a row": ours - BY_NAME.keys(), "row without address": BY_NAME.keys() - ours} == {
        "without a row": set(),
        "row without address": set(),
    }


def test_the_table_names_every_character(world: World):
    assert {"stranger", *world.people} - {"teamless_colleague"} == EVERYBODY
    assert all(case.reach <= row.rule and case.forbidden <= row.rule for row in ROWS for case in row.tried)


@pytest.mark.parametrize("name", BY_NAME)
def test_access(name: str, world: World):
    """One address: every row, case, method and character; all that is wrong is reported together."""
    wrong: dict[str, list[str]] = defaultdict(list)
    declared = {method for row in BY_NAME[name] for method in row.methods}
    for row in BY_NAME[name]:
        asked = [(case, method, sorted(EVERYBODY)) for case in row.tried for method in row.methods]
        # A method that the table does not name is refused (405), or guarded like the others: a few show it.
        asked += [(row.tried[0], method, SOME) for method in {"GET", "POST"} - declared]
        for case, method, characters in asked:
            for character in characters:
                for fault in faults(row, case, method, character, world):
                    wrong[f"{method} {case.label}: {fault}"].append(character)
    assert dict(wrong) == {}


def faults(row: Row, case: Case, method: str, character: str, world: World) -> Iterator[str]:
    """What is wrong with the answer to one request."""
    with tried(row, case, method, character, world) as (response, writes):
        status, body = meaning(response), body_of(response)
    expected = expectation(row, case, character)
    if method not in row.methods and status == "405":
        return  # the view says that it takes no such request
    allowed = expected == "allowed"
    if not (allowed and status.isdigit() and int(status) in ALLOWED[method]) and status != expected:
        yield f"{status}, expected {expected}"
    if writes and (not allowed or (method == "GET" and row.name not in WRITES_WHEN_OPENED)):
        yield f"wrote: {writes[0][:90]}"
    if case.writers is not None and method == "POST" and bool(writes) != (character in case.writers):
        yield "wrote" if writes else "did not write"
    yield from leaks(row, case, character, world, body)
    if character in case.numbers and method in row.methods and not world.numbers.search(body.encode()):
        yield "does not show the number asked for"


def leaks(row: Row, case: Case, character: str, world: World, body: str) -> Iterator[str]:
    """What stands in an answer and must not."""
    signed = {world.people[part].name for part in row.signed}
    for person, readers in world.names.items():
        if character not in readers and person in body and person not in signed:
            yield f"shows {person}"
    for secret, readers in SECRETS.items():
        if character not in readers and secret in body and not (row.released and character in case.reach):
            yield f"gives {secret} away"
    if character not in case.numbers and world.numbers.search(body.encode()):
        yield "shows a personal number"


# The first opening of a lesson enrols; a certificate is drawn when it is first wanted.
WRITES_WHEN_OPENED = {"courses:lesson"}


def expectation(row: Row, case: Case, character: str) -> str:
    """allowed, sign in, 403 or 404."""
    if character in case.reach:
        return "allowed"
    if character not in SIGNED_IN:
        return "sign in"
    return "404" if character in row.rule and character not in case.forbidden else "403"


@contextmanager
def tried(
    row: Row, case: Case, method: str, character: str, world: World
) -> Iterator[tuple[HttpResponseBase, list[str]]]:
    """Send one request; what it writes is noted and undone."""
    shared_cache.clear()
    client = world.client(character)
    address = case.address(world) if case.address else reverse(row.name, kwargs=case.kwargs(world))
    query: dict[str, Any] = {"query_params": case.query(world), "follow": row.follow}
    writes: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and "django_session" not in sql:
            writes.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            if method == "GET":
                response = client.get(address, **query)
            else:
                kind = {"content_type": "application/json"} if row.json else {}
                response = client.post(address, posted(row, case, world), **kind, **query)
        yield response, writes
        transaction.set_rollback(True)


def meaning(response: HttpResponseBase) -> str:
    """The status; `sign in` for the way to the sign-in page and for what scripts are told."""
    login = resolve_url(settings.LOGIN_URL)
    ways = [response.headers.get("Location", ""), *(address for address, _ in getattr(response, "redirect_chain", []))]
    if response.status_code == 401 or any(way.startswith(login) for way in ways):
        return "sign in"
    return str(response.status_code)


def body_of(response: HttpResponseBase) -> str:
    """Everything a reader could find in an answer: text of workbooks and PDF files too, JSON without escapes."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF"):
        return text_of_pdf(content)
    text = content.decode("utf-8", "replace")
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text


@cache
def text_of_pdf(content: bytes) -> str:
    """What is printed."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


# --- the editing place is Wagtail's: it must know pages, not people ------------------------------


# Words and drawings of its own, and pages that Wagtail keeps for trying out errors.
PUBLIC_IN_EDITING = {"/editing/jsi18n/", "/editing/sprite/", "/editing/test404/", "/editing/failwhale/"}


def editing_addresses() -> set[str]:
    """Every address of the editing place that needs no object."""
    found = set()
    for name, pattern in named_addresses(get_resolver()):
        if name.startswith("wagtail") and pattern.callback.__module__.startswith(("wagtail.", "content.")):
            with suppress(NoReverseMatch):
                found.add(reverse(name))
    return {address for address in found if address.startswith("/editing/")} - PUBLIC_IN_EDITING


def test_the_editing_place_shows_nobody_of_the_staff(world: World):
    shown: dict[str, set[str]] = defaultdict(set)
    for address in sorted(editing_addresses()):
        body = body_of(world.client("editor").get(address))
        shown[address] |= {name for name, readers in world.names.items() if "editor" not in readers and name in body}
        shown[address] |= {"a number"} if world.numbers.search(body.encode()) else set()
    assert {address: found for address, found in shown.items() if found} == {}


@pytest.mark.parametrize("character", ["stranger", "own_manager"])
def test_the_editing_place_is_closed_to_everybody_else(character: str, world: World):
    answers = {
        address: meaning(world.client(character).get(address, follow=True)) for address in sorted(editing_addresses())
    }
    wanted = {"sign in", "403", "404", "405"}
    assert {address: answer for address, answer in answers.items() if answer not in wanted} == {}
