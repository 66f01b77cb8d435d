"""Changing many questions at once: preview, application, what is left alone, what is kept for undoing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exams.bank import bulk_actions
from exams.bank.bulk import ADD, REMOVE, REPLACE, Change, grouped
from exams.bank.bulk_models import BulkEdit
from exams.bank.bulk_queries import preview_of, selection_of
from exams.bank.models import Question, QuestionStatus
from exams.bank.queries import Filters
from exams.bank.states import NotAllowed
from lms.audit.models import AuditEntry
from lms.jobs.models import Job, JobStatus
from tests.factories.exams import NOW, QuestionFactory, pool_of
from tests.factories.lms import IndustryFactory, UserFactory

LATER = NOW + timedelta(minutes=5)


def quiet(done, total, message=""):
    return None


def run(change, selection, *, seen_at=NOW, now=LATER):
    edit = bulk_actions.start_bulk_edit(
        change=change, selection=selection, seen_at=seen_at, title="批量修改", by=UserFactory(), now=now
    )
    return edit, bulk_actions.apply_bulk_edit(edit=edit, now=now, progress=quiet)


@pytest.mark.parametrize(
    ("mode", "before", "after"),
    [(ADD, [1], [1, 2, 3]), (REMOVE, [1, 2], [1]), (REPLACE, [1], [2, 3]), (REMOVE, [], []), (ADD, [3, 2], [2, 3])],
)
def test_sets_are_added_to_taken_from_or_replaced(mode, before, after):
    assert Change("industries", [2, 3], mode=mode).after(before) == after


def test_preview_groups_say_what_becomes_of_how_many():
    groups = grouped(Change("difficulty", 3), {1: 4, 3: 9, 5: 6}.items())
    assert [(g.before, g.after, g.count, g.changes) for g in groups] == [
        (5, 3, 6, True), (1, 3, 4, True), (3, 3, 9, False),
    ]  # fmt: skip


def test_preview_counts_and_changes_nothing(topics):
    pool_of(2, topic=topics[0])
    pool_of(1, topic=topics[1])
    preview = preview_of(Change("topic", topics[1].pk), selection_of(Filters()))
    assert (preview.total, preview.changed, preview.same, preview.unfit) == (3, 2, 1, 0)
    assert Question.objects.filter(topic=topics[1]).count() == 1


def test_all_that_match_are_changed_with_status_and_version_untouched(topics, django_capture_on_commit_callbacks):
    versions = pool_of(3, topic=topics[0])
    _edit, result = run(Change("topic", topics[1].pk), selection_of(Filters(topic_id=topics[0].pk)))
    questions = list(Question.objects.order_by("pk"))
    assert [q.topic_id for q in questions] == [topics[1].pk] * 3
    assert [(q.status, q.current_id) for q in questions] == [("published", v.pk) for v in versions]
    assert {q.changed_at for q in questions} == {LATER}
    assert result.summary["changed"] == 3


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        (Change("difficulty", 5), "difficulty", 5),
        (Change("cognitive", "apply"), "cognitive", "apply"),
        (Change("enemies", "通风"), "enemy_group", "通风"),
        (Change("retire", reason="标准换版"), "status", "retired"),
    ],
)
def test_each_column_can_be_changed(topics, change, column, value):
    pool_of(2, topic=topics[0])
    run(change, selection_of(Filters()))
    assert set(Question.objects.values_list(column, flat=True)) == {value}


def test_dates_are_changed_together_so_that_they_stay_in_order(topics):
    [version] = pool_of(1, topic=topics[0])
    Question.objects.update(effective_from="2027-01-01", effective_to="2027-12-31")
    run(Change("dates", ["2026-01-01", "2026-06-30"]), {"ids": [version.question_id]})
    question = Question.objects.get()
    assert (str(question.effective_from), str(question.effective_to)) == ("2026-01-01", "2026-06-30")


def test_sets_are_written_and_earlier_members_kept(topics):
    first, second, third = (IndustryFactory(code=f"i{n}") for n in range(3))
    one, other = (version.question for version in pool_of(2, topic=topics[0]))
    one.industries.add(first)
    other.industries.add(second, third)
    run(Change("industries", [second.pk], mode=ADD), selection_of(Filters()))
    assert [set(q.industries.all()) for q in (one, other)] == [{first, second}, {second, third}]
    run(Change("industries", [third.pk], mode=REMOVE), selection_of(Filters()), seen_at=LATER)
    run(Change("industries", [first.pk], mode=REPLACE), {"ids": [other.pk]}, seen_at=LATER)
    assert [set(q.industries.all()) for q in (one, other)] == [{first, second}, {first}]


def test_questions_changed_after_the_preview_are_left_alone_and_listed(topics):
    calm, busy = (version.question_id for version in pool_of(2, topic=topics[0]))
    Question.objects.filter(pk=busy).update(difficulty=5, changed_at=NOW + timedelta(seconds=1))
    edit, result = run(Change("difficulty", 1), selection_of(Filters()))
    assert dict(Question.objects.values_list("pk", "difficulty")) == {calm: 1, busy: 5}
    assert dict(edit.rows.values_list("question_id", "outcome")) == {calm: "changed", busy: "stale"}
    assert result.summary == {"edit": edit.pk, "changed": 1, "stale": 1}


def test_steps_follow_the_transition_table_and_nothing_is_approved(topics):
    draft, empty, review = pool_of(3, topic=topics[0])
    ids = [version.question_id for version in (draft, empty, review)]
    Question.objects.update(status=QuestionStatus.DRAFT)
    Question.objects.filter(pk=ids[1]).update(current=None)
    Question.objects.filter(pk=ids[2]).update(status=QuestionStatus.REVIEW)
    edit, _result = run(Change("submit"), {"ids": ids})
    assert list(edit.rows.order_by("pk").values_list("outcome", flat=True)) == ["changed", "unfit", "unfit"]
    assert list(Question.objects.order_by("pk").values_list("status", flat=True)) == ["review", "draft", "review"]
    assert not Question.objects.filter(status=QuestionStatus.PUBLISHED).exists()


def test_retirement_needs_a_reason(topics):
    with pytest.raises(NotAllowed, match="reason"):
        run(Change("retire", reason=" "), {"ids": []})


def test_the_log_holds_count_selection_and_what_is_needed_to_undo(topics):
    ids = [version.question_id for version in pool_of(2, topic=topics[0])]
    Question.objects.filter(pk=ids[1]).update(difficulty=1)
    run(Change("difficulty", 4), selection_of(Filters(topic_id=topics[0].pk, text="题干")))
    entry = AuditEntry.objects.get(action="questions.bulk_edited")
    assert entry.detail["count"] == 2
    assert entry.detail["selection"] == {"text": "题干", "topic_id": topics[0].pk, "sort": "newest"}
    assert entry.detail["change"]["value"] == 4
    assert sorted((row["value"], row["questions"]) for row in entry.detail["before"]) == [(1, [ids[1]]), (3, [ids[0]])]


def test_a_broken_off_edit_goes_on_without_changing_twice(topics, monkeypatch):
    monkeypatch.setattr(bulk_actions, "BATCH", 2)
    pool_of(5, topic=topics[0])
    edit = bulk_actions.start_bulk_edit(
        change=Change("difficulty", 1), selection=selection_of(Filters(difficulty_from=3)), seen_at=NOW, title="改",
        by=UserFactory(), now=LATER,
    )  # fmt: skip
    calls = []

    def break_off(done, total, message=""):
        calls.append(done)
        raise RuntimeError("worker lost")

    with pytest.raises(RuntimeError):
        bulk_actions.apply_bulk_edit(edit=edit, now=LATER, progress=break_off)
    edit = BulkEdit.objects.get()
    result = bulk_actions.apply_bulk_edit(edit=edit, now=LATER + timedelta(hours=1), progress=quiet)
    assert calls == [2]
    assert result.summary["changed"] == 5
    assert Question.objects.filter(difficulty=1).count() == 5
    assert AuditEntry.objects.filter(action="questions.bulk_edited").count() == 3


def test_number_of_queries_does_not_grow_with_the_rows(topics, django_assert_max_num_queries):
    pool_of(40, topic=topics[0])
    with django_assert_max_num_queries(40):
        run(Change("topic", topics[1].pk), selection_of(Filters()))


# --- pages ---------------------------------------------------------------------------------------


def test_ticked_questions_are_previewed_confirmed_and_changed(
    characters, client_of, topics, django_capture_on_commit_callbacks
):
    ids = [version.question_id for version in pool_of(3, topic=topics[0])]
    client = client_of(characters.editor)
    choose = client.get(reverse("exams:question_bulk"), {"chosen": ids[:2], "scope": "ticked"})
    assert "选了 2 道题" in choose.text
    preview = client.get(
        reverse("exams:question_bulk"), {"chosen": ids[:2], "to-what": "topic", "to-topic": topics[1].pk}
    )
    assert "2 道题会改" in preview.text
    assert topics[1].name in preview.text
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("exams:question_bulk_apply"), {"plan": preview.context["plan"]})
    job = Job.objects.get()
    assert (answer.url, job.status) == (reverse("jobs:job", args=[job.pk]), JobStatus.DONE)
    assert Question.objects.filter(topic=topics[1]).count() == 2
    result = client.get(reverse("exams:question_bulk_result", args=[job.pk]))
    assert "改了 2 道题" in result.text


def test_filters_and_the_new_value_share_one_address(characters, client_of, topics):
    pool_of(2, topic=topics[0])
    pool_of(1, topic=topics[1])
    address = {"scope": "all", "topic": topics[0].pk, "to-what": "topic", "to-topic": topics[1].pk}
    preview = client_of(characters.editor).get(reverse("exams:question_bulk"), address)
    assert (preview.context["preview"].total, preview.context["preview"].changed) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"to-what": "topic"}, "topic"),
        ({"to-what": "retire"}, "reason"),
        ({"to-what": "industries", "to-industries_mode": "add"}, "industries"),
        ({"to-what": "dates", "to-first": "2026-02-01", "to-last": "2026-01-01"}, "last"),
        ({"to-what": "approve"}, "what"),
    ],
)
def test_a_change_that_is_not_whole_is_asked_for_again(characters, client_of, topics, typed, field):
    pool_of(1, topic=topics[0])
    answer = client_of(characters.editor).get(reverse("exams:question_bulk"), {"scope": "all", **typed})
    assert field in answer.context["form"].errors
    assert "plan" not in answer.context


def test_nothing_ticked_changes_nothing(characters, client_of, topics):
    answer = client_of(characters.editor).get(reverse("exams:question_bulk"), {"scope": "ticked"}, follow=True)
    assert "还没有选题" in answer.text


def test_a_plan_that_was_tampered_with_is_refused(characters, client_of, topics):
    answer = client_of(characters.editor).post(reverse("exams:question_bulk_apply"), {"plan": "x:y:z"}, follow=True)
    assert "什么都没有改" in answer.text
    assert BulkEdit.objects.count() == 0


def test_results_of_others_are_not_found(characters, client_of, topics):
    QuestionFactory(topic=topics[0])
    edit, _result = run(Change("difficulty", 1), selection_of(Filters()))
    address = reverse("exams:question_bulk_result", args=[edit.job_id])
    assert client_of(characters.editor).get(address).status_code == 404
    assert client_of(characters.administrator).get(address).status_code == 302
