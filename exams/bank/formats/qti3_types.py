"""What each type of question becomes in QTI 3.0: declarations, body and rules of scoring (pure)."""

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.bodies import (
    FALSE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SHORT_ANSWER,
    SINGLE,
    TRUE,
    TRUE_FALSE,
    Body,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    ShortAnswer,
    Truth,
    hidden_order,
    plain,
)  # fmt: skip
from exams.bank.formats.html_text import UNWANTED, cleaned, hard_spaces
from exams.bank.formats.number_ranges import form_from, value_and_tolerance
from exams.bank.formats.pictures import PictureFacts
from exams.bank.formats.pixel_regions import said_exactly, zone_of
from exams.bank.formats.rubric_lines import rubric_line
from exams.bank.responses import BLANK_RUN, RANGE

MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a question, or a sub-question of a case (`suffix` keeps its identifiers apart)."""

    type: str
    stem: str
    body: Body
    points: Decimal
    suffix: str = ""
    picture: str = ""  # address of the picture in which hazards are marked
    alt: str = ""
    facts: PictureFacts | None = None

    @property
    def response(self) -> str:
        """The identifier of its response."""
        return f"RESPONSE{self.suffix}"

    def share(self, count: int) -> str:
        """The points of one of `count` equal shares."""
        return plain((self.points / max(1, count)).quantize(MILLIONTH))


@dataclass(frozen=True, slots=True)
class Piece:
    """What a question puts into the places of an item; `template`: a standard scoring that says the same as `rules`."""

    declarations: str
    body: str
    rules: str = ""
    template: str = ""
    rubric: str = ""  # stands beside the body: a <div> may not hold it
    by_people: bool = False
    left: tuple[str, ...] = ()


def xhtml(text: str) -> str:
    """Plain lines as XHTML."""
    lines = UNWANTED.sub("", text).replace("\r\n", "\n").split("\n")
    return "<br/>".join(hard_spaces(html.escape(line, quote=False)) for line in lines)


def attribute(text: str) -> str:
    """One line as the value of an attribute."""
    return html.escape(cleaned(text))


def declaration(name: str, cardinality: str, base: str, correct: Iterable[str], more: str = "") -> str:
    """A <qti-response-declaration>."""
    values = "".join(f"<qti-value>{html.escape(value, quote=False)}</qti-value>" for value in correct)
    right = f"<qti-correct-response>{values}</qti-correct-response>" if values else ""
    return (
        f'<qti-response-declaration identifier="{name}" cardinality="{cardinality}" base-type="{base}">'
        f"{right}{more}</qti-response-declaration>\n"
    )


def add_to_score(value: str) -> str:
    """SCORE grows by the value of an expression."""
    return (
        '<qti-set-outcome-value identifier="SCORE"><qti-sum><qti-variable identifier="SCORE"/>'
        f"{value}</qti-sum></qti-set-outcome-value>"
    )


def points_if(condition: str, points: str) -> str:
    """SCORE grows by points when a condition holds."""
    value = f'<qti-base-value base-type="float">{points}</qti-base-value>'
    return (
        f"<qti-response-condition><qti-response-if>{condition}{add_to_score(value)}"
        "</qti-response-if></qti-response-condition>\n"
    )


def all_or_nothing(asked: Asked) -> tuple[str, str]:
    """Rule and template for: everything right, or nothing."""
    name = asked.response
    match = f'<qti-match><qti-variable identifier="{name}"/><qti-correct identifier="{name}"/></qti-match>'
    return points_if(match, plain(asked.points)), "match_correct" if asked.points == 1 and not asked.suffix else ""


def prompt(asked: Asked) -> str:
    """What the interaction asks."""
    return f"<qti-prompt>{xhtml(asked.stem)}</qti-prompt>"


def simple_choices(rows: Sequence[tuple[str, str]]) -> str:
    """Options."""
    return "".join(f'<qti-simple-choice identifier="{name}">{xhtml(text)}</qti-simple-choice>\n' for name, text in rows)


def named(asked: Asked, name: str) -> str:
    """An identifier that is unique in the item."""
    return f"{asked.suffix[1:]}_{name}" if asked.suffix else name


def choice_piece(asked: Asked) -> Piece:
    """Single and multiple choice."""
    assert isinstance(asked.body, Choice)
    rows = [(named(asked, option.id), option.text) for option in asked.body.options]
    return chosen(asked, rows, [named(asked, key) for key in asked.body.key], several=asked.type == MULTIPLE)


def truth_piece(asked: Asked) -> Piece:
    """True or false: a choice of two words."""
    assert isinstance(asked.body, Truth)
    rows = [(named(asked, TRUE), "对"), (named(asked, FALSE), "错")]
    return chosen(asked, rows, [named(asked, asked.body.key)], several=False)


def chosen(asked: Asked, rows: Sequence[tuple[str, str]], right: Sequence[str], *, several: bool) -> Piece:
    """A choice interaction."""
    rule, template = all_or_nothing(asked)
    shuffle = "false" if asked.type == TRUE_FALSE else "true"
    body = (
        f'<qti-choice-interaction response-identifier="{asked.response}" max-choices="{0 if several else 1}" '
        f'shuffle="{shuffle}">{prompt(asked)}\n{simple_choices(rows)}</qti-choice-interaction>\n'
    )
    cardinality = "multiple" if several else "single"
    return Piece(declaration(asked.response, cardinality, "identifier", right), body, rule, template)


def fill_in_piece(asked: Asked) -> Piece:
    """Blanks in the text."""
    assert isinstance(asked.body, FillIn)
    blanks, texts = asked.body.blanks, BLANK_RUN.split(asked.stem)
    declarations, rules, line, left = "", "", xhtml(texts[0]), []
    for number, forms in enumerate(blanks, start=1):
        name = asked.response if len(blanks) == 1 else f"{asked.response}_{number}"
        declared, rule, own = blank_parts(name, forms, asked.share(len(blanks)))
        declarations, rules = declarations + declared, rules + rule
        length = max(4, *(len(form) for form in forms)) * 2
        line += f'<qti-text-entry-interaction response-identifier="{name}" expected-length="{length}"{own}/>'
        line += xhtml(texts[number]) if number < len(texts) else ""
        if len(forms) > 1 and any(RANGE.match(form) for form in forms):
            left.append("文字与数值范围混用的空：范围在 QTI 里只按字面判")
    words = len(blanks) == 1 and not value_and_tolerance(blanks[0][0]) and not asked.suffix
    return Piece(declarations, f"<p>{line}</p>\n", rules, "map_response" if words else "", left=tuple(left))


def blank_parts(name: str, forms: Sequence[str], share: str) -> tuple[str, str, str]:
    """Declaration, rule and own attribute of a blank: a number with its tolerance, or words."""
    span = value_and_tolerance(forms[0]) if len(forms) == 1 else None
    if span:
        both = f'<qti-variable identifier="{name}"/><qti-correct identifier="{name}"/>'
        equal = f'<qti-equal tolerance-mode="absolute" tolerance="{span[1]} {span[1]}">{both}</qti-equal>'
        own = "" if form_from(*span) == forms[0] else f' data-sanzhen-form="{attribute(forms[0])}"'
        return declaration(name, "single", "float", [span[0]]), points_if(equal, share), own
    entries = "".join(
        f'<qti-map-entry map-key="{attribute(form)}" mapped-value="{share}" case-sensitive="false"/>' for form in forms
    )
    mapping = f'<qti-mapping default-value="0">{entries}</qti-mapping>'
    rule = add_to_score(f'<qti-map-response identifier="{name}"/>') + "\n"
    return declaration(name, "single", "string", [forms[0]], mapping), rule, ""


def ordering_piece(asked: Asked) -> Piece:
    """Steps, listed in an order that gives nothing away."""
    assert isinstance(asked.body, Ordering)
    rule, template = all_or_nothing(asked)
    names = {text: named(asked, f"o{n}") for n, text in enumerate(hidden_order(asked.body.steps), start=1)}
    body = (
        f'<qti-order-interaction response-identifier="{asked.response}" shuffle="true">{prompt(asked)}\n'
        f"{simple_choices([(name, text) for text, name in names.items()])}</qti-order-interaction>\n"
    )
    right = [names[step] for step in asked.body.steps]
    return Piece(declaration(asked.response, "ordered", "identifier", right), body, rule, template)


def matching_piece(asked: Asked) -> Piece:
    """Two sets; several of the first may go with one of the second."""
    assert isinstance(asked.body, Matching)
    targets = {text: named(asked, f"t{n}") for n, text in enumerate(asked.body.targets, start=1)}
    prompts = [(named(asked, f"o{n}"), text) for n, (text, _) in enumerate(asked.body.pairs, start=1)]
    count = len(prompts)
    right = [f"{name} {targets[target]}" for (name, _), (_, target) in zip(prompts, asked.body.pairs, strict=True)]
    entries = "".join(f'<qti-map-entry map-key="{pair}" mapped-value="{asked.share(count)}"/>' for pair in right)
    mapping = f'<qti-mapping default-value="0" upper-bound="{plain(asked.points)}">{entries}</qti-mapping>'
    body = (
        f'<qti-match-interaction response-identifier="{asked.response}" max-associations="{count}" shuffle="true">'
        f"{prompt(asked)}\n{match_set(prompts, 1)}{match_set([(name, text) for text, name in targets.items()], count)}"
        "</qti-match-interaction>\n"
    )
    rule = add_to_score(f'<qti-map-response identifier="{asked.response}"/>') + "\n"
    declared = declaration(asked.response, "multiple", "directedPair", right, mapping)
    return Piece(declared, body, rule, "" if asked.suffix else "map_response")


def match_set(rows: Sequence[tuple[str, str]], most: int) -> str:
    """One side of a matching."""
    choices = "".join(
        f'<qti-simple-associable-choice identifier="{name}" match-max="{most}">{xhtml(text)}'
        "</qti-simple-associable-choice>\n"
        for name, text in rows
    )
    return f"<qti-simple-match-set>\n{choices}</qti-simple-match-set>\n"


def hotspot_piece(asked: Asked) -> Piece:
    """Points to be set in a picture; the labels of the hazards are what scorers see."""
    assert isinstance(asked.body, Hotspot)
    assert asked.facts is not None
    size, regions = (asked.facts.width, asked.facts.height), asked.body.regions
    share = asked.share(len(regions))
    minus = plain((asked.points / max(1, len(regions)) * asked.body.penalty).quantize(MILLIONTH))
    entries = "".join(
        f'<qti-area-map-entry shape="{zone.shape}" coords="{",".join(map(str, zone.numbers))}" mapped-value="{share}"/>'
        for zone in (zone_of(region, *size, ellipses=True) for region in regions)
    )
    wild = "0" if Decimal(minus) == 0 else f"-{minus}"
    mapping = (
        f'<qti-area-mapping default-value="{wild}" lower-bound="0" upper-bound="{plain(asked.points)}">'
        f"{entries}</qti-area-mapping>"
    )
    exact = ";".join(said_exactly(region) for region in regions)
    body = (
        f'<qti-select-point-interaction response-identifier="{asked.response}" max-choices="0" '
        f'data-sanzhen-tolerance="{asked.body.tolerance}" data-sanzhen-penalty="{plain(asked.body.penalty)}" '
        f'data-sanzhen-regions="{exact}">{prompt(asked)}\n'
        f'<img src="{asked.picture}" alt="{attribute(asked.alt)}" width="{size[0]}" height="{size[1]}"/>'
        "</qti-select-point-interaction>\n"
    )
    labels = for_scorers(asked, (region.label for region in regions))
    rule = add_to_score(f'<qti-map-response-point identifier="{asked.response}"/>') + "\n"
    return Piece(
        declaration(asked.response, "multiple", "point", (), mapping), body, rule, "map_response_point", labels
    )


def short_answer_piece(asked: Asked) -> Piece:
    """A text that people mark against the points expected."""
    assert isinstance(asked.body, ShortAnswer)
    body = (
        f'<qti-extended-text-interaction response-identifier="{asked.response}" expected-lines="8">{prompt(asked)}'
        "</qti-extended-text-interaction>\n"
    )
    rubric = for_scorers(asked, map(rubric_line, asked.body.rubric))
    return Piece(declaration(asked.response, "single", "string", ()), body, rubric=rubric, by_people=True)


def for_scorers(asked: Asked, lines: Iterable[str]) -> str:
    """A rubric that candidates do not see; its id tells which sub-question of a case it is for."""
    items = "".join(f"<li>{xhtml(line)}</li>" for line in lines)
    return (
        f'<qti-rubric-block id="rubric{asked.suffix}" use="scoring" view="scorer"><qti-content-body>'
        f"<ol>{items}</ol></qti-content-body></qti-rubric-block>\n"
    )


PIECES: dict[str, Callable[[Asked], Piece]] = {
    SINGLE: choice_piece, MULTIPLE: choice_piece, TRUE_FALSE: truth_piece, FILL_IN: fill_in_piece,
    ORDERING: ordering_piece, MATCHING: matching_piece, HOTSPOT: hotspot_piece, SHORT_ANSWER: short_answer_piece,
}  # fmt: skip
