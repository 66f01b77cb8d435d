"""Deny by default: every address of ours leads to a view with an access rule."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lms.access.middleware import FOREIGN_MODULES

# Came along with included address lists; nobody needs them: ours stands before the first, the second is refused.
REFUSED_ON_PURPOSE = {"library/_util/login/", "editing/test404/"}


def all_patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from all_patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def test_every_view_of_ours_carries_a_rule():
    unmarked = [
        address
        for address, pattern in all_patterns(get_resolver())
        if getattr(pattern.callback, "access_rule", None) is None
        and not pattern.callback.__module__.startswith(FOREIGN_MODULES)
    ]
    assert set(unmarked) <= REFUSED_ON_PURPOSE


@pytest.mark.django_db
def test_an_unmarked_view_is_refused(client):
    assert client.get("/editing/test404/").status_code == 403


def test_every_address_of_ours_has_a_name():
    nameless = [
        address
        for address, pattern in all_patterns(get_resolver())
        if hasattr(pattern.callback, "access_rule") and not pattern.name
    ]
    assert nameless == []
