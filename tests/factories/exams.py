"""Real rows of the exams: topics, questions, exams with papers, attempts."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image, ImageDraw
from wagtail.models import Page

from content.standards.models import ClausePage, StandardPage, StandardSectionPage, StandardVersionPage
from exams.attempts.ledger import first_hash
from exams.attempts.models import Attempt
from exams.bank.bodies import (
    TYPES,
    Body,
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Part,
    Region,
    RubricPoint,
    ShortAnswer,
    options_from,
    stored,
)
from exams.bank.models import (
    Question,
    QuestionPicture,
    QuestionStatus,
    QuestionType,
    QuestionVersion,
    Topic,
    VersionClause,
)
from exams.bank.search import index_versions
from exams.bank.wording import USUAL_POINTS
from exams.papers.blueprint import Blueprint, SectionRow
from exams.papers.models import BlueprintSection, Exam, ExamAudience, ExamStatus, Paper, PaperItem, Release
from exams.papers.queries import spec_for
from exams.papers.spec import Candidate
from tests.factories.lms import UserFactory

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
CANARY = "CANARY-explanation"
KEY_CANARY = "CANARY-key"  # stands in every text of a key that only marking may see
KEYS: dict[str, list[str]] = {
    QuestionType.SINGLE: ["o2"],
    QuestionType.MULTIPLE: ["o1", "o3"],
    QuestionType.TRUE_FALSE: ["true"],
}

BODIES: dict[str, Body] = {
    QuestionType.FILL_IN: FillIn((("通风", f"{KEY_CANARY} 机械通风"), ("19.5..23.5",))),
    QuestionType.ORDERING: Ordering(("先通风", "再检测", "后作业", "专人监护到结束")),
    QuestionType.MATCHING: Matching((("硫化氢", "中毒"), ("甲烷", "爆炸"), ("缺氧", "窒息")), ("滑倒",)),
    QuestionType.HOTSPOT: Hotspot(
        (
            Region("rect", (1000, 2000, 3000, 6000), f"{KEY_CANARY} 临边没有护栏"),
            Region("ellipse", (6000, 1000, 8000, 3000), f"{KEY_CANARY} 灯没有防爆"),
            Region("polygon", (6000, 6000, 9000, 6000, 7500, 9000), f"{KEY_CANARY} 盖板敞开"),
        )
    ),
    QuestionType.SHORT_ANSWER: ShortAnswer(
        (
            RubricPoint(f"{KEY_CANARY} 立即停止作业", Decimal(2)),
            RubricPoint(f"{KEY_CANARY} 佩戴防护后救援", Decimal(2)),
            RubricPoint(f"{KEY_CANARY} 报告", Decimal(1)),
        )
    ),
    QuestionType.CASE: Case(
        (
            Part("p1", "single", "谁负责审批？", Choice(options_from(["班长", "负责人", "工人"]), ("o2",)), Decimal(1)),
            Part("p2", "fill_in", "作业前至少通风____分钟。", FillIn((("30", f"{KEY_CANARY} 三十"),)), Decimal(1)),
            Part("p3", "short_answer", "说说救援的做法。", ShortAnswer((RubricPoint(f"{KEY_CANARY} 不盲目施救"),)),
                 Decimal(2)),
        )
    ),
}  # fmt: skip
STEMS = {QuestionType.FILL_IN: "第 {n} 题：进入前应当先____，氧含量在____%。"}


# --- bank ----------------------------------------------------------------------------------------


def drawn_picture(width: int = 1200, height: int = 800) -> bytes:
    """A workshop as a PNG: three things that one could point at."""
    image = Image.new("RGB", (width, height), "#dfe7e4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.62, width, height), fill="#b9c2be")
    draw.rectangle((width * 0.1, height * 0.2, width * 0.3, height * 0.6), fill="#8cc3b8", outline="#0c5950", width=6)
    draw.ellipse((width * 0.6, height * 0.1, width * 0.8, height * 0.3), fill="#f8d387", outline="#875300", width=6)
    corners = [(width * 0.6, height * 0.6), (width * 0.9, height * 0.6), (width * 0.75, height * 0.9)]
    draw.polygon(corners, fill="#36433f", outline="#14201e", width=6)
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


class QuestionPictureFactory(DjangoModelFactory[QuestionPicture]):
    """A drawn picture, stored under its digest."""

    class Meta:
        model = QuestionPicture
        django_get_or_create = ("digest",)

    class Params:
        content = factory.LazyFunction(drawn_picture)

    digest = factory.LazyAttribute(lambda row: hashlib.sha256(row.content).hexdigest())
    file = factory.LazyAttribute(lambda row: ContentFile(row.content, f"{row.digest}.png"))
    media_type = "image/png"
    width = 1200
    height = 800
    created_at = NOW


class TopicFactory(DjangoModelFactory[Topic]):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"知识点{n}")


class QuestionFactory(DjangoModelFactory[Question]):
    """A question without a version; `publish_version` of QuestionVersionFactory completes it."""

    class Meta:
        model = Question

    code = factory.Sequence(lambda n: f"T{n:06d}")
    type = QuestionType.SINGLE
    topic = factory.SubFactory(TopicFactory)
    stem_hash = factory.Sequence(lambda n: f"{n:064x}")
    created_at = NOW
    changed_at = NOW


def choice_options(kind: str) -> list[dict[str, str]]:
    """Options of the types that are ticked."""
    if kind == QuestionType.TRUE_FALSE:
        return [{"id": "true", "text": "正确"}, {"id": "false", "text": "错误"}]
    return [{"id": f"o{n}", "text": f"选项内容 {n}"} for n in range(1, 5)]


class QuestionVersionFactory(DjangoModelFactory[QuestionVersion]):
    """A version that is its question's current, published one; `body` replaces what its type usually asks."""

    class Meta:
        model = QuestionVersion
        skip_postgeneration_save = True

    question = factory.SubFactory(QuestionFactory, type=factory.SelfAttribute("..type"))

    class Params:
        body = factory.LazyAttribute(lambda row: BODIES.get(row.type))

    number = 1
    type = QuestionType.SINGLE
    stem = factory.LazyAttributeSequence(
        lambda row, n: STEMS.get(row.type, "第 {n} 个题干：作业前应当怎样做？").format(n=n)
    )
    options = factory.LazyAttribute(lambda row: stored(row.body)[0] if row.body else choice_options(row.type))
    key = factory.LazyAttribute(lambda row: stored(row.body)[1] if row.body else KEYS[row.type])
    picture = factory.Maybe(
        factory.LazyAttribute(lambda row: row.type == QuestionType.HOTSPOT),
        factory.SubFactory(QuestionPictureFactory),
        None,
    )
    picture_alt = factory.LazyAttribute(lambda row: "污水池旁的工地" if row.type == QuestionType.HOTSPOT else "")
    explanation = factory.Sequence(lambda n: f"{CANARY} {n}")
    default_points = Decimal(2)
    created_at = NOW

    @factory.post_generation
    def publish_version(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Make it the current version of a published question."""
        if create:
            question = self.question  # type: ignore[attr-defined]
            question.current, question.status = self, QuestionStatus.PUBLISHED
            question.save(update_fields=["current", "status"])
            index_versions([self.pk])  # type: ignore[attr-defined]


def clause(code: str) -> ClausePage:
    """A live clause of a hazard standard, below the root of the page tree."""
    page = ClausePage(
        title=code,
        slug=code,
        code=code,
        article=f"第十三条 {code}",
        rule=f"{code} 的条文要点",
        plain="一句话",
        on_site="现场样子",
        common_errors="常见错",
    )
    Page.objects.get(depth=1).add_child(instance=page)
    return page


def standard(name: str = "gm") -> StandardPage:
    """A hazard standard without versions, below the root of the page tree."""
    page = StandardPage(title=name, slug=name, code=name, issuer="应急管理部")
    Page.objects.get(depth=1).add_child(instance=page)
    return page


def standard_clauses(
    parent: StandardPage, code: str, *numbers: str, first: date, last: date | None = None
) -> list[ClausePage]:
    """Live clauses `code-number` of a version of a standard that is in force from `first` to `last`."""
    facts = {"issued_on": first, "effective_from": first, "effective_to": last}
    version = StandardVersionPage(
        title=f"标准 {code}", slug=code, code=code, number=f"{code} 号令", summary="说明", **facts
    )
    parent.add_child(instance=version)
    section = StandardSectionPage(
        title=f"{code} 条", slug=f"{code}-s", code=f"{code}-s", article="第十三条", kind="special", intro="说明"
    )
    version.add_child(instance=section)
    pages = []
    for number in numbers:
        name = f"{code}-{number}"
        page = ClausePage(
            title=name, slug=name, code=name, article=f"第十三条第（{number}）项", rule=f"{name} 的条文要点",
            plain="一句话", on_site="现场样子", common_errors="常见错",
        )  # fmt: skip
        section.add_child(instance=page)
        pages.append(page)
    return pages


def pool_of(
    count: int, *, topic: Topic, kind: str = QuestionType.SINGLE, tested: ClausePage | None = None
) -> list[QuestionVersion]:
    """So many published questions of a topic, testing a clause or none."""
    versions = [QuestionVersionFactory(type=kind, question__topic=topic) for _ in range(count)]
    if tested:
        VersionClause.objects.bulk_create(VersionClause(version=version, clause=tested) for version in versions)
    return versions


def drawable(*, on: date, type_: str = QuestionType.SINGLE, topic_ids: Iterable[int] = ()) -> tuple[Candidate, ...]:
    """What a paper with one section could be drawn from, as the exam office would on that day."""
    section = SectionRow(type_, 1, Decimal(2), tuple(topic_ids))
    blueprint = Blueprint(method="draw", sections=(section,), min_criterion_percent=Decimal(0), paper_count=1, on=on)
    return spec_for(blueprint, seed=1).pool


# --- exams and papers ----------------------------------------------------------------------------


class ExamFactory(DjangoModelFactory[Exam]):
    """A published exam for the whole town, open from an hour before `NOW` for thirty days."""

    class Meta:
        model = Exam

    title = factory.Sequence(lambda n: f"有限空间专项考试 {n}")
    subject = "confined-space"
    opens_at = NOW - timedelta(hours=1)
    closes_at = NOW + timedelta(days=30)
    minutes = 60
    pass_percent = Decimal(80)
    attempts_allowed = 2
    release = Release.AT_ONCE
    min_criterion_percent = Decimal(30)
    seed = 7
    status = ExamStatus.PUBLISHED
    created_at = NOW - timedelta(days=2)
    published_at = NOW - timedelta(days=1)


class ExamAudienceFactory(DjangoModelFactory[ExamAudience]):
    """Everybody with an employment, unless dimensions are given."""

    class Meta:
        model = ExamAudience

    exam = factory.SubFactory(ExamFactory)
    valid_from = (NOW - timedelta(days=100)).date()


class BlueprintSectionFactory(DjangoModelFactory[BlueprintSection]):
    """Ten single-choice questions from all topics."""

    class Meta:
        model = BlueprintSection
        skip_postgeneration_save = True

    exam = factory.SubFactory(ExamFactory)
    position = factory.Sequence(lambda n: n + 1)
    type = QuestionType.SINGLE
    count = 10
    points = Decimal(2)

    @factory.post_generation
    def topics(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """The topics to draw from."""
        if create and extracted:
            self.topics.set(extracted)  # type: ignore[attr-defined]


def draft_exam(**fields: Any) -> Exam:
    """An exam that has not been published; give it sections and an audience."""
    return ExamFactory(status=ExamStatus.DRAFT, published_at=None, seed=None, **fields)


class PaperFactory(DjangoModelFactory[Paper]):
    class Meta:
        model = Paper

    exam = factory.SubFactory(ExamFactory)
    number = factory.Sequence(lambda n: n + 1)
    seed = 7
    total_points = Decimal(100)


class PaperItemFactory(DjangoModelFactory[PaperItem]):
    class Meta:
        model = PaperItem

    paper = factory.SubFactory(PaperFactory)
    position = factory.Sequence(lambda n: n + 1)
    version = factory.SubFactory(QuestionVersionFactory)
    points = Decimal(2)


def exam_with_papers(
    *,
    papers: int = 1,
    singles: int = 2,
    multiples: int = 1,
    judgements: int = 1,
    points: Decimal | int = 2,
    audience: bool = True,
    **exam: Any,
) -> Exam:
    """A published exam with its audience and papers of so many questions of each type."""
    made = ExamFactory(**exam)
    if audience:
        ExamAudienceFactory(exam=made)
    kinds = (
        [QuestionType.SINGLE] * singles + [QuestionType.MULTIPLE] * multiples + [QuestionType.TRUE_FALSE] * judgements
    )
    for number in range(1, papers + 1):
        paper = PaperFactory(exam=made, number=number, total_points=Decimal(points) * len(kinds))
        for position, kind in enumerate(kinds, start=1):
            version = QuestionVersionFactory(type=kind)
            PaperItemFactory(paper=paper, position=position, version=version, points=Decimal(points))
    return made


def exam_of_all_types(*, audience: bool = True, points: dict[str, Decimal] | None = None, **exam: Any) -> Exam:
    """A published exam whose one paper has one question of each type, in the order of `TYPES`."""
    made = ExamFactory(**exam)
    if audience:
        ExamAudienceFactory(exam=made)
    worth = {kind: (points or USUAL_POINTS)[kind] for kind in TYPES}
    paper = PaperFactory(exam=made, number=1, total_points=sum(worth.values()))
    for position, kind in enumerate(TYPES, start=1):
        PaperItemFactory(paper=paper, position=position, version=QuestionVersionFactory(type=kind), points=worth[kind])
    return made


# --- attempts ------------------------------------------------------------------------------------


class AttemptFactory(DjangoModelFactory[Attempt]):
    """An open attempt begun at `NOW`; answers and submission go through the actions."""

    class Meta:
        model = Attempt

    exam = factory.LazyFunction(exam_with_papers)
    paper = factory.LazyAttribute(lambda row: row.exam.papers.first())
    person = factory.SubFactory(UserFactory)
    number = 1
    key = factory.LazyFunction(uuid.uuid4)
    seed = 11
    item_count = factory.LazyAttribute(lambda row: row.paper.items.count())
    grace_seconds = 30
    seb_required = factory.LazyAttribute(lambda row: row.exam.seb_required)
    started_at = NOW
    deadline_at = factory.LazyAttribute(lambda row: row.started_at + timedelta(minutes=row.exam.minutes))
    max_score = factory.LazyAttribute(lambda row: row.paper.total_points)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Attempt:
        attempt = model_class(*args, **kwargs)
        attempt.head_hash = first_hash(attempt)
        attempt.save(force_insert=True)
        return attempt
