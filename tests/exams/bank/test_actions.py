"""The life of a question: immutable versions, four eyes, the transition table."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from exams.bank import actions
from exams.bank.models import Immutable, Question, QuestionStatus, QuestionVersion
from exams.bank.states import NotAllowed
from lms.audit.models import AuditEntry
from lms.kit.db import StaleState
from tests.factories.lms import UserFactory

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def author(db):
    return UserFactory(name="乔庆阳")


@pytest.fixture
def reviewer(db):
    return UserFactory(name="乔传阳")


@pytest.fixture
def question(content, filing, clauses, author):
    return actions.create_question(
        content=content, filing=filing, clause_ids=[clauses["gm10-13-02"].pk], by=author, now=NOW
    )


@pytest.fixture
def in_review(question, author):
    actions.submit_for_review(question=question, by=author, now=NOW)
    return question


def test_new_question_is_a_draft_with_its_first_version(question, clauses, author):
    question.refresh_from_db()
    version = question.current
    assert (question.code, question.status, question.author) == ("Q000001", QuestionStatus.DRAFT, author)
    assert (version.number, version.key, version.created_by) == (1, ["o2"], author)
    assert version.options == [
        {"id": "o1", "text": "先下人看"},
        {"id": "o2", "text": "先通风"},
        {"id": "o3", "text": "先吃饭"},
    ]
    assert list(version.clauses.all()) == [clauses["gm10-13-02"]]


def test_codes_go_on_counting(question, other_wording, filing, author):
    second = actions.create_question(content=other_wording("另一题"), filing=filing, clause_ids=[], by=author, now=NOW)
    assert second.code == "Q000002"


def test_content_that_is_no_question_is_refused(content, filing, author):
    with pytest.raises(actions.NotWhole) as refused:
        actions.create_question(
            content=replace(content, body=replace(content.body, key=())),
            filing=filing,
            clause_ids=[],
            by=author,
            now=NOW,
        )
    assert [problem.kind for problem in refused.value.problems] == ["blank_answer"]
    assert Question.objects.count() == 0


def test_versions_can_neither_be_changed_nor_deleted(question):
    version = question.current
    version.stem = "改一个字"
    for attempt in (
        version.save,
        lambda: version.save(update_fields=["stem"]),
        version.delete,
        lambda: QuestionVersion.objects.filter(pk=version.pk).update(stem="改"),
        lambda: QuestionVersion.objects.bulk_update([version], ["stem"]),
        lambda: QuestionVersion.objects.all().delete(),
    ):
        with pytest.raises(Immutable):
            attempt()
    assert QuestionVersion.objects.get().stem == "进入污水池清淤前，第一步做什么？"


def test_revision_is_a_new_version_and_the_old_one_stays(question, other_wording, filing, clauses, author):
    first = question.current
    second = actions.revise_question(
        question=question,
        content=other_wording("清淤前先做什么？"),
        filing=filing,
        clause_ids=[clauses["gm10-13-01"].pk],
        expected_version_id=first.pk,
        by=author,
        now=NOW,
    )
    assert [(v.number, v.stem) for v in question.versions.order_by("number")] == [
        (1, "进入污水池清淤前，第一步做什么？"),
        (2, "清淤前先做什么？"),
    ]
    assert Question.objects.get().current == second
    assert list(first.clauses.values_list("code", flat=True)) == ["gm10-13-02"]
    assert list(second.clauses.values_list("code", flat=True)) == ["gm10-13-01"]


def test_revision_of_a_version_that_somebody_revised_first_is_refused(question, other_wording, filing, author):
    first = question.current_id
    change = {"filing": filing, "clause_ids": [], "by": author, "now": NOW, "expected_version_id": first}
    actions.revise_question(question=Question.objects.get(), content=other_wording("甲的改法"), **change)
    with pytest.raises(StaleState):
        actions.revise_question(question=Question.objects.get(), content=other_wording("乙的改法"), **change)
    assert Question.objects.get().current.stem == "甲的改法"
    assert QuestionVersion.objects.count() == 2


def test_revised_published_question_must_be_approved_again(in_review, other_wording, filing, author, reviewer):
    actions.approve(question=in_review, version_id=in_review.current_id, by=reviewer, now=NOW)
    actions.revise_question(
        question=in_review,
        content=other_wording("清淤前先做什么？"),
        filing=filing,
        clause_ids=[],
        expected_version_id=in_review.current_id,
        by=author,
        now=NOW,
    )
    found = Question.objects.get()
    assert (found.status, found.reviewer) == (QuestionStatus.REVIEW, None)
    assert list(Question.objects.usable_on(NOW.date())) == []


def test_somebody_else_approves_and_the_question_is_published(in_review, reviewer):
    actions.approve(question=in_review, version_id=in_review.current_id, by=reviewer, now=NOW)
    found = Question.objects.get()
    assert (found.status, found.reviewer) == (QuestionStatus.PUBLISHED, reviewer)
    assert list(Question.objects.usable_on(NOW.date())) == [found]


def test_author_cannot_approve_the_own_question(in_review, author):
    with pytest.raises(NotAllowed) as refused:
        actions.approve(question=in_review, version_id=in_review.current_id, by=author, now=NOW)
    assert refused.value.reason == "own"
    assert Question.objects.get().status == QuestionStatus.REVIEW


def test_reviewer_who_revised_needs_another_reviewer(in_review, other_wording, filing, author, reviewer):
    actions.revise_question(
        question=in_review,
        content=other_wording("审题人改过"),
        filing=filing,
        clause_ids=[],
        expected_version_id=in_review.current_id,
        by=reviewer,
        now=NOW,
    )
    with pytest.raises(NotAllowed):
        actions.approve(question=in_review, version_id=in_review.current_id, by=reviewer, now=NOW)
    actions.approve(question=in_review, version_id=in_review.current_id, by=author, now=NOW)
    assert Question.objects.get().status == QuestionStatus.PUBLISHED


def test_four_eyes_hold_in_the_database_too(in_review, author):
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(reviewer=author)


def test_question_without_version_cannot_be_published_in_the_database(question):
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(status=QuestionStatus.PUBLISHED, current=None)


def test_approval_of_a_version_that_changed_meanwhile_is_refused(in_review, other_wording, filing, author, reviewer):
    read = in_review.current_id
    actions.revise_question(
        question=in_review,
        content=other_wording("改过"),
        filing=filing,
        clause_ids=[],
        expected_version_id=read,
        by=author,
        now=NOW,
    )
    with pytest.raises(StaleState):
        actions.approve(question=Question.objects.get(), version_id=read, by=reviewer, now=NOW)
    assert Question.objects.get().status == QuestionStatus.REVIEW


def test_returned_question_carries_the_reason_to_its_author(in_review, reviewer):
    actions.return_question(
        question=in_review, version_id=in_review.current_id, reason="两个答案都对", by=reviewer, now=NOW
    )
    found = Question.objects.get()
    assert (found.status, found.returned_reason) == (QuestionStatus.DRAFT, "两个答案都对")


def test_return_needs_a_reason(in_review, reviewer):
    with pytest.raises(NotAllowed):
        actions.return_question(question=in_review, version_id=in_review.current_id, reason="  ", by=reviewer, now=NOW)


@pytest.mark.parametrize("status", [QuestionStatus.DRAFT, QuestionStatus.PUBLISHED, QuestionStatus.RETIRED])
def test_only_questions_in_review_can_be_approved(question, reviewer, status):
    Question.objects.update(status=status)
    with pytest.raises(NotAllowed) as refused:
        actions.approve(question=Question.objects.get(), version_id=question.current_id, by=reviewer, now=NOW)
    assert refused.value.reason == "status"


def test_retired_question_leaves_the_pool_and_can_be_taken_up_again(in_review, other_wording, filing, author, reviewer):
    actions.approve(question=in_review, version_id=in_review.current_id, by=reviewer, now=NOW)
    actions.retire(question=in_review, reason="标准改了", by=reviewer, now=NOW)
    assert list(Question.objects.usable_on(NOW.date())) == []
    actions.revise_question(
        question=in_review,
        content=other_wording("按新标准"),
        filing=filing,
        clause_ids=[],
        expected_version_id=in_review.current_id,
        by=author,
        now=NOW,
    )
    assert Question.objects.get().status == QuestionStatus.DRAFT


def test_every_step_is_audited(in_review, author, reviewer):
    actions.approve(question=in_review, version_id=in_review.current_id, by=reviewer, now=NOW)
    entries = AuditEntry.objects.order_by("sequence").values_list("action", "actor_id", "target_id")
    target = str(in_review.pk)
    assert list(entries) == [
        ("question.created", author.pk, target),
        ("question.submit", author.pk, target),
        ("question.approve", reviewer.pk, target),
    ]


def test_topics_with_a_dot_hang_below_their_first_part(db):
    assert actions.load_topics(names=["四种心态与三违", "重大事故隐患·冶金", "重大事故隐患·机械"]) == 4
    assert actions.load_topics(names=["四种心态与三违", "重大事故隐患·冶金", "重大事故隐患·机械"]) == 0
    from exams.bank.models import Topic

    assert list(Topic.objects.filter(parent__name="重大事故隐患").values_list("name", flat=True)) == [
        "重大事故隐患·冶金",
        "重大事故隐患·机械",
    ]
