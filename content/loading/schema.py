"""What the files under `content/starter/` may say. Unknown and missing keys are errors."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Row(BaseModel):
    """A table of a file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Coded(Row):
    """A table that becomes a page."""

    code: Code


class Answered(Row):
    """A question with options and the index of the right one."""

    question: Text
    options: Annotated[list[Text], Field(min_length=2, max_length=6)]
    answer: Annotated[int, Field(ge=0)]
    explanation: Text

    @model_validator(mode="after")
    def answer_is_an_option(self) -> Self:
        """Refuse an answer beyond the options."""
        if self.answer >= len(self.options):
            raise ValueError(f"answer {self.answer} is not among the {len(self.options)} options")
        return self


class Standard(Coded):
    title: Text
    issuer: Text
    industries: list[Code]


class Version(Coded):
    number: Text
    issued_on: date
    effective_from: date
    effective_to: date | None = None
    official_url: Text
    summary: Text


class Clause(Coded):
    article: Text
    determination: Literal["direct", "composite"]
    rule: Text
    plain: Text
    on_site: Text
    common_errors: Text
    equipment: list[Text]
    posts: list[Text]
    keywords: list[Text]


class Section(Coded):
    article: Text
    title: Text
    kind: Literal["management", "industry", "special"]
    industries: list[Code]
    intro: Text
    clause: Annotated[list[Clause], Field(min_length=1)]


class StandardFile(Row):
    """standards/*.toml"""

    standard: Standard
    version: Version
    section: Annotated[list[Section], Field(min_length=1)]


class Scene(Row):
    title: Text
    story: Text
    lesson: Text


class Mindset(Coded):
    title: Text
    lead: Text
    body: Text
    signs: Texts
    antidotes: Texts
    selfcheck: Annotated[list[Text], Field(min_length=6)]
    pledge: Texts
    case: list[Scene] = []


class Violation(Coded):
    title: Text
    meaning: Text
    examples: Texts
    refuse: Text


class MindsetFile(Row):
    """mindsets.toml"""

    mindset: list[Mindset] = []
    violation: list[Violation] = []


class Card(Answered, Coded):
    title: Text
    minutes: Annotated[int, Field(ge=1, le=5)]
    trades: list[Text]
    industries: list[Code]
    clause: Code | Literal[""]
    mindset: Code | Literal[""]
    points: Texts


class CardFile(Row):
    """cards.toml"""

    card: list[Card] = []


class Case(Coded):
    title: Text
    happened_on: date
    place: Text
    deaths: Annotated[int, Field(ge=0)] | None = None
    injured: Annotated[int, Field(ge=0)] | None = None
    industries: list[Code]
    clauses: list[Code]
    summary: Text
    what_happened: Text
    why: Texts
    lessons: Texts
    questions: list[Text] = []
    source: Text


class Practice(Coded):
    title: Text
    industries: list[Code]
    summary: Text
    body: Text
    steps: Texts


class CaseFile(Row):
    """cases.toml"""

    case: list[Case] = []
    practice: list[Practice] = []


class TextRow(Row):
    type: Literal["text"]
    heading: str = ""
    body: Text


class StepsRow(Row):
    type: Literal["steps"]
    heading: Text
    items: Annotated[list[Text], Field(min_length=2)]


class WarningRow(Row):
    type: Literal["warning"]
    body: Text


class ClauseRow(Row):
    type: Literal["clause"]
    code: Code


class CaseRow(Row):
    type: Literal["case"]
    code: Code


class FigureRow(Row):
    type: Literal["figure"]
    file: Annotated[str, Field(pattern=r"^figures/[a-z0-9-]+\.(svg|png|jpg)$")]
    alt: Text
    caption: str = ""


class VideoRow(Row):
    type: Literal["video"]
    file: Annotated[str, Field(pattern=r"^media/[a-z0-9-]+\.(webm|mp4)$")]
    title: Text
    seconds: Annotated[int, Field(ge=1)]
    transcript: Text


class CheckpointRow(Answered):
    type: Literal["checkpoint"]


BlockRow = Annotated[
    TextRow | StepsRow | WarningRow | ClauseRow | CaseRow | FigureRow | VideoRow | CheckpointRow,
    Field(discriminator="type"),
]


class Lesson(Coded):
    title: Text
    lead: Text
    minutes: Annotated[int, Field(ge=1, le=120)]
    block: Annotated[list[BlockRow], Field(min_length=1)]


class Course(Coded):
    title: Text
    summary: Text
    audience: list[Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]]
    industries: list[Code]
    credit_hours: Annotated[float, Field(gt=0)]
    must_study: bool
    exam_subject: Code | Literal[""]


class CourseFile(Row):
    """courses/*.toml"""

    course: Course
    lesson: Annotated[list[Lesson], Field(min_length=1)]
