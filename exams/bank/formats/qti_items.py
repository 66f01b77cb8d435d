"""One QTI item (2.1, 2.2 or 3.0) as a question (pure)."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

from exams.bank.bodies import CASE, FILL_IN, Case, FillIn, Part, ShortAnswer
from exams.bank.formats.drafts import Draft, points_from
from exams.bank.formats.html_text import Picture, cleaned, shortened
from exams.bank.formats.qti_body import Body, Text, body_of, content_of, marked_parts, said_in, walk
from exams.bank.formats.qti_types import READERS, Declaration, declaration_from, forms_of, read_regions
from exams.bank.formats.qti_vocabulary import NOT_OURS, values_of
from exams.bank.formats.rubric_lines import rubric_from
from exams.bank.problems import ProblemKind
from exams.bank.soundness import MOST_PARTS

PART_NAME = re.compile(r"p[0-9]{1,3}")
PICTURED = ("hotspotInteraction", "selectPointInteraction")
Assets = Callable[[str], bytes]  # the bytes behind an address, b"" when there are none


class Item:
    """Reads the item into a draft; `assets` finds what pictures point at."""

    def __init__(self, root: Element, draft: Draft, assets: Assets) -> None:
        self.root, self.draft, self.assets = root, draft, assets
        self.declared = {
            one.get("identifier", ""): declaration_from(one) for one in root.findall("responseDeclaration")
        }
        self.outcomes = {one.get("identifier", ""): one for one in root.findall("outcomeDeclaration")}
        for equal in root.iter("equal"):
            self.note_tolerance(equal)

    def note_tolerance(self, equal: Element) -> None:
        """`equal` with an absolute tolerance says which numbers a blank takes."""
        variable, value = equal.find("variable"), equal.find("baseValue")
        spans = equal.get("tolerance", "").split()
        said = self.declared.get(variable.get("identifier", "")) if variable is not None else None
        if said is None or equal.get("toleranceMode") != "absolute" or not spans:
            return
        if len(set(spans)) > 1:
            self.draft.lose("上下不同的允许误差")
            return
        said.tolerance = ("".join(value.itertext()).strip() if value is not None else "", spans[0])

    def said(self, element: Element) -> Declaration:
        """The declaration that an interaction answers to."""
        return self.declared.get(element.get("responseIdentifier", ""), Declaration())

    def read(self) -> None:
        """Everything there is to read."""
        draft, holder = self.draft, self.root.find("itemBody")
        draft.points = self.points("")
        self.read_explanation()
        body = body_of(holder)
        for loss in body.losses:
            draft.lose(loss)
        marked = marked_parts(holder)
        foreign = [*body.foreign, *(tag for part in marked for tag in body_of(part, parts=False).foreign)]
        if any(self.root.find(tag) is not None for tag in ("templateDeclaration", "templateProcessing")):
            foreign.append("printedVariable")
        if self.root.get("adaptive") == "true":
            foreign.append("endAttemptInteraction")
        if marked and not foreign:
            self.read_marked(body, marked)
        elif foreign or not (body.interactions or any(text.entries for text in body.texts)):
            prompts = [self.prompt_of(element) for element in self.root.iter() if element.find("prompt") is not None]
            draft.stem = self.stem_of(body.texts, *prompts)
            name = foreign[0] if foreign else "没有作答部分"
            draft.fail(ProblemKind.NOT_SUPPORTED, "题型", f"{NOT_OURS[name]}（{name}）" if name in NOT_OURS else name)
        else:
            self.read_body(body)

    def points(self, suffix: str) -> Decimal:
        """MAXSCORE, or the normal maximum of SCORE, or 1."""
        highest, score = self.outcomes.get(f"MAXSCORE{suffix}"), self.outcomes.get(f"SCORE{suffix}")
        text = next(iter(values_of(highest.find("defaultValue"))), "") if highest is not None else ""
        text = text or (score.get("normalMaximum", "") if score is not None else "")
        points = points_from(text or "1", self.draft)
        return points or Decimal(1)

    def read_explanation(self) -> None:
        """Feedback that is the same whatever was answered explains; feedback by answer is lost."""
        found = []
        for feedback in self.root.findall("modalFeedback"):
            text = Text()
            for child in content_of(feedback):
                walk(child, text, Body())
            if said := self.draft.text(text.extract, "解析"):
                found.append(said)
        if len(found) == 1:
            self.draft.explanation = found[0]
        for said in found if len(found) > 1 else ():
            self.draft.lose(f"按作答给出的反馈：{shortened(said)}")

    def stem_of(self, texts: Sequence[Text], *more: str) -> str:
        """Texts one below the other; their first picture becomes that of the question."""
        lines = []
        for text in texts:
            said = text.extract
            for loss in said.losses:
                self.draft.lose(loss)
            for picture in said.pictures:
                self.take(picture)
            lines.append(said.text)
        return "\n".join(line for line in [*lines, *more] if line)

    def take(self, picture: Picture) -> None:
        """A picture that the item shows."""
        data = self.assets(picture.address)
        if data:
            self.draft.take_picture(picture, picture.address.rpartition("/")[2], data)
        else:
            self.draft.lose(f"包里没有的图片 {shortened(picture.address)}")

    def prompt_of(self, element: Element) -> str:
        """What an interaction asks."""
        said = said_in(element.find("prompt"))
        for picture in said.pictures:
            self.take(picture)
        for loss in said.losses:
            self.draft.lose(loss)
        return said.text

    def read_body(self, body: Body) -> None:
        """One interaction is a question, blanks only are a fill-in question, a mixture is a case."""
        draft, interactions = self.draft, body.interactions
        entries = [entry for text in body.texts for entry in text.entries]
        if not interactions:
            draft.type, draft.stem = FILL_IN, self.stem_of(body.texts)
            draft.body = self.blanks(entries)
            self.note_rubric(body.rubric)
        elif len(interactions) == 1 and not entries:
            self.read_single(interactions[0], body)
        else:
            self.read_mixture(body)

    def blanks(self, entries: Sequence[Element]) -> FillIn:
        """The accepted forms of blanks."""
        return FillIn(tuple(forms_of(entry, self.said(entry), self.draft) for entry in entries))

    def read_single(self, element: Element, body: Body) -> None:
        """The only interaction of an item."""
        draft = self.draft
        if element.tag in PICTURED:
            self.take_background(element)
            draft.stem = self.stem_of(body.texts, self.prompt_of(element))
            draft.type, draft.body = read_regions(element, self.said(element), draft, body.rubric)
            return
        draft.stem = self.stem_of(body.texts, self.prompt_of(element))
        draft.type, draft.body = READERS[element.tag](element, self.said(element), draft)
        if isinstance(draft.body, ShortAnswer):
            draft.body = ShortAnswer(rubric_from(body.rubric))
        else:
            self.note_rubric(body.rubric)

    def take_background(self, element: Element) -> None:
        """The picture in which hazards are marked."""
        for shown in element.iter():
            if shown.tag not in ("img", "object"):
                continue
            alt = shown.get("alt", "") or "".join(shown.itertext())
            self.take(Picture(shown.get("src") or shown.get("data") or "", " ".join(alt.split())))
            return

    def note_rubric(self, rubric: Sequence[str]) -> None:
        """What scorers are told where nobody scores."""
        if rubric:
            self.draft.lose(f"评分说明：{shortened('；'.join(rubric))}")

    def read_marked(self, body: Body, marked: Sequence[Element]) -> None:
        """A case that we wrote: its sub-questions are marked."""
        draft = self.draft
        draft.type, draft.stem = CASE, self.stem_of(body.texts)
        parts = []
        for number, holder in enumerate(marked[: MOST_PARTS + 1], start=1):
            inner = body_of(holder, parts=False)
            said = holder.get("id", "")
            name = said if PART_NAME.fullmatch(said) else f"p{number}"
            inner.rubrics |= {name: body.rubrics.pop(f"rubric_{name}", [])}
            part = self.part_from(inner, name, self.points(f"_{name}"), "")
            parts += [part] if part else []
        draft.body = Case(tuple(parts))
        self.note_rubric(body.rubric)

    def part_from(self, inner: Body, name: str, points: Decimal, fallback: str) -> Part | None:
        """A sub-question from its blocks."""
        entries = [entry for text in inner.texts for entry in text.entries]
        if not inner.interactions and entries:
            return Part(name, FILL_IN, self.stem_of(inner.texts), self.blanks(entries), points)
        if len(inner.interactions) != 1 or inner.interactions[0].tag in PICTURED:
            self.draft.fail(ProblemKind.NOT_SUPPORTED, "小题", name)
            return None
        element = inner.interactions[0]
        stem = self.stem_of(inner.texts, self.prompt_of(element)) or fallback
        type_, body = READERS[element.tag](element, self.said(element), self.draft)
        if isinstance(body, ShortAnswer):
            body = ShortAnswer(rubric_from(inner.rubric))
        return Part(name, type_, stem, body, points)

    def read_mixture(self, body: Body) -> None:
        """An item of somebody else with several interactions: what comes before the first is the situation."""
        draft = self.draft
        opening: list[Text | Element] = []
        waiting: list[Text | Element] = []
        groups: list[Body] = []
        for block in body.blocks:
            asks = isinstance(block, Element) or bool(block.entries)
            if not asks:
                (waiting if groups else opening).append(block)
                continue
            groups.append(Body([*waiting, block]))
            waiting = []
        if waiting and groups:
            groups[-1].blocks.extend(waiting)
        extended = [
            group for group in groups if any(one.tag == "extendedTextInteraction" for one in group.interactions)
        ]
        if len(extended) == 1:
            extended[0].rubrics = body.rubrics
        else:
            self.note_rubric(body.rubric)
        situation = self.stem_of([block for block in opening if isinstance(block, Text)])
        draft.type, draft.stem = CASE, situation or cleaned(self.root.get("title", ""))
        parts = [self.part_from(group, f"p{n}", Decimal(1), f"（{n}）") for n, group in enumerate(groups[:21], start=1)]
        draft.body = Case(tuple(part for part in parts if part))
