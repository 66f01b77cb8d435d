"""Sorting checked questions: the good ones are written, problems are kept as rows, the bad ones come back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from exams.bank.formats.book import PictureFolder, media_type_of
from exams.bank.formats.opening import QuestionFile, place_in_words
from exams.bank.importing import CheckedRow
from exams.bank.models import ImportProblem, QuestionImport
from exams.bank.problems import WARNINGS, Problem, ProblemKind

Write = Callable[[Sequence[CheckedRow]], None]
MOST_BYTES = 32 * 1024 * 1024  # of pictures in one batch


class Sorting:
    """One pass over the questions of an import.

    `earlier`: places that an attempt before this one has written. `tally` counts rows, good, bad, and how many
    questions have each kind of problem.
    """

    def __init__(
        self, source: QuestionImport, file: QuestionFile, earlier: frozenset[int | None],
        report: Callable[[int], None], write: Write | None, *, batch: int,
    ) -> None:  # fmt: skip
        self.source, self.file, self.earlier = source, file, earlier
        self.report, self.write, self.batch = report, write, batch
        self.tally: Counter[str] = Counter()
        self.good: list[CheckedRow] = []
        self.size = 0
        self.problems: list[ImportProblem] = []

    def bad_rows(self, checked: Iterable[CheckedRow], folder: PictureFolder) -> Iterator[list[str]]:
        """Yield the rows of bad questions for the workbook while the good ones are written and problems are kept."""
        for row in checked:
            self.tally["rows"] += 1
            self.note(row)
            if self.is_good(row):
                self.take(row)
            else:
                self.tally["bad"] += 1
                yield from self.rows_back(row, folder)
            if self.tally["rows"] % self.batch == 0:
                self.keep_problems()
                self.report(self.tally["rows"])
        self.flush()
        self.keep_problems()

    def is_good(self, row: CheckedRow) -> bool:
        """Whether the question goes in: whole, and unlike others where that was asked for."""
        if row.draft is None:
            return False
        # Asked for when the import was confirmed, hence never in the dry run.
        leave_out = self.write is not None and self.source.leave_out_similar and row.number not in self.earlier
        return not leave_out or all(problem.kind != ProblemKind.NEAR_DUPLICATE for problem in row.problems)

    def take(self, row: CheckedRow) -> None:
        """Hand a good question on to be written."""
        self.tally["good"] += 1
        if self.write is None or row.number in self.earlier:
            return
        self.good.append(row)
        self.size += len(row.question.picture)
        if len(self.good) >= self.batch or self.size > MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self.good and self.write is not None:
            self.write(self.good)
        self.good, self.size = [], 0

    def note(self, row: CheckedRow) -> None:
        """Keep every problem and warning."""
        self.tally.update({problem.kind.value for problem in row.problems})
        # Those that the dry run showed are kept as they are.
        kept = ProblemKind.NEAR_DUPLICATE if self.write is not None else None
        self.problems.extend(self.problem_row(row, problem) for problem in row.problems if problem.kind != kept)

    def problem_row(self, row: CheckedRow, problem: Problem) -> ImportProblem:
        """The stored form of a problem."""
        value = problem.value
        if problem.kind == ProblemKind.DUPLICATE_IN_FILE:
            value = place_in_words(int(value), self.file.sheets)
        return ImportProblem(
            source=self.source, row=row.number, kind=problem.kind, column=problem.column[:20], value=value[:120],
            stem=row.stem,
        )  # fmt: skip

    def keep_problems(self) -> None:
        """Write the problems that are waiting."""
        ImportProblem.objects.bulk_create(self.problems)
        self.problems = []

    def rows_back(self, row: CheckedRow, folder: PictureFolder) -> Iterator[list[str]]:
        """The rows of a bad question: the first with its place and every reason, those of a case's parts below it."""
        question = row.question
        name = ""
        if question.picture:
            own = self.file.picture_cell(question)
            name = folder.keep(question.picture, media_type_of(question.picture), own)
        place = place_in_words(row.number, self.file.sheets)
        words = "；".join(in_words(problem, self.file.sheets) for problem in row.problems)
        for number, cells in enumerate(self.file.rows_back(question, name)):
            yield [*cells, place, words] if number == 0 else cells


def in_words(problem: Problem, sheets: Mapping[str, str]) -> str:
    """`答案超出选项（答案：G）`."""
    label = str(problem.kind.label)
    if problem.kind == ProblemKind.DUPLICATE_IN_FILE:
        row = place_in_words(int(problem.value), sheets)
        return _("%(problem)s（与第 %(row)s 行相同）") % {"problem": label, "row": row}
    if problem.kind in WARNINGS or problem.kind == ProblemKind.DUPLICATE_IN_BANK:
        return f"{label}（{problem.value}）"
    where = f"{problem.column}：{problem.value}" if problem.column else problem.value
    return f"{label}（{where}）" if problem.value else label
