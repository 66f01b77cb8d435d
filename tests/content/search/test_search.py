"""The search page and Wagtail's own search find Chinese words; runs on SQLite and, with DATABASE_URL, on PostgreSQL."""

import pytest
from django.test import Client
from wagtail.models import Page

from content.search.queries import found_pages
from tests.conftest import Characters
from tests.factories.content import (
    CardPageFactory,
    ClausePageFactory,
    LessonPageFactory,
    MindsetPageFactory,
    PracticePageFactory,
)

pytestmark = pytest.mark.django_db


def codes(text: str, *, kind: str = "", members: bool = False) -> set[str]:
    pages = Page.objects.filter(pk__in=[page.pk for page in found_pages(text, kind=kind, members=members)])
    return {page.code for page in pages.specific()}


@pytest.mark.parametrize(
    "text", ["硫化", "监护", "池", "没批、没测", "第十三条", "有限空间", "cl-1", "CL-1", "池底 监护"]
)
def test_words_of_any_length_find_the_clause(text: str) -> None:
    ClausePageFactory(code="cl-1")
    assert "cl-1" in codes(text, kind="clause")


@pytest.mark.parametrize("text", ["化硫", "池 氨气", "动火", "空有"])
def test_words_that_are_not_there_find_nothing(text: str) -> None:
    ClausePageFactory(code="cl-1")
    assert codes(text, kind="clause") == set()


@pytest.mark.parametrize("text", ["", "  ", "！？", '"', "%", "'", "*", "AND"])
def test_odd_queries_are_harmless(text: str) -> None:
    ClausePageFactory()
    assert codes(text) == set()


def test_unpublished_pages_are_not_found() -> None:
    ClausePageFactory(code="cl-1", live=False)
    assert "cl-1" not in codes("硫化氢")


def test_kinds_narrow_the_result() -> None:
    CardPageFactory(code="card-a", points="先通风")
    PracticePageFactory(code="practice-a", body="先通风")
    assert codes("通风") >= {"card-a", "practice-a"}
    assert codes("通风", kind="card") == {"card-a"}


def test_lessons_are_for_members_only() -> None:
    LessonPageFactory(code="lesson-a", lead="先看风向袋")
    assert codes("风向袋") == set()
    assert codes("风向袋", members=True) == {"lesson-a"}


def test_checkpoints_and_keys_are_not_searchable() -> None:
    LessonPageFactory(code="lesson-a")
    CardPageFactory(code="card-a", explanation="停工以后气体会变")
    assert codes("只有答题之后", members=True) == set()
    assert codes("歇工半小时", members=True) == set()
    assert codes("停工以后", members=True) == set()


def test_a_changed_page_is_found_by_its_new_words(django_capture_on_commit_callbacks) -> None:
    page = MindsetPageFactory(code="mindset-a", body="旧话")
    with django_capture_on_commit_callbacks(execute=True):
        page.body = "新词儿"
        page.save()
    assert codes("新词") == {"mindset-a"}
    assert codes("旧话") == set()


def test_autocompletion_of_the_editing_place_finds_chinese_beginnings() -> None:
    card = CardPageFactory(title="下池先看三样")
    for text in ["三样", "下池先", "先看三"]:
        assert [page.pk for page in Page.objects.autocomplete(text)] == [card.pk]


def test_the_page_shows_passages_with_marks(client: Client) -> None:
    ClausePageFactory(code="cl-1")
    html = client.get("/library/search/", {"q": "监护"}).content.decode()
    assert "<mark>监护</mark>" in html
    assert "/cl-1/" in html


def test_the_page_without_hits_says_what_to_do(client: Client) -> None:
    ClausePageFactory()
    assert "两个字就能搜" in client.get("/library/search/", {"q": "氢氟酸"}).content.decode()


def test_the_page_escapes_what_was_typed(client: Client) -> None:
    html = client.get("/library/search/", {"q": "<script>x"}).content.decode()
    assert "<script>x" not in html


def test_one_and_three_hits_cost_the_same(client: Client, django_assert_num_queries, counted) -> None:
    ClausePageFactory(code="cl-1")
    client.get("/library/search/", {"q": "监护"})
    one = counted(lambda: client.get("/library/search/", {"q": "监护"}))
    section = Page.objects.get(slug="cl-1").get_parent()
    ClausePageFactory(code="cl-2", parent=section)
    section.refresh_from_db()
    ClausePageFactory(code="cl-3", parent=section)
    assert counted(lambda: client.get("/library/search/", {"q": "监护"})) == one


def test_members_see_lessons_on_the_page(client: Client, characters: Characters) -> None:
    LessonPageFactory(code="lesson-a", lead="先看风向袋")
    assert "<mark>" not in client.get("/library/search/", {"q": "风向袋"}).content.decode()
    client.force_login(characters.own_learner)
    assert "<mark>风向袋</mark>" in client.get("/library/search/", {"q": "风向袋"}).content.decode()
