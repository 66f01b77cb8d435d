"""Cases in Moodle, which has none: a description and questions after it, linked by tags (pure).

The situation is a question of the type `description`; each sub-question is a question of its own type, so that a
Moodle user can put all of them into a quiz as they are. All carry the tag `sanzhen:case:<code>`, sub-questions also
`sanzhen:part:p2/5` (`p4@2/5` where the second is not called p2): Moodle exports in an order of its own, and the tags
find together again what belongs together.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from exams.bank.bodies import CASE, PART_TYPES, Case, Part
from exams.bank.formats.exchange import FilingNames, ReadQuestion
from exams.bank.problems import Problem, ProblemKind
from exams.bank.soundness import MOST_PARTS

PART = re.compile(r"(p([0-9]{1,3}))(?:@([0-9]{1,2}))?/([0-9]{1,2})")
MOST_OPEN = 2_000  # cases that wait for their parts at the same time


@dataclass(slots=True)
class OpenCase:
    """A case of which not every part has been seen."""

    place: int = 0
    wanted: int = 0
    situation: ReadQuestion | None = None
    parts: dict[str, tuple[int, ReadQuestion]] = field(default_factory=dict)  # by name: place in the case, question

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.situation is not None and 0 < self.wanted <= len(self.parts)


@dataclass(slots=True)
class CaseJoiner:
    """Holds back parts of cases until all are there; a joined case takes the place of the part that came last."""

    waiting: dict[str, OpenCase] = field(default_factory=dict)

    def take(self, question: ReadQuestion, own: dict[str, str]) -> Iterator[ReadQuestion]:
        """The question, or the case that it completes, or nothing yet. `own`: what our tags say."""
        key, part = own.get("case", ""), PART.fullmatch(own.get("part", ""))
        if not key or (question.content.type and not part) or len(self.waiting) > MOST_OPEN:
            yield question
            return
        case = self.waiting.setdefault(key, OpenCase())
        if part[1] in case.parts if part else case.situation is not None:
            yield question
            return
        case.place = question.place
        if part:
            case.parts[part[1]] = (int(part[3] or part[2]), dataclasses.replace(question, picture=b""))
            case.wanted = int(part[4])
        else:
            case.situation = question
        if case.is_whole:
            yield joined(self.waiting.pop(key))

    def rest(self) -> Iterator[ReadQuestion]:
        """Cases that stayed incomplete, with a problem saying so."""
        for case in self.waiting.values():
            question = joined(case)
            missing = f"{len(case.parts)}/{case.wanted}" if case.situation else "案例的情境说明"
            problem = Problem(ProblemKind.UNREADABLE, "小题", missing)
            yield dataclasses.replace(question, problems=(*question.problems, problem))


def part_tag(name: str, place: int, count: int) -> str:
    """What says of a sub-question where it belongs."""
    return f"{name}/{count}" if name == f"p{place}" else f"{name}@{place}/{count}"


def joined(case: OpenCase) -> ReadQuestion:
    """One case from its situation and its parts in their order."""
    ordered = sorted(((name, place, one) for name, (place, one) in case.parts.items()), key=lambda part: part[1])
    first = case.situation or ordered[0][2]
    parts, problems, losses = [], [], list(first.losses) if case.situation else []
    for name, _, question in ordered[: MOST_PARTS + 1]:
        content = question.content
        problems += [Problem(p.kind, "小题", f"{name} {p.value}".strip()) for p in question.problems]
        losses += [f"小题 {name}：{loss}" for loss in question.losses]
        if content.explanation:
            losses.append(f"小题 {name}：解析")
        if content.picture:
            losses.append(f"小题 {name}：图片")
        if content.type in PART_TYPES:
            parts.append(Part(name, content.type, content.stem, content.body, content.points))  # type: ignore[arg-type]
        elif not question.problems:
            problems.append(Problem(ProblemKind.NOT_SUPPORTED, "小题", f"{name} {content.type}"))
    if case.situation is None:
        return ReadQuestion(case.place, dataclasses.replace(first.content, type=CASE, stem="", body=Case(tuple(parts)),
                            picture="", picture_alt=""), FilingNames(), tuple(problems), tuple(losses))  # fmt: skip
    own = [problem for problem in first.problems if problem.kind != ProblemKind.NOT_SUPPORTED]
    content = dataclasses.replace(first.content, type=CASE, body=Case(tuple(parts)))
    return ReadQuestion(case.place, content, first.names, (*own, *problems), tuple(losses), first.picture)
