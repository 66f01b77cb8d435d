"""Real pages of the library, published where readers would find them."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory
from wagtail.search import index

from content.cases.models import CaseIndexPage, CasePage, PracticePage
from content.lessons.models import CourseIndexPage, CoursePage, LessonPage
from content.library.models import HomePage, LibraryPage
from content.loading.shelves import home_page, shelf
from content.meetings.models import CardIndexPage, CardPage
from content.mindsets.models import MindsetIndexPage, MindsetPage, ViolationPage
from content.standards.models import (
    ClausePage,
    StandardIndexPage,
    StandardPage,
    StandardSectionPage,
    StandardVersionPage,
)


def home() -> HomePage:
    """The front page with its site."""
    return home_page()


def section_page(model: type[LibraryPage]) -> LibraryPage:
    """A section of the front page, e.g. CardIndexPage."""
    page = shelf(home_page(), model)
    page.refresh_from_db()
    return page


class PageFactory(DjangoModelFactory):
    """A published page under `parent`, indexed for searching."""

    class Meta:
        abstract = True

    slug = factory.SelfAttribute("code")

    @classmethod
    def _create(cls, model_class: type[LibraryPage], *args: Any, **kwargs: Any) -> LibraryPage:
        parent = kwargs.pop("parent")
        links = {name: kwargs.pop(name) for name in ("industries", "categories", "clauses") if name in kwargs}
        page = model_class(**kwargs)
        for name, rows in links.items():
            setattr(page, name, rows)
        parent.add_child(instance=page)
        index.insert_or_update_object(page)
        return page


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage

    parent = factory.LazyFunction(lambda: section_page(StandardIndexPage))
    code = factory.Sequence(lambda n: f"std{n}")
    title = "工贸企业重大事故隐患判定标准"
    issuer = "应急管理部"


class StandardVersionPageFactory(PageFactory):
    class Meta:
        model = StandardVersionPage

    parent = factory.SubFactory(StandardPageFactory)
    code = factory.Sequence(lambda n: f"std-v{n}")
    title = "应急管理部令第10号"
    number = "应急管理部令第10号"
    issued_on = date(2023, 4, 14)
    effective_from = date(2023, 5, 15)
    official_url = "https://www.mem.gov.cn/"
    summary = "判断哪些隐患属于重大。"


class StandardSectionPageFactory(PageFactory):
    class Meta:
        model = StandardSectionPage

    parent = factory.SubFactory(StandardVersionPageFactory)
    code = factory.Sequence(lambda n: f"std-s{n}")
    title = "有限空间"
    article = "第十三条"
    kind = StandardSectionPage.Kind.SPECIAL
    intro = "管的是污水池、罐、窖这类地方。"


class ClausePageFactory(PageFactory):
    class Meta:
        model = ClausePage

    parent = factory.SubFactory(StandardSectionPageFactory)
    code = factory.Sequence(lambda n: f"std-c{n}")
    title = factory.SelfAttribute("article")
    article = "第十三条第（二）项"
    rule = "有限空间作业没有审批，没有先通风、再检测、后作业，现场没有监护。"
    plain = "没批、没测、没人看，占一样就是重大隐患。"
    on_site = "人已经下池，检测仪还在工具箱里。"
    common_errors = "只测池口，不测池底。"
    equipment = "污水池\n检测仪"
    posts = "清淤工\n监护人"
    keywords = "硫化氢"


class MindsetPageFactory(PageFactory):
    class Meta:
        model = MindsetPage

    parent = factory.LazyFunction(lambda: section_page(MindsetIndexPage))
    code = factory.Sequence(lambda n: f"mindset-{n}")
    title = "赌博撞运"
    lead = "知道危险，赌它不来。"
    body = "上次没事，不等于这次没事。"
    signs = "总说就一下"
    antidotes = "停下来数三秒"
    selfcheck = "我是不是省过一步？"
    pledge = "我不赌。"


class ViolationPageFactory(PageFactory):
    class Meta:
        model = ViolationPage

    parent = factory.LazyFunction(lambda: section_page(MindsetIndexPage))
    code = factory.Sequence(lambda n: f"violation-{n}")
    title = "违章指挥"
    meaning = "叫人去做不该做的事。"
    examples = "没有票就叫人下池"
    refuse = "有权拒绝。"


class CardPageFactory(PageFactory):
    class Meta:
        model = CardPage

    parent = factory.LazyFunction(lambda: section_page(CardIndexPage))
    code = factory.Sequence(lambda n: f"card-{n}")
    title = "下池先看三样"
    minutes = 2
    trades = "清淤"
    points = "先通风。\n再检测。\n后作业。"
    question = "歇了四十分钟再下池，先做什么？"
    options = "直接下\n重新通风、重新检测"
    answer = 1
    explanation = "停工以后气体会变，要从头再测。"


class CasePageFactory(PageFactory):
    class Meta:
        model = CasePage

    parent = factory.LazyFunction(lambda: section_page(CaseIndexPage))
    code = factory.Sequence(lambda n: f"case-{n}")
    title = "清池三人中毒"
    happened_on = date(2019, 2, 15)
    place = "某镇"
    summary = "一人倒下，两人冲进去救。"
    what_happened = "没有通风，没有检测。"
    why = "没有监护"
    lessons = "先报告，不盲目施救"
    source = "调查报告"


class PracticePageFactory(PageFactory):
    class Meta:
        model = PracticePage

    parent = factory.LazyFunction(lambda: section_page(CaseIndexPage))
    code = factory.Sequence(lambda n: f"practice-{n}")
    title = "一把钥匙一个人"
    summary = "谁进去谁带钥匙。"
    body = "钥匙在手，机器不转。"
    steps = "断电\n上锁\n带走钥匙"


class CoursePageFactory(PageFactory):
    class Meta:
        model = CoursePage

    parent = factory.LazyFunction(lambda: section_page(CourseIndexPage))
    code = factory.Sequence(lambda n: f"course-{n}")
    title = "有限空间作业"
    summary = "先通风、再检测、后作业。"
    credit_hours = Decimal("2.0")
    must_study = True
    exam_subject = factory.SelfAttribute("code")


class LessonPageFactory(PageFactory):
    class Meta:
        model = LessonPage

    parent = factory.SubFactory(CoursePageFactory)
    code = factory.Sequence(lambda n: f"lesson-{n}")
    title = "气体检测怎么做"
    lead = "看不见的最要命。"
    minutes = 18
    body = factory.LazyAttribute(lambda page: [text_block(), checkpoint_block(f"{page.code}-q1")])


def text_block(body: str = "测上、中、下三层。", heading: str = "怎么测") -> dict[str, Any]:
    """A text block as it is stored."""
    return {"type": "text", "id": f"text-{len(body)}", "value": {"heading": heading, "body": body}}


def checkpoint_block(block_id: str, *, answer: int = 1) -> dict[str, Any]:
    """A checkpoint as it is stored; the explanation is unmistakable."""
    return {
        "type": "checkpoint",
        "id": block_id,
        "value": {
            "question": "歇工半小时回来，先做什么？",
            "options": [
                {"type": "item", "id": f"{block_id}-{number}", "value": text}
                for number, text in enumerate(["直接下池", "重新检测", "闻一闻"])
            ],
            "answer": answer,
            "explanation": "解析只有答题之后才看得到",
        },
    }


def clause_block(clause: ClausePage) -> dict[str, Any]:
    """A clause card as it is stored."""
    return {"type": "clause", "id": f"clause-{clause.pk}", "value": clause.pk}
