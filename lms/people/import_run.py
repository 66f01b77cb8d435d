"""Going through a staff file once, in chunks: what `tasks.py` drives."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lms.jobs.registry import JobProblem, Progress
from lms.kit.crypto import lookup_hash
from lms.kit.sheets import SheetError, open_sheet
from lms.people.columns import COLUMNS, HEADER_ROWS, NoHeader, find_header
from lms.people.import_plan import KINDS, Plan, Seen, plan_row
from lms.people.import_queries import known_of
from lms.people.importing import Frame, Problem, read_row

CHUNK = 1_000
MAX_ROWS = 200_000
SHOWN_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class Checked:
    """A row of the file with what came of it."""

    number: int
    cells: Sequence[Any]
    plan: Plan | None
    problems: Sequence[Problem]


@dataclass(slots=True)
class Tally:
    """The figures of a run; what the result page shows."""

    rows: int = 0
    bad: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    problem_rows: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    enterprises: Counter[int] = field(default_factory=Counter)
    notices: int = 0
    problems: list[Problem] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def add(self, checked: Checked) -> None:
        """Count one row."""
        self.rows += 1
        self.problem_rows.update({problem.kind for problem in checked.problems})
        room = SHOWN_PROBLEMS - len(self.problems)
        self.problems.extend(checked.problems[: max(0, room)])
        if checked.plan is None:
            self.bad += 1
            return
        self.notices += bool(checked.problems)
        self.kinds[checked.plan.kind] += 1
        self.changes.update(checked.plan.changes)
        if checked.plan.kind in ("changed", "same"):
            self.enterprises[checked.plan.row.enterprise_id] += 1
        elif checked.plan.kind in ("new", "joins"):
            self.enterprises[checked.plan.row.enterprise_id] += 0
            self.types[checked.plan.row.employment_type] += 1

    def summary(self) -> dict[str, Any]:
        """As JSON for the job."""
        return {
            "rows": self.rows,
            "good": self.rows - self.bad,
            "bad": self.bad,
            "notices": self.notices,
            "kinds": {kind: self.kinds[kind] for kind in KINDS},
            "problem_rows": dict(self.problem_rows),
            "changes": dict(self.changes),
            "types": dict(self.types),
            "columns": self.columns,
            "problems": [asdict(problem) for problem in self.problems],
        }


class StaffFile:
    """An uploaded table: header found, rows yielded in checked chunks."""

    def __init__(self, path: Path, frame: Frame, progress: Progress) -> None:
        try:
            sheet = open_sheet(path)
        except SheetError as error:
            raise JobProblem(_("打不开这个文件。请用 Excel 另存为 .xlsx 再传。")) from error
        self.frame, self.progress, self.tally, self.seen = frame, progress, Tally(), Seen()
        self.total = sheet.total_height
        if self.total > MAX_ROWS:
            raise JobProblem(_("一次最多 %(n)d 行，请分成几个文件。") % {"n": MAX_ROWS})
        self.rows = enumerate(sheet.iter_rows(), start=1)
        head = list(islice(self.rows, HEADER_ROWS))
        try:
            self.header = find_header([row for _number, row in head])
        except NoHeader as error:
            raise JobProblem(
                _("没有找到表头。前 %(n)d 行里要有这些列名：%(names)s。")
                % {"n": HEADER_ROWS, "names": "、".join(error.missing)}
            ) from error
        self.titles = [str(cell or "") for cell in head[self.header.row][1]]
        self.first = head[self.header.row + 1 :]
        self.tally.columns = [column.title for column in COLUMNS if column.key in self.header.positions]

    def body(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """The rows below the header with the numbers that the user sees."""
        yield from self.first
        yield from self.rows

    def chunks(self) -> Iterator[list[Checked]]:
        """The rows in chunks of `CHUNK`, each checked against the register as it is now; reports progress."""
        body = self.body()
        while lines := list(islice(body, CHUNK)):
            checked = self.check(lines)
            for row in checked:
                self.tally.add(row)
            yield checked
            self.progress(min(lines[-1][0], self.total), self.total)
        if not self.tally.rows:
            raise JobProblem(_("表头下面没有内容。"))

    def check(self, lines: Sequence[tuple[int, Sequence[Any]]]) -> list[Checked]:
        """One chunk: read, look up, plan. Empty rows are left out."""
        read = [(number, cells, *read_row(number, cells, self.header, self.frame)) for number, cells in lines]
        hashes = {
            row.number: (lookup_hash("id", row.id_number), lookup_hash("phone", row.phone))
            for _n, _c, row, _p in read
            if row
        }
        known = known_of([pair[0] for pair in hashes.values()], [pair[1] for pair in hashes.values()], self.frame)
        found: list[Checked] = []
        for number, cells, row, problems in read:
            plan, more = plan_row(row, *hashes[number], known, self.seen) if row else (None, [])
            if plan is not None or problems or more:
                found.append(Checked(number, cells, plan, [*problems, *more]))
        return found


def reason_words(problems: Sequence[Problem]) -> str:
    """All problems of a row in one cell of the file of bad rows."""
    return "；".join(f"{problem.column}：{problem.reason}" for problem in problems)
