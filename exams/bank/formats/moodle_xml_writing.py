"""Writing Moodle XML (pure)."""

import base64
import html
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from exams.bank.bodies import (
    CASE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SHORT_ANSWER,
    SINGLE,
    TRUE,
    TRUE_FALSE,
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Part,
    ShortAnswer,
    Truth,
    plain,
)  # fmt: skip
from exams.bank.formats.exchange import FilingNames, LeftOut, WrittenQuestion
from exams.bank.formats.filing_words import pairs_of
from exams.bank.formats.html_text import UNWANTED, cleaned, html_of
from exams.bank.formats.moodle_xml_cases import part_tag
from exams.bank.formats.moodle_xml_cloze import gap_of
from exams.bank.formats.moodle_xml_fields import OURS, path_to, topic_of
from exams.bank.formats.moodle_xml_types import shown_size
from exams.bank.formats.number_ranges import form_from, value_and_tolerance
from exams.bank.formats.pictures import ENDINGS, picture_facts
from exams.bank.formats.pixel_regions import Zone, said_exactly, zone_of
from exams.bank.formats.rubric_lines import rubric_line
from exams.bank.responses import BLANK_RUN, RANGE
from exams.bank.wording import QuestionContent

SHAPES = {"circle": "circle", "rect": "rectangle", "poly": "polygon"}
FRACTIONS = {3: "33.33333", 6: "16.66667", 7: "14.28571", 9: "11.11111"}  # as Moodle lists them


def write(questions: Iterable[WrittenQuestion], target: Path) -> list[LeftOut]:
    """Write a file; each question becomes one of Moodle's, a case a description with its questions after it."""
    left: list[LeftOut] = []
    topic = ""
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n')
        for question in questions:
            if question.content.type == HOTSPOT and picture_facts(question.picture) is None:
                left.append(LeftOut(question.code, "没有图片的找隐患题", whole=True))
                continue
            if (wanted := topic_in_path(question.names.topic)) != topic:
                topic = wanted
                file.write(category_of(topic))
            file.writelines(question_lines(question, left))
        file.write("</quiz>\n")
    return left


def topic_in_path(topic: str) -> str:
    """The topic, unless it is one that would be taken for something else in a category path."""
    return topic if topic_of(path_to(topic)) == (topic, "") else ""


def category_of(topic: str) -> str:
    """The category that the questions after it belong to."""
    return (
        f'  <question type="category">\n    <category>\n      {text_of(path_to(topic))}    </category>\n  </question>\n'
    )


def question_lines(question: WrittenQuestion, left: list[LeftOut]) -> Iterator[str]:
    """The XML of a question, and of the sub-questions of a case."""
    content = question.content
    yield from one_question(question, left, tags=tags_of(question))
    if not isinstance(content.body, Case):
        return
    count = len(content.body.parts)
    for place, part in enumerate(content.body.parts, start=1):
        tags = [("case", question.code), ("part", part_tag(part.id, place, count))]
        alone = WrittenQuestion(f"{question.code}-{part.id}", content_of(part), FilingNames(topic=question.names.topic))
        yield from one_question(alone, left, tags=[*tags, *points_tag(alone.content)])


def content_of(part: Part) -> QuestionContent:
    """A sub-question as a question of its own."""
    return QuestionContent(part.type, part.stem, part.body, "", part.points)


def tags_of(question: WrittenQuestion) -> list[tuple[str, str]]:
    """Filing, and what Moodle has no place for but must not lose."""
    names, content = question.names, question.content
    keep = "" if topic_in_path(names.topic) else names.topic
    tags = pairs_of(replace(names, topic=keep))
    if content.source:
        tags.append(("source", content.source))
    if isinstance(content.body, Hotspot):
        tags += [("tolerance", str(content.body.tolerance)), ("penalty", plain(content.body.penalty))]
    if content.type == CASE:
        tags.append(("case", question.code))
    return tags + points_tag(content)


def points_tag(content: QuestionContent) -> list[tuple[str, str]]:
    """The points where Moodle counts its own: whole numbers for the gaps of a cloze, nothing for a description."""
    several = isinstance(content.body, FillIn) and len(content.body.blanks) > 1
    return [("points", plain(content.points))] if several or content.type == CASE else []


def one_question(question: WrittenQuestion, left: list[LeftOut], *, tags: list[tuple[str, str]]) -> Iterator[str]:
    """One <question>."""
    content = question.content
    kind, stem, inner = WRITERS[content.type](question, left)
    yield f'  <question type="{kind}">\n    <name>\n      {text_of(name_of(question))}    </name>\n'
    shown = picture_in_stem(question) if content.type != HOTSPOT else ("", "")
    yield f'    <questiontext format="html">\n      {text_of(stem + shown[0])}{shown[1]}    </questiontext>\n'
    yield f'    <generalfeedback format="html">\n      {text_of(html_of(content.explanation))}    </generalfeedback>\n'
    grade = "0" if content.type == CASE else plain(content.points)
    yield f"    <defaultgrade>{grade}</defaultgrade>\n    <penalty>0</penalty>\n    <hidden>0</hidden>\n"
    yield f"    <idnumber>{html.escape(cleaned(question.code))}</idnumber>\n"
    yield inner + own_element(question)
    if tags:
        yield "    <tags>\n"
        for field, value in tags:
            yield f"      <tag>{text_of(f'{OURS}:{field}:{value}').strip()}</tag>\n"
        yield "    </tags>\n"
    yield "  </question>\n"


def text_of(text: str) -> str:
    """<text> with anything in it, as Moodle writes it."""
    text = UNWANTED.sub("", text)
    if any(char in text for char in "<>&"):
        text = "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return f"<text>{text}</text>\n"


def name_of(question: WrittenQuestion) -> str:
    """What Moodle's lists show."""
    return f"{question.code} {cleaned(question.content.stem)[:60]}".strip()


def file_of(question: WrittenQuestion, name: str) -> str:
    """The picture as an embedded file."""
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(question.picture).decode()}</file>\n'


def picture_name(question: WrittenQuestion) -> str:
    """A file name that says the kind of the picture."""
    facts = picture_facts(question.picture)
    return f"picture.{ENDINGS[facts.media_type] if facts else 'bin'}"


def picture_in_stem(question: WrittenQuestion) -> tuple[str, str]:
    """The picture after the stem: its place in the text, and the file."""
    if not question.picture:
        return "", ""
    name = picture_name(question)
    alt = html.escape(cleaned(question.content.picture_alt))
    return f'<p><img src="@@PLUGINFILE@@/{name}" alt="{alt}"></p>', file_of(question, name)


def own_element(question: WrittenQuestion) -> str:
    """What only we read: the description of a background picture, and how ranges were spelled."""
    content = question.content
    alt = f' alt="{html.escape(cleaned(content.picture_alt))}"' if content.type == HOTSPOT else ""
    forms = [form for blank in content.body.blanks for form in blank] if isinstance(content.body, FillIn) else []
    odd = [form for form in forms if (span := value_and_tolerance(form)) and form_from(*span) != form]
    inner = "".join(f'<form text="{html.escape(form)}"/>' for form in odd)
    return f"    <{OURS}{alt}>{inner}</{OURS}>\n" if alt or inner else ""


def answer(text: str, fraction: str, *, format_: str = "html", inner: str = "") -> str:
    """One <answer>."""
    return (
        f'    <answer fraction="{fraction}" format="{format_}">\n      {text_of(text)}{inner}'
        f'      <feedback format="html">\n        <text></text>\n      </feedback>\n    </answer>\n'
    )


Written = tuple[str, str, str]  # Moodle's type, the stem in HTML, the rest of the question


def write_choice(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """Single and multiple choice; a wrong tick costs everything, so that ticking all earns nothing."""
    body = question.content.body
    assert isinstance(body, Choice)
    single = question.content.type == SINGLE
    count = len(body.key)
    right = "100" if single else FRACTIONS.get(count) or plain(Decimal(100) / max(1, count))
    answers = "".join(
        answer(html_of(option.text), right if option.id in body.key else "0" if single else "-100")
        for option in body.options
    )
    head = f"    <single>{'true' if single else 'false'}</single>\n    <shuffleanswers>true</shuffleanswers>\n"
    return (
        "multichoice",
        html_of(question.content.stem),
        f"{head}    <answernumbering>ABCD</answernumbering>\n{answers}",
    )


def write_truth(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """True or false."""
    body = question.content.body
    assert isinstance(body, Truth)
    answers = "".join(
        answer(word, "100" if body.key == word else "0", format_="moodle_auto_format") for word in (TRUE, "false")
    )
    return "truefalse", html_of(question.content.stem), answers


def write_fill_in(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """One blank: short answer or number; several: cloze."""
    body, stem = question.content.body, question.content.stem
    assert isinstance(body, FillIn)
    for forms in body.blanks:
        if any(RANGE.match(form) for form in forms) and not all(value_and_tolerance(form) for form in forms):
            left.append(LeftOut(question.code, "文字与数值范围混用的空：范围在 Moodle 里只按字面判", whole=False))
    if len(body.blanks) != 1:
        return "cloze", cloze_stem(stem, body), ""
    boxed = html_of(BLANK_RUN.sub(lambda match: match[0] if len(match[0]) < 4 else f"{match[0]}_", stem))
    spans = [value_and_tolerance(form) for form in body.blanks[0]]
    if all(spans):
        numbers = "".join(
            answer(span[0], "100", format_="moodle_auto_format", inner=f"      <tolerance>{span[1]}</tolerance>\n")
            for span in spans if span
        )  # fmt: skip
        return "numerical", boxed, numbers
    words = "".join(answer(form.replace("*", "\\*"), "100", format_="moodle_auto_format") for form in body.blanks[0])
    return "shortanswer", boxed, f"    <usecase>0</usecase>\n{words}"


def cloze_stem(stem: str, body: FillIn) -> str:
    """The stem with its answers in it."""
    pieces = [html_of(piece).replace("{", "&#123;") for piece in BLANK_RUN.split(stem)]
    gaps = [gap_of(forms) for forms in body.blanks]
    return pieces[0] + "".join(gap + piece for gap, piece in zip(gaps, pieces[1:], strict=False))


def write_ordering(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """Steps in their right order; all or nothing, as in the bank."""
    body = question.content.body
    assert isinstance(body, Ordering)
    head = (
        "    <layouttype>VERTICAL</layouttype>\n    <selecttype>ALL</selecttype>\n    <selectcount>0</selectcount>\n"
        "    <gradingtype>ALL_OR_NOTHING</gradingtype>\n    <showgrading>SHOW</showgrading>\n"
        "    <numberingstyle>none</numberingstyle>\n"
    )
    steps = "".join(answer(html_of(step), str(n)) for n, step in enumerate(body.steps, start=1))
    return "ordering", html_of(question.content.stem), head + steps


def write_matching(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """Pairs; targets that belong to none are answers without a question."""
    body = question.content.body
    assert isinstance(body, Matching)
    rows = [*body.pairs, *(("", lure) for lure in body.lures)]
    pairs = "".join(
        f'    <subquestion format="html">\n      {text_of(html_of(prompt))}      <answer>\n        '
        f"{text_of(target)}      </answer>\n    </subquestion>\n"
        for prompt, target in rows
    )
    return "matching", html_of(question.content.stem), f"    <shuffleanswers>true</shuffleanswers>\n{pairs}"


def write_short_answer(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """An essay; the points expected are what graders are told."""
    body = question.content.body
    assert isinstance(body, ShortAnswer)
    points = "".join(f"<li>{html_of(rubric_line(point))}</li>" for point in body.rubric)
    inner = (
        "    <responseformat>plain</responseformat>\n    <responserequired>1</responserequired>\n"
        "    <responsefieldlines>10</responsefieldlines>\n    <attachments>0</attachments>\n"
        f'    <graderinfo format="html">\n      {text_of(f"<ul>{points}</ul>")}    </graderinfo>\n'
        '    <responsetemplate format="html">\n      <text></text>\n    </responsetemplate>\n'
    )
    return "essay", html_of(question.content.stem), inner


def write_hotspot(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """Markers to be dragged into drop zones; each zone says in our own words how it was drawn exactly."""
    body, facts = question.content.body, picture_facts(question.picture)
    assert isinstance(body, Hotspot)
    assert facts is not None
    size = shown_size(facts.width, facts.height)
    drags, drops = [], []
    for number, region in enumerate(body.regions, start=1):
        zone = zone_of(region, *size, ellipses=False)
        drags.append(f"    <drag>\n      <no>{number}</no>\n      {text_of(html_of(region.label))}    </drag>\n")
        drops.append(
            f"    <drop>\n      <no>{number}</no>\n      <shape>{SHAPES[zone.shape]}</shape>\n"
            f"      <coords>{coords_of(zone)}</coords>\n      <choice>{number}</choice>\n"
            f'      <{OURS} region="{said_exactly(region)}"/>\n    </drop>\n'
        )
    file = "    " + file_of(question, picture_name(question))
    return "ddmarker", html_of(question.content.stem), "    <shuffleanswers/>\n" + file + "".join(drags + drops)


def coords_of(zone: Zone) -> str:
    """`x,y;r`, `x,y;w,h` or `x,y;x,y;…`."""
    first, *rest = zone.numbers
    if zone.shape == "circle":
        return f"{first},{rest[0]};{rest[1]}"
    if zone.shape == "rect":
        return f"{first},{rest[0]};{rest[1] - first},{rest[2] - rest[0]}"
    return ";".join(f"{x},{y}" for x, y in zip(zone.numbers[::2], zone.numbers[1::2], strict=True))


def write_case(question: WrittenQuestion, left: list[LeftOut]) -> Written:
    """The situation; its sub-questions come after it."""
    return "description", html_of(question.content.stem), ""


WRITERS: dict[str, Callable[[WrittenQuestion, list[LeftOut]], Written]] = {
    SINGLE: write_choice, MULTIPLE: write_choice, TRUE_FALSE: write_truth, FILL_IN: write_fill_in,
    ORDERING: write_ordering, MATCHING: write_matching, SHORT_ANSWER: write_short_answer, HOTSPOT: write_hotspot,
    CASE: write_case,
}  # fmt: skip
