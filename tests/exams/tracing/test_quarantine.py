"""A clause that is not in force keeps its questions out of new papers, and new versions bring them back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from exams.bank import actions
from exams.bank.models import Question, QuestionStatus
from exams.bank.queries import Filters, matching, quarantined_among
from exams.bank.recite_actions import content_of
from exams.bank.standing import counterparts, lapsed_clauses, quarantined_count
from exams.papers.quarantine import quarantined_in_exam
from exams.tracing.queries import clause_by_code
from lms.jobs.models import Job
from tests.factories.exams import NOW, TopicFactory, clause, drawable, pool_of, standard, standard_clauses
from tests.factories.lms import UserFactory

TODAY = NOW.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def usable(day=TODAY):
    return {row.version_id for row in drawable(on=day)}


def test_questions_leave_the_pool_on_the_day_after_their_clause(chain):
    assert usable(YESTERDAY) == {chain.stale.pk, chain.moved.pk}
    assert usable(TODAY) == usable(TOMORROW) == {chain.untouched.pk}


@pytest.mark.parametrize(
    ("first", "last", "sound"),
    [
        (date(2020, 1, 1), None, True),
        (date(2020, 1, 1), TODAY, True),
        (date(2020, 1, 1), YESTERDAY, False),
        (TODAY, None, True),
        (TOMORROW, None, False),
    ],
)
def test_the_days_of_the_version_decide(db, topic, first, last, sound):
    [page] = standard_clauses(standard(), "v1", "13-01", first=first, last=last)
    [version] = pool_of(1, topic=topic, tested=page)
    assert usable() == ({version.pk} if sound else set())
    assert quarantined_count(on=TODAY) == (0 if sound else 1)
    assert quarantined_among([version.question_id], on=TODAY) == (set() if sound else {version.question_id})
    assert matching(Filters(quarantined_on=TODAY)).count() == (0 if sound else 1)


def test_a_withdrawn_clause_and_one_lapsed_of_two_are_enough(db, topic):
    page = clause("gm10-13-01")
    [version] = pool_of(1, topic=topic, tested=page)
    assert usable() == {version.pk}
    page.live = False
    page.save(update_fields=["live"])
    assert usable() == set()
    assert [row.why for row, _counts in lapsed_clauses(on=TODAY)] == ["withdrawn"]


def test_pages_with_a_path_that_only_looks_alike_are_not_below_the_version(db, topic):
    """The path of another tree may begin with the same letters further down, never at the same depth."""
    law = standard()
    standard_clauses(law, "old", "13-01", first=date(2020, 1, 1), last=YESTERDAY)
    [fresh] = standard_clauses(law, "new", "13-01", first=date(2020, 1, 1))
    [version] = pool_of(1, topic=topic, tested=fresh)
    assert usable() == {version.pk}


def test_older_versions_do_not_count(chain):
    filing = actions.Filing(topic_id=chain.moved.question.topic_id)
    actions.revise_question(
        question=chain.moved.question, content=content_of(chain.moved), filing=filing, clause_ids=[chain.new.pk],
        expected_version_id=chain.moved.pk, by=UserFactory(), now=NOW,
    )  # fmt: skip
    assert quarantined_count(on=TODAY) == 1
    assert {row.code: counts for row, counts in lapsed_clauses(on=TODAY)} == {"old-13-01": {"published": 1}}


def test_the_counterpart_of_the_same_number_in_the_same_standard_comes_first(chain):
    clause("aaa-13-01")
    found = counterparts(clause_by_code("old-13-01", on=TODAY), on=TODAY)
    assert [row.code for row in found] == ["new-13-01", "new-13-02", "aaa-13-01"]


def test_items_of_an_exam_under_way_are_named_with_their_papers(chain, django_assert_num_queries):
    with django_assert_num_queries(2):
        items = quarantined_in_exam(chain.town.pk, on=TODAY)
    assert [(item.code, item.clause, item.papers) for item in items] == [(chain.stale.question.code, "old-13-01", 1)]
    assert quarantined_in_exam(chain.town.pk, on=YESTERDAY)[0].clause == "new-13-01"


def test_queue_shows_the_clause_with_everything_that_rests_on_it(chain, characters, client_of):
    answer = client_of(characters.editor).get(reverse("exams:quarantine"))
    [(row, counts, affected)] = answer.context["rows"]
    assert (row.code, row.why, row.since) == ("old-13-01", "lapsed", TODAY)
    assert counts == {"published": 2}
    assert (affected.papers, affected.open_exams, affected.certificates) == (2, 2, 2)
    assert [exam.title for exam, _papers in answer.context["exams"]] == ["全镇考试"]
    assert "恒丰内部考试" not in answer.text


def test_questions_past_their_own_last_day_are_counted_beside(chain, characters, client_of):
    Question.objects.filter(pk=chain.untouched.question_id).update(effective_to=YESTERDAY)
    client = client_of(characters.editor)
    assert client.get(reverse("exams:quarantine")).context["expired"] == 1
    page = client.get(reverse("exams:question_list"), {"quarantined": "expired", "status": "published"})
    assert [question.pk for question in page.context["questions"]] == [chain.untouched.question_id]


def test_replacing_the_clause_writes_versions_that_wait_for_another_person(
    chain, characters, client_of, django_capture_on_commit_callbacks
):
    client = client_of(characters.reviewer)
    address = reverse("exams:clause_replace", args=["old-13-01"])
    assert "2 道题改引现行条目" in client.get(address).text
    ids = [chain.stale.question_id, chain.moved.question_id, chain.untouched.question_id]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"new": "new-13-01", "question": ids})
    question = Question.objects.get(pk=chain.stale.question_id)
    assert (question.status, question.author) == (QuestionStatus.REVIEW, characters.reviewer)
    assert (question.current.number, question.current.stem) == (2, chain.stale.stem)
    assert list(question.current.clauses.all()) == [chain.new]
    assert list(chain.stale.clauses.all()) == [chain.old]
    assert Question.objects.get(pk=chain.untouched.question_id).status == QuestionStatus.PUBLISHED
    assert quarantined_count(on=TODAY) == 0
    job = Job.objects.get()
    assert job.result == {"revised": 2, "stale": []}
    assert "2 道题有了新版本" in client.get(reverse("exams:recite_result", args=[job.pk]), follow=True).text


def test_nothing_is_replaced_without_a_clause_in_force(chain, characters, client_of):
    client = client_of(characters.editor)
    address = reverse("exams:clause_replace", args=["old-13-01"])
    for data in ({"new": "old-13-02", "question": [chain.stale.question_id]}, {"new": "new-13-01"}, {}):
        assert "什么都没有改" in client.post(address, data, follow=True).text
    assert Job.objects.count() == 0
    valid = client.get(reverse("exams:clause_replace", args=["new-13-01"]), follow=True)
    assert "现行有效，不用换" in valid.text


def test_queue_costs_the_same_for_one_clause_and_three(
    chain, characters, client_of, topic, django_assert_max_num_queries
):
    client = client_of(characters.editor)
    client.get(reverse("exams:quarantine"))
    for more in range(2):
        if more:
            pool_of(1, topic=topic, tested=chain.other_old)
            pool_of(1, topic=topic, tested=standard_clauses(standard("zz"), "zz", "1", first=TOMORROW)[0])
        with django_assert_max_num_queries(20):
            assert client.get(reverse("exams:quarantine")).status_code == 200


@pytest.fixture
def topic(db):
    """Where the questions belong."""
    return TopicFactory()
