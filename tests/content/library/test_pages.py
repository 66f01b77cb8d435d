"""Every kind of page is shown to strangers, with the same number of queries for one row and for three."""

import pytest
from django.test import Client

from content.cases.models import CaseIndexPage
from content.lessons.models import CourseIndexPage
from content.meetings.models import CardIndexPage
from content.mindsets.models import MindsetIndexPage
from content.standards.models import StandardIndexPage
from tests.conftest import Characters
from tests.factories.content import (
    CardPageFactory,
    CasePageFactory,
    ClausePageFactory,
    CoursePageFactory,
    LessonPageFactory,
    MindsetPageFactory,
    PracticePageFactory,
    StandardPageFactory,
    StandardSectionPageFactory,
    StandardVersionPageFactory,
    ViolationPageFactory,
    clause_block,
    home,
    section_page,
)
from tests.factories.lms import CategoryFactory, IndustryFactory

pytestmark = pytest.mark.django_db


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (StandardPageFactory, "应急管理部"),
        (StandardVersionPageFactory, "2023 年 5 月 15 日"),
        (StandardSectionPageFactory, "管的是污水池"),
        (MindsetPageFactory, "赌博撞运"),
        (ViolationPageFactory, "有权拒绝"),
        (CardPageFactory, "歇了四十分钟再下池"),
        (CasePageFactory, "2019 年 2 月 15 日"),
        (PracticePageFactory, "带走钥匙"),
        (CoursePageFactory, "必学必考"),
    ],
)
def test_a_page_of_each_kind_is_shown(client: Client, factory: type, said: str) -> None:
    assert said in html(client, factory().url)


def test_the_clause_page_says_everything_about_a_clause(client: Client) -> None:
    clause = ClausePageFactory(industries=[IndustryFactory(name="轻工")])
    CardPageFactory(clause=clause, title="下池先看三样")
    CasePageFactory(clauses=[clause], title="清池三人中毒")
    LessonPageFactory(title="气体检测怎么做", body=[clause_block(clause)])
    page = html(client, clause.url)
    for said in [
        "第十三条第（二）项",
        "2023 年 5 月 15 日起施行",
        "直接判定",
        "轻工",
        "人已经下池",
        "只测池口",
        "污水池",
        "清淤工",
        "https://www.mem.gov.cn/",
        "0 道",
        "下池先看三样",
        "清池三人中毒",
    ]:
        assert said in page


def test_the_clause_page_names_the_lessons_that_teach_it(client: Client, django_capture_on_commit_callbacks) -> None:
    clause = ClausePageFactory()
    with django_capture_on_commit_callbacks(execute=True):
        LessonPageFactory(code="les-1", title="气体检测怎么做", body=[clause_block(clause)])
    assert "/les-1/" in html(client, clause.url)


def test_an_expired_version_says_so(client: Client) -> None:
    version = StandardVersionPageFactory(effective_to="2025-12-31")
    clause = ClausePageFactory(parent__parent=version)
    assert "2025 年 12 月 31 日失效" in html(client, clause.url)


def test_the_front_page_counts_what_is_in_each_section(client: Client) -> None:
    CardPageFactory()
    CardPageFactory()
    section_page(StandardIndexPage)
    page = html(client, home().url)
    assert '<span class="num t-2 t-sm">2</span>' in page
    assert '<span class="num t-2 t-sm">0</span>' in page


def test_unpublished_pages_are_neither_listed_nor_shown(client: Client) -> None:
    card = CardPageFactory(title="还没写完", live=False)
    assert "还没写完" not in html(client, section_page(CardIndexPage).url)
    assert client.get(card.url).status_code == 404


def test_cards_are_filtered_by_trade(client: Client) -> None:
    CardPageFactory(title="甲卡", trades="电气焊")
    CardPageFactory(title="乙卡", trades="清淤\n检修")
    page = html(client, section_page(CardIndexPage).url + "?trade=检修")
    assert "乙卡" in page
    assert "甲卡" not in page


def test_the_key_of_a_card_is_shown_to_those_who_read_it_aloud(client: Client, characters: Characters) -> None:
    card = CardPageFactory()
    for person, sees in [
        (None, False),
        (characters.own_learner, False),
        (characters.team_leader, True),
        (characters.editor, True),
        (characters.own_manager, True),
        (characters.town_supervisor, False),
    ]:
        client.logout()
        if person:
            client.force_login(person)
        assert (card.explanation in html(client, card.url)) is sees


LISTS = {
    "standards": (lambda: section_page(StandardIndexPage), lambda parent: StandardVersionPageFactory()),
    "version": (StandardVersionPageFactory, lambda parent: ClausePageFactory(parent__parent=parent)),
    "section": (StandardSectionPageFactory, lambda parent: ClausePageFactory(parent=parent)),
    "mindsets": (lambda: section_page(MindsetIndexPage), lambda parent: MindsetPageFactory()),
    "violations": (lambda: section_page(MindsetIndexPage), lambda parent: ViolationPageFactory()),
    "cards": (lambda: section_page(CardIndexPage), lambda parent: CardPageFactory()),
    "cases": (lambda: section_page(CaseIndexPage), lambda parent: CasePageFactory()),
    "practices": (lambda: section_page(CaseIndexPage), lambda parent: PracticePageFactory()),
    "courses": (
        lambda: section_page(CourseIndexPage),
        lambda parent: CoursePageFactory(categories=[CategoryFactory()], industries=[IndustryFactory()]),
    ),
    "lessons": (CoursePageFactory, lambda parent: LessonPageFactory(parent=parent)),
    "uses": (ClausePageFactory, lambda parent: CardPageFactory(clause=parent)),
    "mindset": (MindsetPageFactory, lambda parent: CardPageFactory(mindset=parent)),
}


@pytest.mark.parametrize("name", LISTS)
def test_one_row_and_three_rows_cost_the_same(client: Client, counted, name: str) -> None:
    make_list, add = LISTS[name]
    page = make_list()

    def grow() -> None:
        page.refresh_from_db()
        add(page)

    grow()
    client.get(page.url)
    one = counted(lambda: client.get(page.url))
    grow()
    grow()
    assert counted(lambda: client.get(page.url)) == one


@pytest.mark.parametrize("name", ["standards", "cards", "uses"])
def test_pages_hold_no_inline_style_or_script(client: Client, name: str) -> None:
    make_list, add = LISTS[name]
    page = make_list()
    add(page)
    shown = html(client, page.url)
    assert " style=" not in shown
    assert "<style" not in shown
    assert shown.count("<script") == shown.count("<script src=")


def test_english_readers_get_an_english_frame(client: Client) -> None:
    client.cookies["django_language"] = "en"
    assert "On site" in html(client, ClausePageFactory().url)
