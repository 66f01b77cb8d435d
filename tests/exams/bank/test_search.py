"""Words in questions: what is found, and what the list costs."""

from datetime import date

import pytest
from django.core.management import call_command

from exams.bank import actions
from exams.bank.bodies import Case as CaseBody
from exams.bank.bodies import FillIn, Part, Truth
from exams.bank.models import Question, QuestionStatus, VersionClause
from exams.bank.queries import Filters, Sort, in_order, matching
from exams.bank.search import index_all
from exams.bank.wording import QuestionContent
from tests.factories.exams import NOW, QuestionVersionFactory, clause, pool_of
from tests.factories.lms import CategoryFactory, IndustryFactory, UserFactory


def found(text, **more):
    return list(matching(Filters(text=text, **more)).values_list("code", flat=True))


@pytest.fixture
def question(content, filing, clauses):
    """A question written through the action, testing a clause."""
    return actions.create_question(
        content=content, filing=filing, clause_ids=[clauses["gm10-13-02"].pk], by=UserFactory(), now=NOW
    )


@pytest.mark.parametrize(
    "text",
    ["污水", "污水池清淤", "池", "第一步 清淤", "先通风", "再检测", "Q000001", "q0000", "gm10-13-02",
     "GM10-13", "测试"],
)  # fmt: skip
def test_stem_options_explanation_source_code_and_clause_are_searched(question, text):
    assert found(text) == ["Q000001"]


@pytest.mark.parametrize("text", ["污水厂", "池污", "Q000002", "gm10-13-03", "000001", "？！", "____"])
def test_what_is_not_there_is_not_found(question, text):
    assert found(text) == []


def test_only_the_current_version_is_searched(question, content, filing, other_wording):
    actions.revise_question(
        question=question, content=other_wording("砂轮机使用前检查什么？"), filing=filing, clause_ids=[],
        expected_version_id=question.current_id, by=question.author, now=NOW,
    )  # fmt: skip
    assert found("砂轮机") == ["Q000001"]
    assert found("污水池") == []


def test_texts_inside_blanks_and_cases_are_searched(filing):
    body = CaseBody(
        (
            Part("p1", "fill_in", "应当____", FillIn((("吹扫置换",),))),
            Part("p2", "true_false", "可以动火", Truth("false")),
        )
    )
    content = QuestionContent(type="case", stem="某厂检修储罐。", body=body, explanation="", points=filing.difficulty)
    actions.create_question(content=content, filing=filing, clause_ids=[], by=UserFactory(), now=NOW)
    assert found("吹扫置换") == found("动火") == found("储罐") == ["Q000001"]


def test_the_index_can_be_built_anew(question, capsys):
    QuestionVersionFactory(stem="另一道题")
    assert index_all() == 2
    call_command("index_questions")
    assert "2 versions" in capsys.readouterr().out
    assert found("污水池") == ["Q000001"]
    assert len(found("另一道")) == 1


def test_words_that_look_like_operators_are_words(question):
    for text in ('"污水', "污水*", "污水 OR 砂轮", "NOT", "a' | b", "污水:*", "-污水"):
        assert isinstance(found(text), list)
    assert found('"污水') == found("污水*") == ["Q000001"]
    assert found("污水 OR 砂轮") == []


def test_each_filter_and_all_together_find_the_one_question(topics, clauses):
    machinery, category, author = IndustryFactory(code="machinery"), CategoryFactory(), UserFactory()
    [version] = pool_of(1, topic=topics[0])
    wanted = version.question
    Question.objects.filter(pk=wanted.pk).update(
        difficulty=4, cognitive="apply", author=author, enemy_group="通风", uses=3, status="review",
        effective_from=date(2026, 1, 1), effective_to=date(2026, 11, 30),
    )  # fmt: skip
    wanted.industries.add(machinery)
    wanted.categories.add(category)
    VersionClause.objects.create(version=version, clause=clauses["gm10-13-01"])
    pool_of(3, topic=topics[1])
    Question.objects.exclude(pk=wanted.pk).update(effective_from=date(2026, 12, 1))
    single = {
        "text": wanted.code,
        "status": "review",
        "topic_id": topics[0].pk,
        "industry_id": machinery.pk,
        "category_id": category.pk,
        "clause": "gm10-13-01",
        "difficulty_from": 4,
        "cognitive": "apply",
        "author_id": author.pk,
        "used": "used",
        "enemy_group": "通风",
        "effective_on": date(2026, 11, 25),
        "expired_on": date(2026, 12, 1),
    }
    for name, value in single.items():
        assert list(matching(Filters(**{name: value}))) == [wanted], name
    assert list(matching(Filters(**single, picture=False))) == [wanted]
    assert matching(Filters(**single, picture=True)).count() == 0
    assert matching(Filters(used="never")).count() == matching(Filters(difficulty_to=3)).count() == 3
    assert matching(Filters(text=wanted.code, status="published")).count() == 0


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.NEWEST, [3, 2, 1]), (Sort.CODE, [1, 2, 3]), (Sort.EASIEST, [2, 1, 3]), (Sort.HARDEST, [3, 1, 2]),
     (Sort.MOST_USED, [2, 3, 1])],
)  # fmt: skip
def test_list_is_in_the_order_asked_for(topics, sort, order):
    ids = [version.question_id for version in pool_of(3, topic=topics[0])]
    for pk, difficulty, uses in zip(ids, (2, 1, 5), (0, 9, 4), strict=True):
        Question.objects.filter(pk=pk).update(difficulty=difficulty, uses=uses)
    found_ids = list(matching(Filters(sort=sort)).values_list("pk", flat=True))
    assert found_ids == [ids[place - 1] for place in order]
    assert [question.pk for question in in_order(found_ids)] == found_ids


def test_papers_that_hold_a_question_are_counted(topics):
    first, second = pool_of(2, topic=topics[0])
    actions.note_uses([first.pk, first.pk, second.pk])
    actions.note_uses([first.pk])
    assert [Question.objects.get(pk=v.question_id).uses for v in (first, second)] == [3, 1]


def test_retired_questions_are_found_when_asked_for(question):
    Question.objects.update(status=QuestionStatus.RETIRED)
    assert found("污水", status="retired") == ["Q000001"]
    assert found("污水", status="draft") == []


def test_clause_codes_with_other_hyphens_are_other_codes(question):
    clause("gm10-1-302")
    assert found("gm10-1-302") == []
