"""How somebody sits an exam: which options, in which order, at which second (pure)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from exams.attempts.arrangement import question_order
from exams.attempts.grading import Item
from exams.bank.bodies import MULTIPLE, TRUE_FALSE

EASE, PER_GRADE, USUAL_GRADE = 1.95, 0.33, 2
HARDER = {MULTIPLE: -0.8, TRUE_FALSE: 0.1}
SECOND_THOUGHTS = 0.06
COPIED_SLIP = 0.015


@dataclass(frozen=True, slots=True)
class Task:
    """One question of a paper; `lures` are the wrong options, the most tempting first."""

    item: Item
    difficulty: int
    options: tuple[str, ...]
    lures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A response at a second of the sitting."""

    second: float
    position: int
    response: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who sits: `skill` shifts the chance to be right, `seconds` is what the whole takes."""

    skill: float
    seconds: float


def chance_right(task: Task, skill: float) -> float:
    """Logistic in skill and difficulty."""
    ease = EASE + skill - PER_GRADE * (task.difficulty - USUAL_GRADE) + HARDER.get(task.item.type, 0.0)
    return 1.0 / (1.0 + math.exp(-ease))


def right(task: Task) -> tuple[str, ...]:
    """The key."""
    return tuple(sorted(task.item.key))


def wrong(task: Task, chance: Random) -> tuple[str, ...]:
    """A mistake that people make: a tempting option, or a set with one too few or one too many."""
    lures = task.lures
    if task.item.type != MULTIPLE:
        return (lures[0] if chance.random() < 0.55 else chance.choice(lures),)
    chosen = set(task.item.key)
    if len(chosen) > 1 and (not lures or chance.random() < 0.6):
        chosen.discard(chance.choice(sorted(chosen)))
    else:
        chosen.add(lures[0] if chance.random() < 0.6 else chance.choice(lures))
    return tuple(sorted(chosen))


def answers(tasks: Sequence[Task], sitter: Sitter, chance: Random) -> dict[int, tuple[str, ...]]:
    """An honest attempt."""
    return {
        task.item.position: right(task) if chance.random() < chance_right(task, sitter.skill) else wrong(task, chance)
        for task in tasks
    }


def copied(tasks: Sequence[Task], sheet: Random, chance: Random) -> dict[int, tuple[str, ...]]:
    """Answers handed round: the same two or three mistakes for everybody with this paper, now and then a slip."""
    wrong_places = {task.item.position for task in sheet.sample(list(tasks), 2)}
    found = {}
    for task in tasks:
        shared = wrong(task, sheet) if task.item.position in wrong_places else right(task)
        found[task.item.position] = wrong(task, chance) if chance.random() < COPIED_SLIP else shared
    return found


def exact_score(tasks: Sequence[Task], lost: int, chance: Random) -> dict[int, tuple[str, ...]]:
    """Answers that lose exactly so many points; raises ValueError when no choice of questions does."""
    reached: dict[int, tuple[Task, ...]] = {0: ()}
    for task in chance.sample(list(tasks), len(tasks)):
        for total, held in sorted(reached.items(), reverse=True):
            reached.setdefault(total + int(task.item.points), (*held, task))
    if lost not in reached:
        raise ValueError(f"no questions are worth {lost} points together")
    missed = {task.item.position for task in reached[lost]}
    return {task.item.position: wrong(task, chance) if task.item.position in missed else right(task) for task in tasks}


def timeline(
    tasks: Sequence[Task], given: dict[int, tuple[str, ...]], *, seed: int, seconds: float, chance: Random
) -> list[Mark]:
    """The responses in the order in which this person sees the questions, with a few second thoughts."""
    ordered = question_order(tasks, seed=seed, position=position_of, kind=lambda task: task.item.type)
    spans = [chance.lognormvariate(0.0, 0.55) for _ in ordered]
    step = seconds * 0.97 / sum(spans)
    marks: list[Mark] = []
    second = 0.0
    for task, span in zip(ordered, spans, strict=True):
        begun, second = second, second + span * step
        if chance.random() < SECOND_THOUGHTS:
            marks.append(Mark(begun + (second - begun) * 0.6, position_of(task), wrong(task, chance)))
        marks.append(Mark(second, position_of(task), given[position_of(task)]))
    return marks


position_of: Callable[[Task], int] = lambda task: task.item.position  # noqa: E731
