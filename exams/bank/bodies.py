"""The part of a question that differs by type, and the form in which a version keeps it (pure).

A version stores two columns: `options` is what a candidate may see, `key` is what only marking may see. Ids in
`options` never tell the key: steps of an ordering and targets of a matching are numbered in the order of a hash.

| type | options | key |
|---|---|---|
| single, multiple | `[{"id": "o1", "text": …}, …]` | `["o2"]` |
| true_false | `[{"id": "true", "text": "对"}, {"id": "false", "text": "错"}]` | `["true"]` |
| fill_in | `[{"id": "b1"}, …]`, one for each blank | `[["先通风", "通风"], …]`, the accepted forms |
| ordering | `[{"id": "o1", "text": …}, …]` | ids in the right order |
| matching | prompts `o1` …, then targets `{"id": "t1", "text": …, "target": true}` | `["o1:t2", …]` |
| hotspot | `[{"id": "marks", "count": 4}]` | `{"regions": […], "tolerance": 150, "penalty": "0.5"}` |
| short_answer | `[]` | `[{"text": "先通风", "weight": "2"}, …]`, the points expected |
| case | `[{"id": "p1", "type", "stem", "points", "options"}, …]` | `[{"id": "p1", "type", "points", "key"}, …]` |
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN = "single", "multiple", "true_false", "fill_in"
ORDERING, MATCHING, HOTSPOT, SHORT_ANSWER, CASE = "ordering", "matching", "hotspot", "short_answer", "case"
TYPES = (SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN, ORDERING, MATCHING, HOTSPOT, SHORT_ANSWER, CASE)
# What may stand inside a case: everything that needs no picture and no case of its own.
PART_TYPES = (SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN, ORDERING, MATCHING, SHORT_ANSWER)
TRUE, FALSE = "true", "false"
RECT, ELLIPSE, POLYGON = "rect", "ellipse", "polygon"
SCALE = 10_000  # pictures are measured in ten-thousandths of their width and height
USUAL_TOLERANCE, USUAL_PENALTY = 150, Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `id` is stable within the version."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Single and multiple choice."""

    options: tuple[Option, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false; `key` is "true", "false" or "" for none."""

    key: str


@dataclass(frozen=True, slots=True)
class FillIn:
    """One entry for each ____ of the stem: the forms accepted, `19.5..23.5` or `20±0.5` for any number between."""

    blanks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """The steps in their right order."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Prompts with their targets (several prompts may share one), and targets that belong to none (in hidden order)."""

    pairs: tuple[tuple[str, str], ...]
    lures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        used = {target for _, target in self.pairs}
        object.__setattr__(self, "lures", hidden_order(text for text in self.lures if text not in used))

    @property
    def targets(self) -> tuple[str, ...]:
        """Every target once, in the order that gives nothing away."""
        return hidden_order([*(target for _, target in self.pairs), *self.lures])


@dataclass(frozen=True, slots=True)
class Region:
    """A hazard in a picture, in ten-thousandths of width and height.

    `rect` and `ellipse` have left, top, right, bottom; `polygon` has x, y of each corner.
    """

    shape: str
    coords: tuple[int, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Hotspot:
    """Find the hazards in the picture of the question.

    A mark counts up to `tolerance` (ten-thousandths of width and height) beside a region; a mark that hits nothing
    takes away `penalty` (0–1) of what a hazard is worth.
    """

    regions: tuple[Region, ...]
    tolerance: int = USUAL_TOLERANCE
    penalty: Decimal = USUAL_PENALTY


@dataclass(frozen=True, slots=True)
class RubricPoint:
    """One point that an answer is expected to make, with its share of the marks."""

    text: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """Marked by people against these points."""

    rubric: tuple[RubricPoint, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-question of a case; `points` is its share of the case's points."""

    id: str
    type: str
    stem: str
    body: "PartBody"
    points: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Case:
    """One situation (the stem), several sub-questions."""

    parts: tuple[Part, ...]


PartBody = Choice | Truth | FillIn | Ordering | Matching | ShortAnswer
Body = PartBody | Hotspot | Case


def options_from(texts: Sequence[str]) -> tuple[Option, ...]:
    """Options with ids o1, o2 … from their texts; blank ones at the end are left out."""
    last = max((place for place, text in enumerate(texts, start=1) if text), default=0)
    return tuple(Option(f"o{place}", text) for place, text in enumerate(texts[:last], start=1))


def hidden_order(texts: Iterable[str]) -> tuple[str, ...]:
    """Every text once, in an order that does not depend on how they were written down."""
    return tuple(sorted(dict.fromkeys(texts), key=lambda text: hashlib.sha256(text.encode()).digest()))


def stored(body: Body) -> tuple[list[dict[str, Any]], Any]:
    """The columns `options` and `key` of a version."""
    if isinstance(body, Choice):
        return option_rows(body.options), list(body.key)
    if isinstance(body, Truth):
        return [{"id": TRUE, "text": "对"}, {"id": FALSE, "text": "错"}], [body.key] if body.key else []
    if isinstance(body, FillIn):
        return [{"id": f"b{n}"} for n in range(1, len(body.blanks) + 1)], [list(forms) for forms in body.blanks]
    if isinstance(body, Ordering):
        ids = {text: f"o{n}" for n, text in enumerate(hidden_order(body.steps), start=1)}
        return [{"id": name, "text": text} for text, name in ids.items()], [ids[text] for text in body.steps]
    if isinstance(body, Matching):
        return stored_matching(body)
    if isinstance(body, Hotspot):
        return [{"id": "marks", "count": len(body.regions)}], stored_hotspot(body)
    if isinstance(body, ShortAnswer):
        return [], [{"text": point.text, "weight": plain(point.weight)} for point in body.rubric]
    return stored_case(body)


def option_rows(options: Iterable[Option]) -> list[dict[str, Any]]:
    """Options as plain data."""
    return [{"id": option.id, "text": option.text} for option in options]


def plain(number: Decimal) -> str:
    """A decimal without superfluous zeros."""
    return f"{number.normalize():f}"


def stored_matching(body: Matching) -> tuple[list[dict[str, Any]], list[str]]:
    """Prompts, targets in hidden order, and which belongs to which."""
    targets = {text: f"t{n}" for n, text in enumerate(body.targets, start=1)}
    prompts = [{"id": f"o{n}", "text": prompt} for n, (prompt, _) in enumerate(body.pairs, start=1)]
    rows = [{"id": name, "text": text, "target": True} for text, name in targets.items()]
    return [*prompts, *rows], [f"o{n}:{targets[target]}" for n, (_, target) in enumerate(body.pairs, start=1)]


def stored_hotspot(body: Hotspot) -> dict[str, Any]:
    """Regions with tolerance and penalty."""
    return {
        "regions": [
            {"shape": region.shape, "coords": list(region.coords), "label": region.label} for region in body.regions
        ],
        "tolerance": body.tolerance,
        "penalty": plain(body.penalty),
    }


def stored_case(body: Case) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The sub-questions; type and points stand in both columns, so that marking reads one of them only."""
    options, key = [], []
    for part in body.parts:
        shown, secret = stored(part.body)
        facts = {"id": part.id, "type": part.type, "points": plain(part.points)}
        options.append({**facts, "stem": part.stem, "options": shown})
        key.append({**facts, "key": secret})
    return options, key


def body_from(type_: str, options: Sequence[dict[str, Any]], key: Any) -> Body:
    """The inverse of `stored`; raises ValueError for an unknown type."""
    if type_ == HOTSPOT:
        regions = tuple(Region(row["shape"], tuple(row["coords"]), row["label"]) for row in key["regions"])
        return Hotspot(regions, key["tolerance"], Decimal(key["penalty"]))
    if type_ == CASE:
        return Case(
            tuple(
                Part(row["id"], row["type"], row["stem"],
                     part_body_from(row["type"], row["options"], secret["key"]), Decimal(row["points"]))
                for row, secret in zip(options, key, strict=True)
            )
        )  # fmt: skip
    return part_body_from(type_, options, key)


def part_body_from(type_: str, options: Sequence[dict[str, Any]], key: Any) -> PartBody:
    """The body of a question that may stand inside a case."""
    if type_ in (SINGLE, MULTIPLE):
        return Choice(tuple(Option(row["id"], row["text"]) for row in options), tuple(key))
    if type_ == TRUE_FALSE:
        return Truth(next(iter(key), ""))
    if type_ == FILL_IN:
        return FillIn(tuple(tuple(forms) for forms in key))
    if type_ == SHORT_ANSWER:
        return ShortAnswer(tuple(RubricPoint(row["text"], Decimal(row["weight"])) for row in key))
    texts = {row["id"]: row["text"] for row in options}
    if type_ == ORDERING:
        return Ordering(tuple(texts[name] for name in key))
    if type_ == MATCHING:
        pairs = tuple((texts[prompt], texts[target]) for prompt, target in (pair.split(":") for pair in key))
        used = {target for _, target in pairs}
        return Matching(pairs, tuple(r["text"] for r in options if r.get("target") and r["text"] not in used))
    raise ValueError(f"unknown type {type_!r}")


def texts_of(body: Body) -> list[str]:
    """Every text of the body that makes a question this question and not another, in no particular order."""
    if isinstance(body, Choice):
        return [option.text for option in body.options]
    if isinstance(body, Truth):
        return []
    if isinstance(body, FillIn):
        return ["|".join(forms) for forms in body.blanks]
    if isinstance(body, Ordering):
        return list(body.steps)
    if isinstance(body, Matching):
        return [*(f"{prompt}={target}" for prompt, target in body.pairs), *body.lures]
    if isinstance(body, Hotspot):
        return [region.label for region in body.regions]
    if isinstance(body, ShortAnswer):
        return [point.text for point in body.rubric]
    return [text for part in body.parts for text in (part.stem, *texts_of(part.body))]
