"""One reader for each interaction of QTI that the bank has a type for (pure)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from exams.bank.bodies import (
    FALSE,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SHORT_ANSWER,
    SINGLE,
    TRUE,
    TRUE_FALSE,
    Choice,
    Hotspot,
    Matching,
    Ordering,
    PartBody,
    Region,
    ShortAnswer,
    Truth,
    options_from,
)  # fmt: skip
from exams.bank.formats.drafts import Draft
from exams.bank.formats.html_text import cleaned, shortened
from exams.bank.formats.number_ranges import form_from
from exams.bank.formats.pixel_regions import Zone, exact_region, region_of
from exams.bank.formats.qti_body import said_in
from exams.bank.formats.qti_vocabulary import values_of
from exams.bank.problems import ProblemKind

WORDS = {TRUE: frozenset({"对", "正确", "true", "√", "✓"}), FALSE: frozenset({"错", "错误", "false", "×", "✗"})}
COORDINATE = re.compile(r"\s*(-?\d{1,6}(?:\.\d{1,6})?)(%?)\s*")
SIZE = re.compile(r"[1-9]\d{0,4}")
OWN = "dataSanzhen"  # attributes of ours: data-sanzhen-…


@dataclass(slots=True)
class Declaration:
    """What an item declares of one response."""

    cardinality: str = "single"
    base: str = ""
    correct: Sequence[str] = ()
    mapped: Sequence[tuple[str, Decimal, bool]] = ()  # key, value, case-sensitive
    areas: Sequence[Element] = ()
    tolerance: tuple[str, str] | None = None  # a value with its tolerance, from response processing

    @property
    def best(self) -> list[str]:
        """Keys that earn the most, when they earn anything."""
        most = max((value for _, value, _ in self.mapped), default=Decimal(0))
        return [key for key, value, _ in self.mapped if value == most > 0]


def number_from(text: str | None) -> Decimal:
    """A number of a file, 0 when it is none or beyond reason."""
    try:
        number = Decimal((text or "0").strip())
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() and abs(number) < 10**9 and number.as_tuple().exponent > -20 else Decimal(0)  # type: ignore[operator]


def declaration_from(element: Element) -> Declaration:
    """A <responseDeclaration>."""
    mapping, areas = element.find("mapping"), element.find("areaMapping")
    entries = mapping.findall("mapEntry") if mapping is not None else []
    return Declaration(
        element.get("cardinality", "single"), element.get("baseType", ""), values_of(element.find("correctResponse")),
        [(cleaned(entry.get("mapKey", "")), number_from(entry.get("mappedValue")),
          entry.get("caseSensitive") == "true") for entry in entries],
        areas.findall("areaMapEntry") if areas is not None else (),
    )  # fmt: skip


def note_weights(said: Declaration, right: Sequence[str], draft: Draft) -> None:
    """The bank knows right and wrong only."""
    earning = [(key, value) for key, value, _ in said.mapped if value > 0]
    if len({value for _, value in earning}) > 1 or any(key not in right for key, _ in earning):
        draft.lose("各答案的得分不同，只保留对错")


def right_ones(said: Declaration, draft: Draft) -> list[str]:
    """The correct values, or what earns the most where none are declared."""
    right = list(said.correct) or said.best
    note_weights(said, right, draft)
    return right


def read_choice(element: Element, said: Declaration, draft: Draft) -> tuple[str, PartBody]:
    """Single or multiple choice; true/false when the two options say so."""
    choices = element.findall("simpleChoice")
    texts = [draft.text(said_in(choice), "选项") for choice in choices]
    right = set(right_ones(said, draft))
    places = [place for place, choice in enumerate(choices) if choice.get("identifier") in right]
    if said.cardinality == "single" and len(texts) == 2:
        words = [next((key for key, known in WORDS.items() if text.lower() in known), "") for text in texts]
        if set(words) == {TRUE, FALSE}:
            return TRUE_FALSE, Truth(words[places[0]] if len(places) == 1 else "")
    options = options_from(texts)
    body = Choice(options, tuple(options[place].id for place in places if place < len(options)))
    return SINGLE if said.cardinality == "single" else MULTIPLE, body


def read_order(element: Element, said: Declaration, draft: Draft) -> tuple[str, PartBody]:
    """Steps in the correct order."""
    texts = {one.get("identifier", ""): draft.text(said_in(one), "选项") for one in element.findall("simpleChoice")}
    idle = [text for name, text in texts.items() if name not in said.correct and text]
    if idle and said.correct:
        draft.lose(f"不参加排序的选项：{shortened('、'.join(idle))}")
    return ORDERING, Ordering(tuple(texts[name] for name in said.correct if name in texts))


def read_match(element: Element, said: Declaration, draft: Draft) -> tuple[str, PartBody]:
    """Each of the first set with one of the second; what is left of the second belongs to none."""
    sets = [
        {one.get("identifier", ""): draft.text(said_in(one), "选项") for one in group.findall("simpleAssociableChoice")}
        for group in element.findall("simpleMatchSet")
    ]
    if len(sets) != 2:
        draft.fail(ProblemKind.UNREADABLE, "选项", "matchInteraction")
        return MATCHING, Matching(())
    pairs = [pair.split() for pair in right_ones(said, draft)]
    known = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and pair[0] in sets[0] and pair[1] in sets[1]]
    if len(known) < len(pairs):
        draft.fail(ProblemKind.ANSWER_UNREADABLE, "答案", "、".join(" ".join(pair) for pair in pairs))
    matched = dict(reversed(known))
    if len(matched) < len(known):
        draft.fail(ProblemKind.NOT_SUPPORTED, "题型", "一项配多项")
    rows = tuple((text, sets[1].get(matched.get(name, ""), "")) for name, text in sets[0].items())
    return MATCHING, Matching(rows, tuple(text for text in sets[1].values() if text))


def read_extended(element: Element, said: Declaration, draft: Draft) -> tuple[str, PartBody]:
    """Marked by people; the rubric comes from the rubric blocks."""
    return SHORT_ANSWER, ShortAnswer(())


READERS: dict[str, Callable[[Element, Declaration, Draft], tuple[str, PartBody]]] = {
    "choiceInteraction": read_choice, "orderInteraction": read_order, "matchInteraction": read_match,
    "extendedTextInteraction": read_extended,
}  # fmt: skip


def forms_of(entry: Element, said: Declaration, draft: Draft) -> tuple[str, ...]:
    """The accepted forms of a blank."""
    if said.tolerance:
        value = said.tolerance[0] or next(iter(said.correct), "")
        form = form_from(value, said.tolerance[1], [cleaned(entry.get(f"{OWN}Form", ""))])
        if form is None:
            draft.fail(ProblemKind.ANSWER_UNREADABLE, "答案", value)
        return (form,) if form else ()
    right = list(dict.fromkeys([*map(cleaned, said.correct), *said.best]))
    note_weights(said, right, draft)
    if any(exact and key in right for key, _, exact in said.mapped):
        draft.lose("区分大小写")
    return tuple(form for form in right if form)


def read_regions(element: Element, said: Declaration, draft: Draft, labels: Sequence[str]) -> tuple[str, Hotspot]:
    """Hazards in the picture of an interaction, which the draft has taken already."""
    if element.tag == "hotspotInteraction":
        right = right_ones(said, draft)
        choices = element.findall("hotspotChoice")
        areas = [choice for choice in choices if choice.get("identifier") in right]
        if len(areas) < len(choices):
            draft.lose(f"干扰区域 {len(choices) - len(areas)} 个")
    else:
        areas = [area for area in said.areas if number_from(area.get("mappedValue")) > 0]
        if len({area.get("mappedValue") for area in areas}) > 1:
            draft.lose("各区域的得分不同")
    named = labels if len(labels) == len(areas) else ()
    if labels and not named:
        draft.lose(f"评分说明：{shortened('；'.join(labels))}")
    exact = element.get(f"{OWN}Regions", "").split(";")
    regions = []
    for number, area in enumerate(areas):
        label = named[number] if named else cleaned(area.get("hotspotLabel", "")) or f"区域 {number + 1}"
        region = drawn(area, element, draft, label, exact[number] if number < len(exact) else "")
        if region is not None:
            regions.append(region)
    return HOTSPOT, Hotspot(tuple(regions), own_tolerance(element), own_penalty(element))


def drawn(area: Element, element: Element, draft: Draft, label: str, exact: str) -> Region | None:
    """One area in ten-thousandths; a problem when it cannot be drawn."""
    size = measured_size(element, draft)
    if size is None:
        return None
    zone = zone_in(area, size)
    region = zone and (exact_region(exact, zone, *size, label, ellipses=True) or region_of(zone, *size, label))
    if not region:
        draft.fail(ProblemKind.BAD_REGION, "答案", f"{area.get('shape')} {area.get('coords')}")
    return region or None


def measured_size(element: Element, draft: Draft) -> tuple[int, int] | None:
    """Width and height in which coordinates are given: as declared, or those of the picture."""
    if draft.facts is None:
        return None
    shown = element.find("img") if element.find("img") is not None else element.find("object")
    declared = (shown.get("width", ""), shown.get("height", "")) if shown is not None else ("", "")
    if all(SIZE.fullmatch(text) for text in declared):
        return int(declared[0]), int(declared[1])
    return draft.facts.width, draft.facts.height


def zone_in(area: Element, size: tuple[int, int]) -> Zone | None:
    """Shape and coordinates of an area, in pixels; None for the whole picture and for anything unreadable."""
    matches = [COORDINATE.fullmatch(text) for text in area.get("coords", "").split(",")[:200]]
    shape = area.get("shape", "")
    if shape not in ("rect", "circle", "ellipse", "poly") or not all(matches):
        return None
    numbers = []
    for place, match in enumerate(matches):
        assert match is not None
        extent = min(size) if shape == "circle" and place == 2 else size[place % 2]
        numbers.append(round(float(match[1]) * (extent / 100 if match[2] else 1)))
    # A polygon may be closed by its first corner.
    if shape == "poly" and len(numbers) > 6 and numbers[:2] == numbers[-2:]:
        numbers = numbers[:-2]
    return Zone(shape, tuple(numbers))


def own_tolerance(element: Element) -> int:
    """Our own attribute; QTI has no tolerance."""
    text = element.get(f"{OWN}Tolerance", "0")
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0


def own_penalty(element: Element) -> Decimal:
    """Our own attribute; without it wild marks cost nothing."""
    text = element.get(f"{OWN}Penalty", "0")
    return Decimal(text) if re.fullmatch(r"[01](?:\.[0-9]{1,4})?", text) else Decimal(0)
