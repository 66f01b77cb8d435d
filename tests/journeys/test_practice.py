"""An employee practises on a phone: a wrong answer goes into the book and leaves it; daily questions; a mock exam."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Product, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]
PERSON, TOPIC = "HF-0164", "高处作业"
# Short rounds: the numbers are data.
SHORTEN = """
from lms.regulations.models import RuleValue
RuleValue.objects.filter(code__in=["exam.practice_round", "exam.daily_questions"]).update(value=3)
"""
KEYS = f"""
import json
from exams.models import PracticeRound, Question
made = PracticeRound.objects.filter(person__username="{PERSON}").latest("pk")
found = Question.objects.select_related("current").in_bulk(made.questions)
rows = [[found[pk].current.type, found[pk].current.key, found[pk].current.stem] for pk in made.questions]
print(json.dumps(rows))
"""

Asked = tuple[str, list[str], str]


def asked(product: Product) -> list[Asked]:
    """Type, key and stem of every question of the round just begun."""
    return [tuple(row) for row in json.loads(product.shell(KEYS))]


def reply(learner: Visitor, question: Asked, *, right: bool) -> None:
    """Choose options, or say that it is not known where a question is not answered by options; see what is right."""
    kind, key, stem = question
    page = learner.page
    expect(page.locator("form.practice.live")).to_be_visible()
    if kind in ("single", "multiple", "true_false"):
        options = page.locator("form.practice input[name=q1]:not([type=hidden])")
        values = [option.get_attribute("value") or "" for option in options.all()]
        for value in key if right else [next(value for value in values if value not in key)]:
            page.locator("label.option").filter(has=page.locator(f"input[value='{value}']")).click()
        page.get_by_role("button", name="看答案", exact=True).click()
        expect(page.locator(".verdict-line")).to_contain_text("答对了" if right else "答错了")
    else:
        page.get_by_role("button", name="不会，看答案").click()
        expect(page.locator(".verdict-line")).to_contain_text("看一遍答案")
    expect(page.locator(".wrong .q-stem").first).to_contain_text(stem.split("____")[0][:30])


def onward(learner: Visitor) -> None:
    learner.page.locator(".practice-bar a").click()
    learner.page.wait_for_load_state()


def fail_one_of_a_topic(learner: Visitor) -> str:
    """A round with the first answer wrong; returns that question's stem."""
    page = learner.page
    learner.go("/exams/")
    page.locator("a.to-practice").click()
    expect(page.locator(".tag-card")).to_contain_text("每日练习")
    learner.picture("practice-home", guide=True)
    learner.fits()
    learner.product.shell(SHORTEN)
    page.get_by_role("button", name=TOPIC).click()
    questions = asked(learner.product)
    assert len(questions) == 3
    learner.picture("practice-question")
    learner.fits()
    for place, question in enumerate(questions):
        reply(learner, question, right=place > 0)
        if place == 0:
            learner.picture("practice-wrong", guide=True)
            learner.fits()
        onward(learner)
    expect(page.locator("main")).to_contain_text("3 题对了 2 题")
    learner.picture("practice-end")
    learner.fits()
    return questions[0][2]


def book_round(learner: Visitor, stem: str, *, entry: bool) -> None:
    """Practise the one question of the book and answer it right."""
    page = learner.page
    learner.go("/exams/practice/book/")
    expect(page.locator("main")).to_contain_text("1 题待改正")
    expect(page.locator("li.item")).to_contain_text(stem[:30])
    if entry:
        learner.picture("practice-book")
        learner.fits()
    page.get_by_role("button", name="练错题").click()
    [question] = asked(learner.product)
    reply(learner, question, right=True)
    left = page.get_by_text("再连续答对 1 次就移出")
    expect(left).to_have_count(1 if entry else 0)
    learner.picture("practice-right")
    onward(learner)


def practise_a_clause(learner: Visitor) -> None:
    """The answer leads to the clause."""
    page = learner.page
    learner.go("/exams/practice/clauses/")
    learner.picture("practice-clauses", full=False)
    learner.fits()
    first = page.locator("button.item-button").first  # which ones are free depends on the exams that are ahead
    article = first.locator(".item-title").inner_text()
    first.click()
    reply(learner, asked(learner.product)[0], right=True)
    expect(page.locator("article.clause").first).to_contain_text(article)
    learner.picture("practice-clause-answer")
    learner.fits()
    page.locator("article.clause a").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/library/" in page.url


def practise_today(learner: Visitor) -> None:
    """The day's questions from 今日 to the last one."""
    page = learner.page
    learner.go("/")
    expect(page.locator("a[href='/exams/practice/']")).to_contain_text("每日练习还有 3 题")
    learner.picture("practice-today")
    page.locator("a[href='/exams/practice/']").click()
    page.get_by_role("button", name="开始今天的练习").click()
    for question in asked(learner.product):
        reply(learner, question, right=True)
        onward(learner)
    expect(page.locator("main")).to_contain_text("答对的题隔几天再来")
    learner.go("/exams/practice/")
    expect(page.locator(".tag-card")).to_contain_text("今天的题练完了")
    learner.picture("practice-day-done")


def sit_a_mock_exam(learner: Visitor) -> None:
    """A mock exam begins from here and stops nobody from practising."""
    page = learner.page
    learner.go("/exams/")
    expect(page.get_by_text("模拟考试", exact=False).locator("visible=true")).to_have_count(1)  # the way to practice
    learner.go("/exams/practice/")
    page.locator("a.item", has_text="模拟考试").click()
    page.locator("form[action*=start] button").click()
    expect(page.locator(".exam.live")).to_be_visible()
    learner.go("/exams/practice/")
    expect(page.locator("a.item", has_text="模拟考试")).to_contain_text("正在考")
    expect(page.get_by_role("button", name=TOPIC)).to_be_visible()


def practise_in_large_type_and_english(learner: Visitor) -> None:
    """Nothing sticks out, whatever the size of the letters and the length of the words."""
    page = learner.page
    for name in ("size", "language"):
        learner.go("/exams/practice/")
        page.locator(f"button[name={name}]").first.click()
        page.wait_for_load_state()
        learner.fits()
        page.locator("button.item-button", has_text=TOPIC).click()
        expect(page.locator("form.practice.live")).to_be_visible()
        learner.picture(f"practice-question-{name}", full=False)
        learner.fits()
        page.locator("button[name=skip]").click()
        expect(page.locator(".verdict-line")).to_be_visible()
        learner.picture(f"practice-answer-{name}", full=False)
        learner.fits()


def test_wrong_answers_come_back_until_they_are_right(visitor: Callable[..., Visitor]):
    learner = visitor()
    learner.sign_in(PERSON)
    stem = fail_one_of_a_topic(learner)
    book_round(learner, stem, entry=True)
    book_round(learner, stem, entry=False)
    learner.go("/exams/practice/book/")
    expect(learner.page.locator("main")).to_contain_text("没有能练的错题")
    expect(learner.page.locator("main")).not_to_contain_text(stem[:30])
    practise_a_clause(learner)
    practise_today(learner)
    sit_a_mock_exam(learner)
    practise_in_large_type_and_english(learner)


def test_practice_at_a_desk_and_a_real_exam_that_stops_it(visitor: Callable[..., Visitor]):
    learner = visitor(wide=True)
    learner.sign_in(PERSON)
    learner.go("/exams/practice/")
    learner.picture("practice-home-wide")
    learner.page.get_by_role("button", name=TOPIC).click()
    learner.picture("practice-question-wide")
    reply(learner, asked(learner.product)[0], right=False)
    learner.picture("practice-wrong-wide")
    learner.go("/exams/practice/clauses/")
    learner.picture("practice-clauses-wide", full=False)
    learner.go("/exams/")
    learner.page.locator("a.item", has_text="九种题型").click()
    learner.page.locator("form[action*=start] button").click()
    expect(learner.page.locator(".exam.live")).to_be_visible()
    learner.go("/exams/practice/book/")
    expect(learner.page.locator(".tag-card")).to_contain_text("考试没有交卷以前不能练习")
    learner.picture("practice-stopped-wide")
    learner.page.locator(".tag-card a").click()
    expect(learner.page.locator(".exam.live")).to_be_visible()
