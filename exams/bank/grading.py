"""Points for responses, by type (pure, exact decimals).

Every question is worth its points; what a response earns of them:

- single, true_false: all for exactly the right option.
- multiple: all for exactly the right set; otherwise by the exam's rule: `all_or_nothing` nothing; `half` half for a
  non-empty incomplete set without a wrong tick; `per_option` (right ticks − wrong ticks) ÷ right options, not below 0.
- fill_in: each blank counts the same.
- ordering: all for exactly the right order: a step in the wrong place makes a procedure wrong.
- matching: each prompt counts the same.
- hotspot: (hazards hit − penalty × marks that hit nothing) ÷ hazards, not below 0. Only as many marks count as there
  are hazards, the first ones: nobody wins by covering the picture. A second mark in a hazard counts neither way; a
  mark where hazards overlap hits the first of them that is not yet hit.
- short_answer: decided by a person, unless it is empty.
- case: the sum of its parts.

Shares are rounded half up to a hundredth, once, at the end of each question (each part of a case).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exams.bank.bodies import (
    CASE,
    ELLIPSE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    RECT,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
)
from exams.bank.responses import accepts, is_answered, marks_in, responses_by_part

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
ALL_OR_NOTHING, HALF, PER_OPTION = "all_or_nothing", "half", "per_option"
RULES = (ALL_OR_NOTHING, HALF, PER_OPTION)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`earned`: points decided by rule; `open`: points that a person still decides about."""

    earned: Decimal
    open: Decimal = ZERO


def verdict(type_: str, key: Any, response: Sequence[str], *, points: Decimal, multiple_rule: str) -> Verdict:
    """What a response to a question with the stored `key` earns of `points`.

    An unknown option earns nothing. Raises ValueError for an unknown type or rule, or for a missing key.
    """
    if multiple_rule not in RULES:
        raise ValueError(f"unknown rule {multiple_rule!r}")
    if not key:
        raise ValueError("a question without a key cannot be marked")
    if type_ == CASE:
        return case_verdict(key, response, points=points, multiple_rule=multiple_rule)
    if type_ == SHORT_ANSWER:
        return Verdict(ZERO, points.quantize(CENT)) if is_answered(response) else Verdict(ZERO)
    share = share_of(type_, key, response, multiple_rule)
    return Verdict((points * share).quantize(CENT, ROUND_HALF_UP))


def share_of(type_: str, key: Any, response: Sequence[str], multiple_rule: str) -> Decimal:
    """The share (0–1) that the rule gives; raises ValueError for a type without one."""
    if type_ in (SINGLE, TRUE_FALSE):
        return Decimal(set(response) == set(key))
    if type_ == MULTIPLE:
        return multiple_share(set(key), set(response), multiple_rule)
    if type_ == FILL_IN:
        return fill_in_share(key, response)
    if type_ == ORDERING:
        return Decimal(list(response) == list(key))
    if type_ == MATCHING:
        return matching_share(key, response)
    if type_ == HOTSPOT:
        return hotspot_share(key, response)
    raise ValueError(f"type {type_!r} is not marked by rule")


def multiple_share(key: set[str], chosen: set[str], rule: str) -> Decimal:
    """All right, or what the rule gives for less."""
    if chosen == key:
        return Decimal(1)
    if rule == HALF:
        return Decimal("0.5") if chosen and chosen < key else Decimal(0)
    if rule == PER_OPTION:
        return max(Decimal(0), Decimal(len(chosen & key) - len(chosen - key)) / len(key))
    return Decimal(0)


def fill_in_share(key: Sequence[Sequence[str]], response: Sequence[str]) -> Decimal:
    """Blanks filled with an accepted form."""
    right = sum(
        bool(text.strip()) and any(accepts(form, text) for form in forms)
        for forms, text in zip(key, response, strict=False)
    )
    return Decimal(right) / len(key)


def matching_share(key: Sequence[str], response: Sequence[str]) -> Decimal:
    """Prompts with their right target; a prompt answered twice is not answered."""
    prompts = [pair.partition(":")[0] for pair in response]
    once = {pair for pair, prompt in zip(response, prompts, strict=True) if prompts.count(prompt) == 1}
    return Decimal(len(once & set(key))) / len(key)


def hotspot_share(key: Mapping[str, Any], response: Sequence[str]) -> Decimal:
    """Hazards hit, less the penalty for marks that hit nothing."""
    regions, hit, wild = key["regions"], set(), 0
    for mark in marks_in(response)[: len(regions)]:
        under = [n for n, region in enumerate(regions) if region_holds(region, mark, key["tolerance"])]
        fresh = [n for n in under if n not in hit]
        hit.update(fresh[:1])
        wild += not under
    return max(Decimal(0), (len(hit) - Decimal(key["penalty"]) * wild) / len(regions))


def region_holds(region: Mapping[str, Any], mark: tuple[int, int], tolerance: int) -> bool:
    """Whether a mark lies in a region or at most `tolerance` beside it (both in ten-thousandths)."""
    x, y = mark
    coords = region["coords"]
    if region["shape"] == RECT:
        left, top, right, bottom = coords
        beside = max(left - x, x - right, 0), max(top - y, y - bottom, 0)
        return beside[0] ** 2 + beside[1] ** 2 <= tolerance**2
    if region["shape"] == ELLIPSE:
        left, top, right, bottom = coords
        wide, high = (right - left) / 2 + tolerance, (bottom - top) / 2 + tolerance
        return ((x - (left + right) / 2) / wide) ** 2 + ((y - (top + bottom) / 2) / high) ** 2 <= 1
    corners = list(zip(coords[::2], coords[1::2], strict=True))
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    return inside(edges, mark) or any(distance(edge, mark) <= tolerance for edge in edges)


Edge = tuple[tuple[int, int], tuple[int, int]]


def inside(edges: Sequence[Edge], mark: tuple[int, int]) -> bool:
    """Even-odd rule: a ray to the right crosses the outline an odd number of times."""
    x, y = mark
    crossings = (x < (bx - ax) * (y - ay) / (by - ay) + ax for (ax, ay), (bx, by) in edges if (ay > y) != (by > y))
    return sum(crossings) % 2 == 1


def distance(edge: Edge, mark: tuple[int, int]) -> float:
    """From a mark to the nearest place of an edge."""
    (ax, ay), (bx, by) = edge
    x, y = mark
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = 0.0 if not length else max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
    return float(((ax + along * (bx - ax) - x) ** 2 + (ay + along * (by - ay) - y) ** 2) ** 0.5)


def case_verdict(
    key: Sequence[Mapping[str, Any]], response: Sequence[str], *, points: Decimal, multiple_rule: str
) -> Verdict:
    """The parts, each worth its share of the case's points; roundings are settled by the last part."""
    answers = responses_by_part(response)
    worth = part_points(key, points)
    verdicts = [
        verdict(
            part["type"], part["key"], answers.get(part["id"], ()), points=worth[part["id"]],
            multiple_rule=multiple_rule,
        )
        for part in key
    ]  # fmt: skip
    return Verdict(sum((v.earned for v in verdicts), ZERO), sum((v.open for v in verdicts), ZERO))


def part_points(key: Sequence[Mapping[str, Any]], points: Decimal) -> dict[str, Decimal]:
    """What each part of a case is worth in a paper that gives the case `points`; they add up exactly."""
    total = sum((Decimal(part["points"]) for part in key), Decimal(0))
    worth: dict[str, Decimal] = {}
    given, so_far = ZERO, Decimal(0)
    for part in key:
        so_far += Decimal(part["points"])
        until = (points * so_far / total).quantize(CENT, ROUND_HALF_UP)
        worth[part["id"]], given = until - given, until
    return worth
