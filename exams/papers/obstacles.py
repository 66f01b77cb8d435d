"""What stands in the way of parallel papers although there are questions enough (pure).

Rules are left out one at a time: for a small task of all papers at once, else of the paper that could not be made,
as the earlier ones stood. Each rule without which it goes is named; when no single one helps, all of them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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

NODES = 2000


@dataclass(frozen=True, slots=True)
class Failure:
    """The paper that could not be made: its family and the others as they stood, and the difficulty it was to have."""

    families: Sequence[Family]
    family: int
    window: Window


def obstacles(spec: PaperSpec, failed: Failure | None) -> list[Shortfall]:
    """The rules that stand in the way, one sentence each."""
    rules = [rule for rule in LOOSE if applies(rule, spec)]
    if small(spec):
        guilty = [rule for rule in rules if joint_papers(spec, ALL_RULES - {rule}).papers]
    elif failed is None:
        guilty = [Rule.TARGET] if spec.target is not None else [Rule.SPREAD]
    else:
        guilty = [rule for rule in rules if helps(rule, spec, failed)]
    return [Shortfall(None, 0, Stage.OVERLAP, rule) for rule in guilty or [Rule.TOGETHER]]


def applies(rule: Rule, spec: PaperSpec) -> bool:
    """Whether a rule forbids anything in this task."""
    if rule is Rule.FAMILIES:
        return spec.families > 1
    if rule is Rule.TARGET:
        return spec.target is not None
    if rule is Rule.ENEMIES:
        return any(c.enemy for c in spec.pool)
    return spec.paper_count > spec.families or rule is Rule.SPREAD


def helps(rule: Rule, spec: PaperSpec, failed: Failure) -> bool:
    """Whether the paper that failed exists without the rule."""
    family = failed.families[failed.family]
    candidates = [c for c in family.spec.pool if rule is Rule.EXPOSURE or family.used[c.version_id] < family.most]
    if rule is Rule.FAMILIES:
        candidates = [c for own in failed.families for c in own.spec.pool if own.used[c.version_id] < own.most]
    program = Program()
    first = add_questions(program, family.spec, candidates, [0.0] * len(candidates))
    if rule is not Rule.ENEMIES:
        keep_enemies_apart(program, candidates, first)
    if rule is Rule.SPREAD:
        keep_within(program, spec, candidates, tolerated(spec))
    elif rule is not Rule.TARGET:
        keep_within(program, spec, candidates, failed.window)
    for paper in family.papers if rule is not Rule.OVERLAP else ():
        share_little(program, candidates, paper, spec.most_shared)
    return solve(program, seed=spec.seed, nodes=NODES).found
