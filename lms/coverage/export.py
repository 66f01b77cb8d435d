"""The rows of the Excel files: exactly what the page shows, with definition and date on top."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lms.coverage.board import Ask
from lms.coverage.counting import ranking
from lms.coverage.definition import definition_lines
from lms.coverage.named import NamedAsk, PersonLine, named_people, person_lines
from lms.coverage.worst import Ranked
from lms.jobs.registry import Progress
from lms.kit.sheets import write_rows
from lms.organisations.models import Enterprise
from lms.people.models import User

BATCH = 500


def people_header() -> list[str]:
    """Columns of the named list."""
    return [
        *(_("姓名"), _("工号"), _("证件号码"), _("单位"), _("班组"), _("岗位"), _("用工形式"), _("人员类别")),
        *(_("是否覆盖"), _("依据或原因")),
    ]


def people_row(line: PersonLine) -> list[Any]:
    """One person, ID number masked."""
    return [
        line.person.name,
        line.person.username,
        line.person.masked_id,
        joined(place.enterprise.name for place in line.places),
        joined(place.team.name for place in line.places if place.team),
        joined(place.post.name if place.post else place.trade for place in line.places),
        joined(place.get_employment_type_display() for place in line.places),
        joined(row.category for row in line.evidence),
        _("已覆盖") if line.met else _("未覆盖"),
        joined(f"{row.words} {row.detail}".strip() for row in line.evidence),
    ]


def joined(texts: Iterator[str] | Any) -> str:
    """Different texts, in order, without repeats."""
    return _("；").join(dict.fromkeys(text for text in texts if text))


def heading_notes(ask: NamedAsk | Ask, *, what: str, made_on: date) -> list[str]:
    """Lines above the header."""
    return [
        f"{what} · {ask.definition.name}",
        _("截至 %(day)s，导出日期 %(made)s") % {"day": ask.day.isoformat(), "made": made_on.isoformat()},
        *definition_lines(ask.definition, on=ask.on),
    ]


def write_people(target: Path, ask: NamedAsk, *, what: str, made_on: date, progress: Progress) -> int:
    """Write the named list batch by batch; returns the number of people."""
    ids = list(named_people(ask).values_list("pk", flat=True))

    def rows() -> Iterator[Sequence[Any]]:
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            found = User.objects.in_bulk(part)
            yield from (people_row(line) for line in person_lines([found[pk] for pk in part], ask))
            progress(start + len(part), len(ids))

    notes = heading_notes(ask, what=what, made_on=made_on)
    return write_rows(target, header=people_header(), rows=rows(), title=_("名单"), notes=notes)


def write_enterprises(target: Path, ask: Ask, *, sort: str, what: str, made_on: date, progress: Progress) -> int:
    """Write the table of enterprises in the order of the page; returns the number of enterprises."""
    total = Ranked(ask, sort).count()
    header = ["#", _("企业"), _("主行业"), _("应训人数"), _("已覆盖"), _("未覆盖"), _("覆盖率 %")]

    def rows() -> Iterator[Sequence[Any]]:
        for start in range(0, total, BATCH):
            part = ranking(
                ask.definition.yardstick, on=ask.day, scope=ask.scope, cell=ask.cell, sort=sort, first=start, size=BATCH
            )
            ids = [row.enterprise_id for row in part]
            found = Enterprise.objects.select_related("industry").in_bulk(ids)
            for number, row in enumerate(part, start=start + 1):
                place, tally = found[row.enterprise_id], row.tally
                share = float(tally.percent) if tally.percent is not None else None
                yield [number, place.name, place.industry.name, tally.eligible, tally.covered, tally.missing, share]
            progress(start + len(part), total)

    notes = heading_notes(ask, what=what, made_on=made_on)
    return write_rows(target, header=header, rows=rows(), title=_("企业"), notes=notes)
