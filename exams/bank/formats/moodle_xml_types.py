"""One reader for each question type of Moodle that the bank has too (pure)."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

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
    USUAL_TOLERANCE,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Region,
    ShortAnswer,
    Truth,
    options_from,
)  # fmt: skip
from exams.bank.formats.drafts import Draft
from exams.bank.formats.html_text import Picture, cleaned, read_html, shortened
from exams.bank.formats.moodle_xml_fields import (
    OURS,
    child_text,
    extract_of,
    files_in,
    fraction_of,
    take_picture,
)
from exams.bank.formats.number_ranges import form_from
from exams.bank.formats.pixel_regions import CIRCLE, POLY, Zone, exact_region, region_of, whole_numbers
from exams.bank.formats.rubric_lines import rubric_from
from exams.bank.problems import ProblemKind
from exams.bank.responses import BLANK, blanks_in

WHOLE = Decimal(100)
WILD = re.compile(r"(?<!\\)\*")
PLACEHOLDER = re.compile(r"_{5,}")  # what Moodle replaces by the input box
# Moodle shrinks the background of ddmarker to this when it is saved; the zones are measured after that.
SHOWN_WIDTH, SHOWN_HEIGHT = 600, 400
SHAPES = {"circle": CIRCLE, "rectangle": "rect", "polygon": POLY}


def answers_of(element: Element, draft: Draft) -> list[tuple[str, Decimal]]:
    """Text and percentage of each answer; feedback on single answers is a loss."""
    found = []
    for answer in element.findall("answer"):
        found.append((draft.text(extract_of(answer), "选项"), fraction_of(answer)))
        if extract_of(answer.find("feedback")).text:
            draft.lose("逐项反馈")
    return found


def read_multichoice(element: Element, draft: Draft) -> None:
    """Single or multiple choice; what earns anything is right."""
    answers = answers_of(element, draft)
    single = draft.kind != "multichoiceset" and child_text(element, "single").strip().lower() not in ("false", "0")
    draft.type = SINGLE if single else MULTIPLE
    options = options_from([text for text, _ in answers])
    best = max((fraction for _, fraction in answers), default=Decimal(0))
    right = [place for place, (_, fraction) in enumerate(answers) if fraction > 0 and (not single or fraction == best)]
    note_partial_marks(answers, right, single=single, draft=draft)
    draft.body = Choice(options, tuple(options[place].id for place in right if place < len(options)))


def note_partial_marks(
    answers: Sequence[tuple[str, Decimal]], right: Sequence[int], *, single: bool, draft: Draft
) -> None:
    """The bank marks options right or wrong; say what a file gives in between."""
    uneven = len({answers[place][1] for place in right}) > 1
    beside = [text for place, (text, fraction) in enumerate(answers) if fraction > 0 and place not in right]
    minus = single and any(fraction < 0 for _, fraction in answers)
    if uneven or (single and right and answers[right[0]][1] != WHOLE):
        draft.lose("各选项的得分比例不同，只保留对错")
    if beside:
        draft.lose(f"部分得分的选项：{shortened('、'.join(beside))}")
    if minus:
        draft.lose("选错倒扣分")


def read_truefalse(element: Element, draft: Draft) -> None:
    """True or false."""
    draft.type = TRUE_FALSE
    right = ""
    for text, fraction in answers_of(element, draft):
        if fraction == WHOLE:
            right = text.strip().lower()
        elif fraction > 0:
            draft.lose("部分得分的选项")
    draft.body = Truth({"true": TRUE, "false": FALSE}.get(right, ""))
    if right and right not in ("true", "false"):
        draft.fail(ProblemKind.ANSWER_UNREADABLE, "答案", right)


def read_shortanswer(element: Element, draft: Draft) -> None:
    """One blank with its accepted forms; the input box stands in the stem or after it."""
    draft.type = FILL_IN
    forms, partial = [], []
    for answer in element.findall("answer"):
        text = cleaned(child_text(answer, "text"))
        if extract_of(answer.find("feedback")).text:
            draft.lose("逐项反馈")
        if fraction_of(answer) == WHOLE:
            forms.append(without_wildcards(text, draft))
        elif fraction_of(answer) > 0:
            partial.append(text)
    if partial:
        draft.lose(f"部分得分的答案：{shortened('、'.join(partial))}")
    if child_text(element, "usecase").strip() == "1":
        draft.lose("区分大小写")
    draft.body = FillIn((tuple(dict.fromkeys(forms)),))
    place_blank(draft)


def without_wildcards(text: str, draft: Draft) -> str:
    r"""An accepted form as plain text: `\*` is a star, `*` alone stands for anything and is lost."""
    if WILD.search(text):
        draft.lose(f"通配符 *：{shortened(text)}")
    return text.replace("\\*", "*")


def place_blank(draft: Draft) -> None:
    """The stem with its blank: Moodle's input box is five underscores and more, ours four."""
    draft.stem = PLACEHOLDER.sub(lambda match: match[0][1:], draft.stem)
    if draft.stem and not blanks_in(draft.stem):
        draft.stem = f"{draft.stem} {BLANK}"


def read_numerical(element: Element, draft: Draft) -> None:
    """One blank that takes numbers."""
    draft.type = FILL_IN
    spellings = own_spellings(element)
    forms, partial = [], []
    for answer in element.findall("answer"):
        text = cleaned(child_text(answer, "text"))
        if extract_of(answer.find("feedback")).text:
            draft.lose("逐项反馈")
        if fraction_of(answer) != WHOLE:
            partial += [text] if fraction_of(answer) > 0 else []
            continue
        form = form_from(text, child_text(answer, "tolerance"), spellings)
        if form is None:
            draft.fail(ProblemKind.ANSWER_UNREADABLE, "答案", text)
        else:
            forms.append(form)
    if partial:
        draft.lose(f"部分得分的答案：{shortened('、'.join(partial))}")
    units = [cleaned(child_text(unit, "unit_name")) for unit in element.findall("units/unit")]
    if units:
        draft.lose(f"单位：{shortened('、'.join(units))}")
    draft.body = FillIn((tuple(dict.fromkeys(forms)),))
    place_blank(draft)


def own_spellings(element: Element) -> list[str]:
    """How we spelled ranges that the file gives as value and tolerance."""
    return [cleaned(form.get("text", "")) for form in element.findall(f"{OURS}/form")[:100]]


def read_matching(element: Element, draft: Draft) -> None:
    """Pairs; an answer without a question is a target that belongs to none."""
    draft.type = MATCHING
    pairs, lures = [], []
    for question in element.findall("subquestion"):
        prompt = draft.text(extract_of(question), "选项")
        target = cleaned(child_text(question, "answer", "text"))
        if prompt:
            pairs.append((prompt, target))
        elif target:
            lures.append(target)
    draft.body = Matching(tuple(pairs), tuple(lures))


def read_ordering(element: Element, draft: Draft) -> None:
    """Steps, written in their right order."""
    draft.type = ORDERING
    draft.body = Ordering(tuple(text for text, _ in answers_of(element, draft)))
    chosen = child_text(element, "selectcount").strip()
    if child_text(element, "selecttype").strip().upper() not in ("", "ALL", "0") and chosen:
        draft.lose(f"每次只抽 {shortened(chosen)} 项排序")


def read_essay(element: Element, draft: Draft) -> None:
    """Marked by people; what graders are told is the rubric."""
    draft.type = SHORT_ANSWER
    info = extract_of(element.find("graderinfo"))
    draft.text(info, "评分说明")
    draft.body = ShortAnswer(rubric_from(info.items))
    if extract_of(element.find("responsetemplate")).text:
        draft.lose("答题模板")
    if child_text(element, "attachments").strip() not in ("", "0"):
        draft.lose("要求上传附件")


def read_ddmarker(element: Element, draft: Draft) -> None:
    """Markers on a picture become hazards to be found in it."""
    draft.type = HOTSPOT
    if draft.picture:
        draft.lose("题干里的图片（底图优先）")
    draft.picture, draft.facts, draft.alt = b"", None, ""
    files = files_in(element)
    said = element.find(OURS)
    for name in list(files)[:1]:
        take_picture(Picture(name, cleaned(said.get("alt", "")) if said is not None else ""), files, draft)
    own = dict(reversed(draft.tags))
    if "tolerance" not in own:
        draft.lose("拖放标记改成了点击找隐患，不再核对每个标记的名称")
    draft.body = Hotspot(regions_in(element, draft), tolerance_from(own), penalty_from(own))


def tolerance_from(own: dict[str, str]) -> int:
    """Our own tag; Moodle itself has no tolerance."""
    text = own.get("tolerance", "0")
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else USUAL_TOLERANCE


def penalty_from(own: dict[str, str]) -> Decimal:
    """Our own tag; without it wild marks cost nothing, as in Moodle."""
    text = own.get("penalty", "0")
    return Decimal(text) if re.fullmatch(r"[01](?:\.[0-9]{1,4})?", text) else Decimal(0)


def regions_in(element: Element, draft: Draft) -> tuple[Region, ...]:
    """The drop zones with the text of their markers."""
    labels = {
        child_text(drag, "no").strip(): read_html(child_text(drag, "text")).text for drag in element.findall("drag")
    }
    used: set[str] = set()
    drops = [(drop, zone_in(drop)) for drop in element.findall("drop")]
    size = measured_size(draft, [zone for _, zone in drops if zone])
    regions = []
    for drop, zone in drops:
        choice = child_text(drop, "choice").strip()
        used.add(choice)
        region = drawn(drop, zone, size, labels.get(choice, "")) if zone and size else None
        if region is not None:
            regions.append(region)
        elif size:
            draft.fail(ProblemKind.BAD_REGION, "答案", f"{child_text(drop, 'shape')} {child_text(drop, 'coords')}")
    idle = [text for number, text in labels.items() if number not in used and text]
    if idle:
        draft.lose(f"干扰标记：{shortened('、'.join(idle))}")
    return tuple(regions)


def drawn(drop: Element, zone: Zone, size: tuple[int, int], label: str) -> Region | None:
    """The region of a drop zone, exactly as we wrote it where we did."""
    said = drop.find(OURS)
    if said is not None and (exact := exact_region(said.get("region", ""), zone, *size, label, ellipses=False)):
        return exact
    return region_of(zone, *size, label)


def zone_in(drop: Element) -> Zone | None:
    """Moodle's `x,y;r`, `x,y;w,h` or `x,y;x,y;…`; None for anything else."""
    shape = SHAPES.get(child_text(drop, "shape").strip().lower(), "")
    pairs = [pair.split(",") for pair in child_text(drop, "coords").split(";")[:200]]
    numbers = whole_numbers([number for pair in pairs for number in pair])
    if not shape or numbers is None:
        return None
    if shape == "rect":
        if len(numbers) != 4:
            return None
        left, top, width, height = numbers
        return Zone(shape, (left, top, left + width, top + height))
    return Zone(shape, numbers)


def shown_size(width: int, height: int) -> tuple[int, int]:
    """The size in which Moodle shows a background picture."""
    scale = min(1, SHOWN_WIDTH / width, SHOWN_HEIGHT / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def measured_size(draft: Draft, zones: Sequence[Zone]) -> tuple[int, int] | None:
    """The size that the zones are measured in: as Moodle shows the picture, unless they reach beyond that."""
    if draft.facts is None:
        return None
    shown = shown_size(draft.facts.width, draft.facts.height)
    if any(far_corner(zone, axis) > shown[axis] + 1 for zone in zones for axis in (0, 1)):
        return draft.facts.width, draft.facts.height
    return shown


def far_corner(zone: Zone, axis: int) -> int:
    """The largest x (axis 0) or y (axis 1) that a zone names; of a circle the centre counts."""
    return max((zone.numbers[:2] if zone.shape == CIRCLE else zone.numbers)[axis::2], default=0)


READERS: dict[str, Callable[[Element, Draft], None]] = {
    "multichoice": read_multichoice, "multichoiceset": read_multichoice, "truefalse": read_truefalse,
    "shortanswer": read_shortanswer, "numerical": read_numerical, "matching": read_matching, "match": read_matching,
    "ordering": read_ordering, "essay": read_essay, "ddmarker": read_ddmarker,
}  # fmt: skip
