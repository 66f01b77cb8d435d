"""QTI 2.x writes `choiceInteraction`, QTI 3.0 `qti-choice-interaction`: one vocabulary for both (pure).

After `plain_names` a tree says what 2.x says, without namespaces: elements and attributes in camel case. The two
versions differ by rule only, so the table is short.
"""

import re
from xml.etree.ElementTree import Element

ITEM = "assessmentItem"
NAMESPACES = re.compile(r"imsqti(?:asi|_item)?_v(?:2p0|2p1|2p2|3p0)", re.IGNORECASE)
# Names that the rule would spell otherwise than 2.x does.
SAID_OTHERWISE = {"extendedText": "extendedTextInteraction", "selectPoint": "selectPointInteraction"}
BLOCK = frozenset({"choiceInteraction", "orderInteraction", "matchInteraction", "hotspotInteraction",
                   "selectPointInteraction", "extendedTextInteraction"})  # fmt: skip
ENTRY = "textEntryInteraction"
NOT_OURS = {
    "associateInteraction": "自由配对",
    "customInteraction": "自定义题",
    "drawingInteraction": "画图",
    "endAttemptInteraction": "分步作答",
    "gapMatchInteraction": "拖词填空",
    "graphicAssociateInteraction": "图上连线",
    "graphicGapMatchInteraction": "图上拖放",
    "graphicOrderInteraction": "图上排序",
    "hottextInteraction": "文中选词",
    "inlineChoiceInteraction": "行内选择",
    "mediaInteraction": "音视频",
    "portableCustomInteraction": "自定义题",
    "positionObjectInteraction": "图上定位",
    "positionObjectStage": "图上定位",
    "printedVariable": "随机变量",
    "sliderInteraction": "滑块",
    "uploadInteraction": "上传文件",
}


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def camel(name: str) -> str:
    """`response-identifier` → `responseIdentifier`."""
    first, *rest = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def plain_name(tag: str) -> str:
    """The name of an element as 2.x spells it."""
    name = local(tag)
    name = camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
    return SAID_OTHERWISE.get(name, name)


def plain_names(root: Element) -> Element:
    """The same tree with plain names, changed in place."""
    for element in root.iter():
        element.tag = plain_name(element.tag)
        if any("-" in name or "}" in name for name in element.attrib):
            element.attrib = {camel(local(name)): value for name, value in element.attrib.items()}
    return root


def is_item(tag: str) -> bool:
    """Whether a root is an item of a version that is read here."""
    namespace = tag.rpartition("}")[0]
    return plain_name(tag) == ITEM and (not namespace or bool(NAMESPACES.search(namespace)))


def values_of(element: Element | None) -> list[str]:
    """The texts of <value> in a <correctResponse> or <defaultValue>."""
    found = element.findall("value") if element is not None else []
    return [" ".join("".join(value.itertext()).split()) for value in found]
