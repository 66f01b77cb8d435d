"""What stands in the way of parallel papers although there are questions enough (pure).

Rules are left out one at a time: for a small task of all papers at once, else of the paper that could not be made,
as the earlier ones stood. Each rule without which it goes is named; when no single one helps, the first two that do
together, else all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from exams.papers.constraints import (
    ALL_RULES,
    LOOSE,
    Window,
    add_questions,
    keep_enemies_apart,
    keep_within,
    share_little,
    tolerated,
)
from exams.papers.families import Family
from exams.papers.joint import joint_papers, small
from exams.papers.program import Program, solve
from exams.papers.spec import PaperSpec, Rule, Shortfall, Stage

NODES = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """The paper that could not be made: its family and the others as they stood, and the difficulty it was to have."""

    families: Sequence[Family]
    family: int
    window: Window


def obstacles(spec: PaperSpec, failed: Failure | None) -> list[Shortfall]:
    """The rules that stand in the way, one sentence each."""
    rules = [rule for rule in LOOSE if applies(rule, spec)]
    if failed is None and not small(spec):
        return [Shortfall(None, 0, Stage.OVERLAP, Rule.SPREAD if spec.target is None else Rule.TARGET)]
    guilty = [rule for rule in rules if helps(spec, failed, frozenset({rule}))]
    if guilty:
        return [Shortfall(None, 0, Stage.OVERLAP, rule) for rule in guilty]
    pair = next((pair for pair in combinations(rules, 2) if helps(spec, failed, frozenset(pair))), tuple(rules))
    return [Shortfall(None, 0, Stage.OVERLAP, Rule.TOGETHER, among=pair)]


def helps(spec: PaperSpec, failed: Failure | None, left_out: frozenset[Rule]) -> bool:
    """Whether it goes without some rules."""
    if small(spec):
        return bool(joint_papers(spec, ALL_RULES - left_out).papers)
    return failed is not None and exists(spec, failed, left_out)


def applies(rule: Rule, spec: PaperSpec) -> bool:
    """Whether a rule forbids anything in this task."""
    if rule is Rule.FAMILIES:
        return spec.families > 1
    if rule is Rule.TARGET:
        return spec.target is not None
    if rule is Rule.ENEMIES:
        return any(c.enemy for c in spec.pool)
    return spec.paper_count > spec.families or rule is Rule.SPREAD


def exists(spec: PaperSpec, failed: Failure, left_out: frozenset[Rule]) -> bool:
    """Whether the paper that failed exists without some rules."""
    own = failed.families[failed.family]
    families = failed.families if Rule.FAMILIES in left_out else [own]
    worn = Rule.EXPOSURE in left_out
    candidates = [c for family in families for c in family.spec.pool if worn or family.used[c.version_id] < family.most]
    program = Program()
    first = add_questions(program, own.spec, candidates, [0.0] * len(candidates))
    if Rule.ENEMIES not in left_out:
        keep_enemies_apart(program, candidates, first)
    if Rule.SPREAD not in left_out and Rule.TARGET not in left_out:
        keep_within(program, spec, candidates, failed.window)
    elif Rule.TARGET not in left_out:
        keep_within(program, spec, candidates, tolerated(spec))
    for paper in own.papers if Rule.OVERLAP not in left_out else ():
        share_little(program, candidates, paper, spec.most_shared)
    return solve(program, seed=spec.seed, nodes=NODES).found
