"""Where the page of a piece of evidence is, for links in a person's file.

The ledger stores `<app>.<model>:<pk>`; the app that owns the rows registers the way to its page
in `AppConfig.ready`. Evidence without a page stays plain text.
"""

from collections.abc import Callable, Collection

Pages = Callable[[Collection[int]], dict[int, str]]
_pages: dict[str, Pages] = {}


def evidence_page(label: str, pages: Pages) -> None:
    """Register for `app.model` a function from primary keys to addresses (one query for all of them)."""
    _pages[label] = pages


def evidence_addresses(references: Collection[str]) -> dict[str, str]:
    """Address by evidence reference; what has no page is left out."""
    wanted: dict[str, list[int]] = {}
    for reference in references:
        label, _, key = reference.partition(":")
        if label in _pages and key.isdigit():
            wanted.setdefault(label, []).append(int(key))
    return {f"{label}:{pk}": url for label, keys in wanted.items() for pk, url in _pages[label](keys).items()}
