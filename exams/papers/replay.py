"""Making the papers of an exam once more from what was stored, and comparing them with the stored ones bit for bit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exams.papers.assembly import assemble
from exams.papers.models import Assembly, Exam, Paper, PaperItem
from exams.papers.program import solver_name
from exams.papers.spec import ALGORITHMS, AssembledPaper, Impossible, spec_from

# "draw-1" is "draw-2" with one family.
KNOWN = frozenset({*ALGORITHMS.values(), "draw-1"})


class CannotReplay(Exception):
    """There is nothing to compare with; the text says why."""


@dataclass(frozen=True, slots=True)
class Replay:
    """`difference`: where rebuilt and stored papers first part, "" when they agree. `solvers`: the versions that made
    and that remade the papers, where that matters and they differ."""

    papers: int
    difference: str = ""
    solvers: tuple[str, str] | None = None


def replay(exam: Exam, *, number: int | None = None) -> Replay:
    """Compare all papers, or one, with those rebuilt from the stored request; raises CannotReplay."""
    assembly = Assembly.objects.filter(exam=exam).first()
    if assembly is None:
        raise CannotReplay("nothing was stored from which its papers could be rebuilt")
    if assembly.method not in KNOWN:
        raise CannotReplay(f"its papers were made by {assembly.method}, which this version does not know")
    stored = list(exam.papers.prefetch_related("items").order_by("number"))
    wanted = [paper for paper in stored if number in (None, paper.number)]
    if number is not None and not wanted:
        raise CannotReplay(f"there is no paper {number}")
    solvers = other_solver(assembly)
    try:
        rebuilt = assemble(spec_from(assembly.request))
    except Impossible as problem:
        return Replay(len(wanted), f"no papers can be rebuilt: {problem}", solvers)
    if len(rebuilt) != len(stored):
        return Replay(len(wanted), f"{len(stored)} papers are stored, {len(rebuilt)} were rebuilt", solvers)
    by_number = {paper.number: paper for paper in rebuilt}
    found = (line for paper in wanted for line in differences(paper, by_number.get(paper.number)))
    return Replay(len(wanted), next(found, ""), solvers)


def other_solver(assembly: Assembly) -> tuple[str, str] | None:
    """The solver that made parallel papers and the present one, when they differ."""
    made, present = assembly.request.get("solver", ""), solver_name()
    return (made, present) if assembly.method == ALGORITHMS["parallel"] and made != present else None


def differences(stored: Paper, rebuilt: AssembledPaper | None) -> Iterator[str]:
    """Where a stored paper differs from the rebuilt one, in words."""
    if rebuilt is None:
        yield f"paper {stored.number} is stored and was not rebuilt"
        return
    pairs: list[tuple[str, Any, Any]] = [
        ("seed", stored.seed, rebuilt.seed),
        ("family", stored.family, rebuilt.family),
        ("number of questions", len(stored.items.all()), len(rebuilt.items)),
    ]
    for place, (row, item) in enumerate(zip(ordered(stored), rebuilt.items, strict=False), start=1):
        pairs += [
            (f"position {place}", row.position, place),
            (f"question version at position {place}", row.version_id, item.version_id),
            (f"points at position {place}", row.points, item.points),
        ]
    pairs.append(("total points", stored.total_points, rebuilt.total_points))
    if stored.difficulty is not None:  # papers made before it was kept have none
        pairs.append(("difficulty", stored.difficulty, rebuilt.mean_difficulty))
    for what, before, after in pairs:
        if before != after:
            yield f"paper {stored.number}, {what}: {before} is stored, {after} was rebuilt"


def ordered(paper: Paper) -> list[PaperItem]:
    """The questions of a stored paper by position."""
    return sorted(paper.items.all(), key=lambda item: item.position)
