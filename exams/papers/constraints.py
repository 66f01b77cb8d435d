"""The rules for a paper as rows of a program, and as a check in whole numbers (pure)."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from exams.papers.draw import Draw
from exams.papers.program import Program
from exams.papers.spec import GRADE, USUAL_DIFFICULTY, Candidate, PaperSpec, Rule

# Sums of difficulty, lowest and highest, thousandths of a grade.
Window = tuple[int, int]
# The rules that may be left out to see what stands in the way.
LOOSE = (Rule.OVERLAP, Rule.EXPOSURE, Rule.SPREAD, Rule.TARGET, Rule.ENEMIES, Rule.FAMILIES)
ALL_RULES = frozenset(LOOSE)


def add_questions(program: Program, spec: PaperSpec, candidates: Sequence[Candidate], cost: Sequence[float]) -> int:
    """A yes or no for each candidate, and the rows for one paper: sections, criterion, shares. Returns the first
    column; the others follow in the order of the candidates."""
    columns = [program.add_column(cost=price, upper=1.0, whole=True) for price in cost]
    fill_sections(program, spec, candidates, columns)
    places = list(zip(columns, candidates, strict=True))
    program.add_row(((i, 1.0) for i, c in places if c.criterion), lower=spec.criterion_needed)
    for share in spec.shares:
        least, most = share.bounds(spec.total)
        program.add_row(((i, 1.0) for i, c in places if share.counts(c)), lower=least, upper=most)
    return columns[0] if columns else len(program.cost)


def fill_sections(program: Program, spec: PaperSpec, candidates: Sequence[Candidate], columns: Sequence[int]) -> None:
    """Every section is filled. Questions that fit the same sections flow into them together, so that one variable
    per question is enough: whole sums can always be divided into whole parts."""
    sets: dict[tuple[int, ...], list[int]] = {}
    for column, candidate in zip(columns, candidates, strict=True):
        fits = tuple(place for place, section in enumerate(spec.sections) if section.takes(candidate))
        sets.setdefault(fits, []).append(column)
    held: list[list[tuple[int, float]]] = [[] for _ in spec.sections]
    for fits, members in sets.items():
        if len(fits) == 1:
            held[fits[0]] += [(column, 1.0) for column in members]
            continue
        flows = [program.add_column() for _ in fits]
        program.add_row([*((c, 1.0) for c in members), *((flow, -1.0) for flow in flows)], lower=0.0, upper=0.0)
        for place, flow in zip(fits, flows, strict=True):
            held[place].append((flow, 1.0))
    for section, terms in zip(spec.sections, held, strict=True):
        program.add_row(terms, lower=section.count, upper=section.count)


def keep_enemies_apart(program: Program, candidates: Sequence[Candidate], first: int) -> None:
    """Of an enemy group at most one question."""
    groups: dict[str, list[int]] = {}
    for column, candidate in enumerate(candidates, start=first):
        if candidate.enemy:
            groups.setdefault(candidate.enemy, []).append(column)
    for columns in groups.values():
        if len(columns) > 1:
            program.add_row(((column, 1.0) for column in columns), upper=1.0)


def difficulty_terms(candidates: Sequence[Candidate], first: int) -> list[tuple[int, float]]:
    """Difficulty above the usual one, in grades: small numbers keep the program exact."""
    terms = ((column, c.difficulty - USUAL_DIFFICULTY) for column, c in enumerate(candidates, start=first))
    return [(column, value / GRADE) for column, value in terms if value]


def above_usual(spec: PaperSpec, total: int) -> float:
    """A sum of difficulties on the scale of `difficulty_terms`."""
    return (total - spec.total * USUAL_DIFFICULTY) / GRADE


def keep_within(
    program: Program, spec: PaperSpec, candidates: Sequence[Candidate], window: Window, *, first: int = 0
) -> None:
    """The sum of difficulties lies in the window."""
    low, high = (above_usual(spec, bound) for bound in window)
    program.add_row(difficulty_terms(candidates, first), lower=low, upper=high)


def share_little(
    program: Program, candidates: Sequence[Candidate], paper: frozenset[int], most: int, *, first: int = 0
) -> None:
    """At most so many questions of another paper."""
    held = [column for column, c in enumerate(candidates, start=first) if c.version_id in paper]
    if len(held) > most:
        program.add_row(((column, 1.0) for column in held), upper=most)


def tolerated(spec: PaperSpec) -> Window:
    """The sums of difficulty that the target allows; without a target all."""
    if spec.target is None:
        return 0, 10 * GRADE * spec.total
    return (spec.target - spec.tolerance) * spec.total, (spec.target + spec.tolerance) * spec.total


def keeps(spec: PaperSpec, chosen: Sequence[Candidate], window: Window | None, *, enemies: bool = True) -> bool:
    """Whether questions make a paper by every rule, in whole numbers. `window` None: any difficulty."""
    draw = Draw(spec.sections)
    fits = all(draw.add(c if enemies else without_enemy(c)) for c in chosen)
    shares = [(share.bounds(spec.total), sum(map(share.counts, chosen))) for share in spec.shares]
    return (
        fits
        and len(chosen) == spec.total
        and sum(c.criterion for c in chosen) >= spec.criterion_needed
        and all(least <= count <= most for (least, most), count in shares)
        and (window is None or window[0] <= sum(c.difficulty for c in chosen) <= window[1])
    )


def without_enemy(candidate: Candidate) -> Candidate:
    """The question as if it had no enemies."""
    return Candidate(candidate.version_id, candidate.type, candidate.topic_id, candidate.criterion)


def all_keep(spec: PaperSpec, papers: Sequence[Sequence[Candidate]], rules: frozenset[Rule] = ALL_RULES) -> bool:
    """Whether all papers together keep the rules, in whole numbers."""
    window = tolerated(spec) if Rule.TARGET in rules else None
    if not all(keeps(spec, paper, window, enemies=Rule.ENEMIES in rules) for paper in papers):
        return False
    sums = [sum(c.difficulty for c in paper) for paper in papers]
    if Rule.SPREAD in rules and max(sums) - min(sums) > spec.widest:
        return False
    used = Counter(c.version_id for paper in papers for c in paper)
    if Rule.EXPOSURE in rules and max(used.values()) > spec.most_papers:
        return False
    held = [(spec.family_of(number), {c.version_id for c in paper}) for number, paper in enumerate(papers, start=1)]
    for (one, first), (other, second) in combinations(held, 2):
        common = len(first & second)
        if one != other and common and Rule.FAMILIES in rules:
            return False
        if one == other and common > spec.most_shared and Rule.OVERLAP in rules:
            return False
    return True
