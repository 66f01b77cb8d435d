"""What every question of a Moodle XML file says in the same places (pure)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from exams.bank.formats.drafts import AMOUNT, INLINE_IMAGE, Draft, decoded, points_from
from exams.bank.formats.html_text import Extract, Picture, cleaned, read_html, read_plain, shortened

OURS = "sanzhen"  # begins our tags and names our element, which Moodle passes over
# What Moodle writes into new questions by itself.
USUAL_WORDS = frozenset({
    "your answer is correct", "your answer is partially correct", "your answer is incorrect",
    *(f"{who}回答{how}" for who in ("", "您的", "你的") for how in ("正确", "部分正确", "错误", "不正确")),
    "答案正确", "答案部分正确", "答案错误", "答案不正确",
})  # fmt: skip
USUAL_PENALTIES = frozenset({"", "0", "1", "0.0", "0.1", "1.0", "0.3333333", "0.0000000", "0.1000000", "1.0000000"})


def child_text(element: Element, *path: str) -> str:
    """The raw text below a path of tags; "" when there is none."""
    found = element.find("/".join(path)) if path else element
    return "".join(found.itertext()) if found is not None else ""


def extract_of(element: Element | None) -> Extract:
    """The text of a field such as <questiontext>, by its format."""
    if element is None:
        return Extract("")
    raw, kind = child_text(element, "text"), element.get("format", "moodle_auto_format")
    if kind in ("plain_text", "markdown"):
        return read_plain(raw)
    if kind != "html" and not re.search(r"<(?:p|br|div|li)\b", raw, re.IGNORECASE):
        raw = raw.strip().replace("\n", "<br>")
    return read_html(raw)


def files_in(element: Element | None) -> dict[str, str]:
    """Names of the embedded files directly in an element, with their text in base64."""
    found = element.findall("file") if element is not None else []
    return {file.get("name", ""): "".join(file.itertext()) for file in found}


def read_stem(element: Element, draft: Draft) -> None:
    """The question text with its first embedded picture."""
    container = element.find("questiontext")
    files = files_in(container)
    stem, files = without_inline_images(container, files)
    draft.stem = stem.text
    for loss in stem.losses:
        draft.lose(loss)
    for picture in stem.pictures:
        take_picture(picture, files, draft)
    for name in files:
        draft.lose(f"没有显示的文件 {shortened(name)}")


def without_inline_images(container: Element | None, files: dict[str, str]) -> tuple[Extract, dict[str, str]]:
    """The text with `data:` images turned into embedded files, so that the text is short enough to be read."""
    if container is None:
        return Extract(""), files
    field_ = container.find("text")
    raw = "".join(field_.itertext()) if field_ is not None else ""
    if "data:image/" in raw and field_ is not None:
        found: dict[str, str] = {}

        def keep(match: re.Match[str]) -> str:
            found[f"inline-{len(found) + 1}"] = match[1]
            return f"inline-{len(found)}"

        for inner in list(field_):
            field_.remove(inner)
        field_.text = INLINE_IMAGE.sub(keep, raw)
        files = {**files, **found}
    return extract_of(container), files


def take_picture(picture: Picture, files: dict[str, str], draft: Draft) -> None:
    """Make an image of the text the picture of the question, if it is embedded, whole and the first."""
    name = unquote(picture.address.split("?")[0].rpartition("/")[2])
    if name not in files:
        draft.lose(f"文件里没有的图片 {shortened(picture.address)}")
        return
    draft.take_picture(picture, name, decoded(files.pop(name)))


def read_common(element: Element, draft: Draft) -> None:
    """Explanation, points, tags, and what the bank cannot keep of any question."""
    draft.tags = tuple(own_tags(element, draft))
    own = dict(reversed(draft.tags))
    draft.explanation = draft.text(extract_of(element.find("generalfeedback")), "解析")
    draft.points = points_from(own.get("points") or child_text(element, "defaultgrade") or "1", draft)
    if draft.picture and (said := element.find(OURS)) is not None:
        draft.alt = draft.alt or cleaned(said.get("alt", ""))
    if any(cleaned(child_text(hint)) for hint in element.findall("hint")):
        draft.lose("提示（hint）")
    if (penalty := child_text(element, "penalty").strip()) not in USUAL_PENALTIES:
        draft.lose(f"再次作答扣分（penalty）{shortened(penalty)}")
    for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        words = extract_of(element.find(tag)).text
        if words and words.lower().rstrip(".。") not in USUAL_WORDS:
            draft.lose(f"作答反馈：{shortened(words)}")
    for name in files_in(element.find("generalfeedback")):
        draft.lose(f"解析里的文件 {shortened(name)}")


def own_tags(element: Element, draft: Draft) -> Iterator[tuple[str, str]]:
    """The tags that we wrote, as field and value; other tags are a loss."""
    others = []
    for tag in element.findall("tags/tag")[:200]:
        words = cleaned(child_text(tag, "text"))
        if words.startswith(f"{OURS}:"):
            field_, _, value = words.removeprefix(f"{OURS}:").partition(":")
            yield field_, value
        elif words:
            others.append(words)
    if others:
        draft.lose(f"标签：{shortened('、'.join(others), 80)}")


def fraction_of(answer: Element) -> Decimal:
    """The share of the points (in percent) that an answer earns; 0 when it does not say."""
    text = answer.get("fraction", "0").strip()
    negative = text.startswith("-")
    match = AMOUNT.fullmatch(text.lstrip("+-"))
    if not match:
        return Decimal(0)
    return -Decimal(match[1]) if negative else Decimal(match[1])


def topic_of(category: str) -> tuple[str, str]:
    """The last step of a category path, and the whole path when it had steps before that say something."""
    steps = [step.replace("\0", "/").strip() for step in category.replace("//", "\0").split("/")]
    telling = [step for step in steps if step and not is_root(step)]
    if not telling:
        return "", ""
    return telling[-1], category if len(telling) > 1 else ""


def is_root(step: str) -> bool:
    """Steps that every Moodle writes at the beginning of its paths."""
    return (step.startswith("$") and step.endswith("$")) or step == "top"


def path_to(topic: str) -> str:
    """The category of a topic, or the top for none."""
    return f"$course$/top/{topic.replace('/', '//')}" if topic else "$course$/top"
