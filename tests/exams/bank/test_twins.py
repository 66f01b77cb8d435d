"""Near-duplicates in the bank: found once, decided once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exams.bank import twin_actions
from exams.bank.models import Question, QuestionStatus
from exams.bank.states import NotAllowed
from exams.bank.twin_models import TwinDecision, TwinPair
from exams.bank.twin_queries import marked, pairs
from lms.audit.models import AuditEntry
from lms.jobs.models import Job
from lms.kit.db import StaleState
from tests.factories.exams import NOW, QuestionVersionFactory
from tests.factories.lms import UserFactory

STEMS = ("进入污水池清淤之前应当先通风再检测", "进入污水池清淤之前必须先通风再检测", "砂轮机使用前检查防护罩")
LATER = NOW + timedelta(hours=1)


def scan(now=NOW):
    return twin_actions.scan_twins(now=now, by=UserFactory(), progress=lambda done, total, message="": None).summary


@pytest.fixture
def questions(db):
    """Two that say the same, one that does not."""
    return [QuestionVersionFactory(stem=stem, type="true_false").question for stem in STEMS]


@pytest.fixture
def pair(questions):
    """The pair that a scan found."""
    scan()
    return TwinPair.objects.select_related("first", "second").get()


def test_scan_finds_each_pair_once_however_often_it_runs(questions):
    assert scan() == {"questions": 3, "pairs": 1}
    scan(LATER)
    pair = TwinPair.objects.get()
    assert (pair.first, pair.second) == (questions[0], questions[1])
    assert pair.found_at == LATER


def test_three_alike_make_three_pairs(questions):
    QuestionVersionFactory(stem="进入污水池清淤之前应该先通风再检测", type="true_false")
    assert scan()["pairs"] == 3


def test_retired_questions_are_not_compared(questions):
    Question.objects.filter(pk=questions[0].pk).update(status=QuestionStatus.RETIRED)
    assert scan() == {"questions": 2, "pairs": 0}


def test_an_open_pair_that_was_revised_apart_goes_and_a_decided_one_stays(pair):
    twin_actions.decide_different(pair=pair, by=UserFactory(), now=NOW)
    other = QuestionVersionFactory(stem="砂轮机使用之前检查防护罩", type="true_false").question
    scan()
    assert TwinPair.objects.count() == 2
    QuestionVersionFactory(stem="每天上班先开晨会", type="true_false", question=other, number=2)
    scan(LATER)
    assert list(TwinPair.objects.values_list("decision", flat=True)) == [TwinDecision.DIFFERENT]
    assert list(pairs(TwinDecision.OPEN)) == []


def test_same_retires_one_with_the_code_of_the_other_as_reason(pair):
    twin_actions.decide_same(pair=pair, retired_id=pair.second_id, by=UserFactory(), now=LATER)
    statuses = list(Question.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["published", "retired", "published"]
    assert AuditEntry.objects.get(action="question.retire").reason == f"与 {pair.first.code} 重复"


def test_a_question_of_another_pair_is_not_retired(pair, questions):
    with pytest.raises(NotAllowed):
        twin_actions.decide_same(pair=pair, retired_id=questions[2].pk, by=UserFactory(), now=LATER)
    assert TwinPair.objects.get().decision == TwinDecision.OPEN


@pytest.mark.parametrize(
    ("groups", "expected"),
    [(("", ""), "相近 {first}"), (("甲", ""), "甲"), (("", "乙"), "乙"), (("甲", "乙"), "甲")],
)
def test_near_questions_get_one_enemy_group_and_groups_are_joined(pair, questions, groups, expected):
    for question, group in zip(questions, groups, strict=False):
        Question.objects.filter(pk=question.pk).update(enemy_group=group)
    Question.objects.filter(pk=questions[2].pk).update(enemy_group="乙")
    pair = TwinPair.objects.select_related("first", "second").get()
    twin_actions.decide_enemies(pair=pair, by=UserFactory(), now=LATER)
    name = expected.format(first=pair.first.code)
    named = list(Question.objects.order_by("pk").values_list("enemy_group", flat=True))
    assert named == [name, name, name if groups == ("甲", "乙") else "乙"]
    assert list(pairs(TwinDecision.OPEN)) == []


def test_a_pair_is_decided_once(pair):
    late = TwinPair.objects.select_related("first", "second").get()
    twin_actions.decide_different(pair=pair, by=UserFactory(), now=NOW)
    with pytest.raises(StaleState):
        twin_actions.decide_same(pair=late, retired_id=late.first_id, by=UserFactory(), now=LATER)
    assert not Question.objects.filter(status=QuestionStatus.RETIRED).exists()


def test_differences_are_marked():
    assert [(p.text, p.other) for p in marked("应当先通风", "必须先通风")] == [("应当", True), ("先通风", False)]


def test_reviewers_decide_and_editors_look(characters, client_of, pair):
    address = reverse("exams:twin_list")
    assert "同一题" in client_of(characters.reviewer).get(address).text
    assert "停用" not in client_of(characters.editor).get(address).context["decision"]
    decide = reverse("exams:twin_decide", args=[pair.pk])
    assert client_of(characters.editor).post(decide, {"decision": "different"}).status_code == 403
    answer = client_of(characters.reviewer).post(decide, {"decision": f"retire-{pair.first_id}"}, follow=True)
    assert "重复的一道已停用" in answer.text
    again = client_of(characters.reviewer).post(decide, {"decision": "enemies"}, follow=True)
    assert "别人刚刚处理过" in again.text


def test_scan_runs_in_the_background_and_leads_to_the_page(
    characters, client_of, questions, django_capture_on_commit_callbacks
):
    client = client_of(characters.reviewer)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("exams:twin_scan"))
    job = Job.objects.get()
    assert job.result == {"questions": 3, "pairs": 1}
    assert client.get(reverse("exams:twin_scan_job", args=[job.pk])).url == reverse("exams:twin_list")


def test_page_costs_the_same_for_one_pair_and_three(characters, client_of, questions, django_assert_max_num_queries):
    scan()
    client = client_of(characters.reviewer)
    client.get(reverse("exams:twin_list"))
    for more in range(2):
        if more:
            QuestionVersionFactory(stem="进入污水池清淤之前应该先通风再检测", type="true_false")
            scan(LATER)
        with django_assert_max_num_queries(16):
            assert client.get(reverse("exams:twin_list")).status_code == 200
