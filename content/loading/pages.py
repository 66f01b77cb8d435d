"""Putting one page in its place: add, refresh, or leave alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Page

from content.library.models import CodedPage
from content.loading.reading import StarterError
from content.loading.schema import Coded

AnyPage = TypeVar("AnyPage", bound=CodedPage)


@dataclass
class Report:
    """What loading did. `kept` names pages that people edited here since; the files no longer change them."""

    added: int = 0
    refreshed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.refreshed)


@dataclass(frozen=True)
class Placing:
    """One page to be: where, what, and which row of which file it comes from."""

    parent: Page
    model: type[CodedPage]
    file: str
    row: Coded
    code: str
    title: str
    fields: Mapping[str, Any]
    links: Mapping[str, Sequence[models.Model]] = field(default_factory=dict)
    salt: str = ""

    @property
    def digest(self) -> str:
        """Fingerprint of the row, its links, and the files it names."""
        linked = {name: sorted(str(row.pk) for row in rows) for name, rows in self.links.items()}
        return sha256(f"{self.row.model_dump_json()}{linked}{self.salt}".encode()).hexdigest()


def put(placing: Placing, report: Report) -> CodedPage:
    """Add the page, refresh it if its row changed, leave it alone if people have edited it."""
    page = placing.model.objects.filter(code=placing.code).first()
    digest = placing.digest
    if page is not None and page.starter_digest == digest:
        report.unchanged += 1
        return page
    if page is not None and page.latest_revision_id is not None:
        report.kept.append(placing.code)
        return page
    if page is None:
        page = placing.model(code=placing.code, slug=placing.code)
    fill(page, placing, digest)
    if page.pk is None:
        placing.parent.add_child(instance=page)
        report.added += 1
    else:
        page.save()
        report.refreshed += 1
    return page


def fill(page: CodedPage, placing: Placing, digest: str) -> None:
    """Set all fields and check them; raises StarterError naming file, table and key."""
    page.title = page.draft_title = placing.title
    page.starter_digest = digest
    for name, value in placing.fields.items():
        setattr(page, name, value)
    try:
        page.clean_fields(
            exclude={field.name for field in Page._meta.get_fields() if hasattr(field, "name")} - {"title"}
            | {"page_ptr", *placing.links}
        )
    except ValidationError as error:
        row = f"{placing.file}: {placing.code}"
        raise StarterError([f"{row}: {key}: {' '.join(words)}" for key, words in error.message_dict.items()]) from error
    for name, rows in placing.links.items():
        setattr(page, name, rows)
