"""Pages of the bank: who may enter, what they do, what they cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.bank import actions
from exams.bank.models import Question, QuestionImport, QuestionStatus
from exams.bank.sheet import HEADER
from tests.factories.exams import NOW, pool_of

ROW = "单选题,第一步做什么？,先下人,先通风,,,,,B,先通风。,2,2,有限空间作业,,gm10-13-02"


def typed(topic, **changes):
    """A filled-in question form."""
    return {
        "type": "single",
        "topic": topic.pk,
        "stem": "进池前先做什么？",
        "option_1": "先下人",
        "option_2": "先通风",
        "key": ["o2"],
        "explanation": "先通风。",
        "difficulty": 2,
        "points": "2",
        **changes,
    }


def written(content, filing, author):
    question = actions.create_question(content=content, filing=filing, clause_ids=[], by=author, now=NOW)
    actions.submit_for_review(question=question, by=author, now=NOW)
    return question


@pytest.mark.parametrize("name", ["question_list", "question_new", "question_import", "question_template"])
def test_bank_is_open_to_its_keepers_only(characters, client_of, name):
    allowed = {
        part
        for part, person in characters.everybody.items()
        if client_of(person).get(reverse(f"exams:{name}")).status_code == 200
    }
    assert allowed == {"editor", "reviewer", "administrator"}


def test_strangers_are_sent_to_sign_in(client, db):
    assert client.get(reverse("exams:question_list")).status_code == 302


def test_editor_writes_a_question_and_submits_it(characters, client_of, topics, clauses):
    client = client_of(characters.editor)
    answer = client.post(
        reverse("exams:question_new"), typed(topics[0], clauses=[clauses["gm10-13-02"].pk], submit="1")
    )
    question = Question.objects.get()
    assert answer.url == reverse("exams:question_review", args=[question.pk])
    assert (question.status, question.author) == (QuestionStatus.REVIEW, characters.editor)
    assert question.current.key == ["o2"]
    assert list(question.current.clauses.all()) == [clauses["gm10-13-02"]]


def test_true_false_question_needs_no_options(characters, client_of, topics):
    client = client_of(characters.editor)
    form = typed(topics[0], type="true_false", truth="false", key=[], option_1="", option_2="", draft="1")
    client.post(reverse("exams:question_new"), form)
    question = Question.objects.get()
    assert (question.status, question.current.key) == (QuestionStatus.DRAFT, ["false"])
    assert [option["id"] for option in question.current.options] == ["true", "false"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"key": []}, "key", "答案为空"),
        ({"key": ["o1", "o2"]}, "key", "单选题只选一项"),
        ({"key": ["o3"]}, "key", "答案超出选项"),
        ({"option_2": ""}, "option_1", "选项不足两个"),
        ({"option_3": "先下人。"}, "option_3", "选项重复"),
        ({"option_2": "", "option_3": "先通风", "key": ["o3"]}, "option_2", "选项中间有空"),
        ({"type": "true_false"}, "truth", "答案为空"),
    ],
)
def test_mistakes_are_shown_beside_their_field_and_nothing_is_lost(
    characters, client_of, topics, changes, field, words
):
    answer = client_of(characters.editor).post(reverse("exams:question_new"), typed(topics[0], **changes))
    assert any(words in error for error in answer.context["form"].errors[field])
    assert "进池前先做什么？" in answer.text
    assert Question.objects.count() == 0


def test_same_question_twice_is_refused_with_the_code_of_the_first(characters, client_of, topics):
    client = client_of(characters.editor)
    client.post(reverse("exams:question_new"), typed(topics[0]))
    answer = client.post(reverse("exams:question_new"), typed(topics[0], stem="进池前 先做什么?"))
    assert "Q000001" in answer.context["form"].errors["stem"][0]


def test_editing_writes_a_new_version(characters, client_of, content, filing, topics):
    question = written(content, filing, characters.editor)
    client = client_of(characters.editor)
    page = client.get(reverse("exams:question_edit", args=[question.pk]))
    assert page.context["form"]["stem"].value() == content.stem
    client.post(reverse("exams:question_edit", args=[question.pk]), typed(topics[1], version=question.current_id))
    question.refresh_from_db()
    assert (question.current.number, question.current.stem, question.topic) == (2, "进池前先做什么？", topics[1])


def test_edit_of_an_outdated_version_is_refused_and_kept_on_the_page(characters, client_of, content, filing, topics):
    question = written(content, filing, characters.editor)
    answer = client_of(characters.editor).post(
        reverse("exams:question_edit", args=[question.pk]), typed(topics[0], version=question.current_id + 1)
    )
    assert "没有保存" in answer.text
    assert "进池前先做什么？" in answer.text
    assert Question.objects.get().current.number == 1


def test_reviewer_approves_and_editor_cannot(characters, client_of, content, filing):
    question = written(content, filing, characters.editor)
    decision = {"decision": "approve", "version": question.current_id}
    address = reverse("exams:question_decide", args=[question.pk])
    assert client_of(characters.editor).post(address, decision).status_code == 403
    client_of(characters.reviewer).post(address, decision)
    question.refresh_from_db()
    assert (question.status, question.reviewer) == (QuestionStatus.PUBLISHED, characters.reviewer)


def test_decision_leads_to_the_next_question_that_waits(characters, client_of, content, filing, other_wording):
    first = written(content, filing, characters.editor)
    written(other_wording("审题人自己写的"), filing, characters.reviewer)
    third = written(other_wording("第三题"), filing, characters.editor)
    client = client_of(characters.reviewer)
    pages = [
        client.post(
            reverse("exams:question_decide", args=[question.pk]),
            {"decision": "approve", "version": question.current_id},
        ).url
        for question in (first, third)
    ]
    assert pages == [reverse("exams:question_review", args=[third.pk]), reverse("exams:question_list")]


def test_reviewer_does_not_see_the_button_for_the_own_question(characters, client_of, content, filing):
    question = written(content, filing, characters.reviewer)
    client = client_of(characters.reviewer)
    assert client.get(reverse("exams:question_review", args=[question.pk])).context["may_approve"] is False
    client.post(
        reverse("exams:question_decide", args=[question.pk]),
        {"decision": "approve", "version": question.current_id},
    )
    question.refresh_from_db()
    assert question.status == QuestionStatus.REVIEW


def test_returned_question_shows_its_reason(characters, client_of, content, filing):
    question = written(content, filing, characters.editor)
    client_of(characters.reviewer).post(
        reverse("exams:question_decide", args=[question.pk]),
        {"decision": "return", "version": question.current_id, "reason": "两个选项都说得通"},
    )
    page = client_of(characters.editor).get(reverse("exams:question_review", args=[question.pk]))
    assert "两个选项都说得通" in page.text


def test_upload_is_checked_and_leads_to_its_dry_run(
    characters, client_of, topics, clauses, django_capture_on_commit_callbacks
):
    client = client_of(characters.editor)
    body = "\n".join([",".join(HEADER), ROW, ROW.replace("B,先通风", ",先通风")]).encode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("exams:question_import"), {"file": SimpleUploadedFile("题库.csv", body)})
    source = QuestionImport.objects.get()
    assert answer.url == reverse("jobs:job", args=[source.job_id])
    result = client.get(answer.url, follow=True)
    assert result.request["PATH_INFO"] == reverse("exams:question_import_result", args=[source.pk])
    assert "2 题里有 1 题可以导入" in result.text
    assert "答案为空" in result.text
    assert Question.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("exams:question_import_apply", args=[source.pk]))
    assert Question.objects.get().status == QuestionStatus.REVIEW
    assert "已导入 1 道题" in client.get(reverse("exams:question_import_result", args=[source.pk])).text


def test_imports_of_others_are_not_found(characters, client_of, db):
    source = QuestionImport.objects.create(name="题库.xlsx", owner=characters.editor, created_at=NOW, status="checked")
    client = client_of(characters.reviewer)
    for address in (
        reverse("exams:question_import_result", args=[source.pk]),
        reverse("exams:question_import_apply", args=[source.pk]),
    ):
        assert client.post(address).status_code == 404


def test_list_costs_the_same_for_one_row_and_three(characters, client_of, topics, clauses):
    client = client_of(characters.editor)
    counts = []
    for more in (1, 2):
        pool_of(more, topic=topics[0], tested=clauses["gm10-13-01"])
        client.get(reverse("exams:question_list"))
        with CaptureQueriesContext(connection) as done:
            assert client.get(reverse("exams:question_list")).status_code == 200
        counts.append(len(done))
    assert counts[0] == counts[1] <= 14
