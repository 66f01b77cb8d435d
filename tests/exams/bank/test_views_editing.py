"""Writing, revising and reviewing questions of every type through their pages."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.bank import actions
from exams.bank.bodies import TYPES, Choice, options_from, stored
from exams.bank.models import CognitiveLevel, Question, QuestionPicture, QuestionStatus, QuestionVersion
from tests.exams.bank.posting import WRITTEN, kept_picture, picture_bytes, typed
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db
NEW = "exams:question_new"


@pytest.fixture
def editor(characters, client_of):
    return client_of(characters.editor)


@pytest.fixture
def reviewer(characters, client_of):
    return client_of(characters.reviewer)


@pytest.fixture
def write(editor, topics, characters):
    """Post a new question of a type; returns the answer."""

    def post(type_, **changes):
        picture = kept_picture(characters.editor).digest if type_ == "hotspot" else ""
        return editor.post(reverse(NEW), typed(type_, topics[0], picture=picture, **changes))

    return post


def written(content, filing, author):
    question = actions.create_question(content=content, filing=filing, clause_ids=[], by=author, now=NOW)
    actions.submit_for_review(question=question, by=author, now=NOW)
    return question


def test_a_new_question_begins_with_its_type(editor):
    page = editor.get(reverse(NEW))
    assert [card.type for card in page.context["cards"]] == list(TYPES)
    assert all(f'href="?type={type_}"' in page.text for type_ in TYPES)
    assert "cards" in editor.get(reverse(NEW), {"type": "riddle"}).context


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_has_its_form(editor, type_):
    page = editor.get(reverse(NEW), {"type": type_})
    assert page.context["form"].type == type_
    assert page.context["with_problems"] is False
    assert f'<input type="hidden" name="type" value="{type_}">' in page.text


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_written_reviewed_and_approved(write, reviewer, topics, clauses, characters, type_):
    answer = write(type_, clauses=[clauses["gm10-13-02"].pk], submit="1")
    question = Question.objects.get()
    assert answer.url == reverse("exams:question_review", args=[question.pk])
    version, body = question.current, WRITTEN[type_][2]
    assert (question.status, question.author, question.topic) == (QuestionStatus.REVIEW, characters.editor, topics[0])
    assert (question.difficulty, question.cognitive) == (2, CognitiveLevel.APPLY)
    assert (version.type, version.stem, (version.options, version.key)) == (type_, WRITTEN[type_][0], stored(body))
    assert list(version.clauses.all()) == [clauses["gm10-13-02"]]
    page = reviewer.get(answer.url)
    assert page.context["may_approve"] is True
    decision = {"decision": "approve", "version": version.pk}
    reviewer.post(reverse("exams:question_decide", args=[question.pk]), decision)
    question.refresh_from_db()
    assert (question.status, question.reviewer) == (QuestionStatus.PUBLISHED, characters.reviewer)


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_revised_and_its_ids_stay(write, editor, type_):
    write(type_, submit="1")
    question = Question.objects.get()
    address = reverse("exams:question_edit", args=[question.pk])
    form = editor.get(address).context["form"]
    assert form.editor.body() == WRITTEN[type_][2]
    assert form["stem"].value() == WRITTEN[type_][0]
    changed = typed(
        type_,
        question.topic,
        explanation="说得更清楚。",
        version=question.current_id,
        picture=form.picture_digest,
    )
    answer = editor.post(address, changed)
    assert answer.status_code == 302
    first, second = QuestionVersion.objects.order_by("number")
    assert (second.options, second.key, second.picture) == (first.options, first.key, first.picture)
    assert (second.explanation, second.number) == ("说得更清楚。", 2)
    page = editor.get(answer.url)
    assert [[change.name for change in kept.changes or []] for kept in page.context["versions"]] == [["解析"], []]


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("multiple", ["通风", "检测", "吃饭"]),
        ("true_false", ["对", "错"]),
        ("fill_in", ["先通风", "19.5 到 23.5 之间"]),
        ("ordering", ["通风", "检测", "作业"]),
        ("matching", ["有限空间票", "干扰项", "饭票"]),
        ("hotspot", ["没有护栏", "电线破皮", "通道堵塞", 'class="ring"', "2%"]),
        ("short_answer", ["先通风", "权重 2"]),
        ("case", ["第 2 小题", "20.9，上下差 0.5 以内", "不离开洞口"]),
    ],
)
def test_the_review_page_shows_the_key_of_every_type(write, reviewer, type_, words):
    page = reviewer.get(write(type_, submit="1").url)
    assert [word for word in words if word not in page.text] == []


def test_a_draft_stays_with_its_author_until_it_is_submitted(write):
    write("true_false", draft="1")
    question = Question.objects.get()
    assert (question.status, question.current.key) == (QuestionStatus.DRAFT, ["false"])


@pytest.mark.parametrize(
    ("type_", "changes", "field", "words"),
    [
        ("single", {"stem": " "}, "stem", "题干为空"),
        ("single", {"topic": ""}, "topic", "请选择知识点"),
        ("single", {"points": "0"}, "points", "分值要大于 0"),
        ("single", {"points": "x"}, "points", "数字"),
        ("single", {"effective_from": "2026-02-01", "effective_to": "2026-01-01"}, "effective_to", "早于"),
        ("fill_in", {"stem": "没有空。"}, "stem", "题干里有 0 个空，答案写了 2 行"),
        ("single", {"cognitive": "guess"}, "cognitive", "guess"),
    ],
)
def test_mistakes_are_shown_beside_their_field_and_nothing_is_lost(write, type_, changes, field, words):
    answer = write(type_, explanation="写了很久的解析", **changes)
    errors = answer.context["form"].errors
    assert any(words in error for error in errors[field]), errors
    assert "写了很久的解析" in answer.text
    assert "还没有保存" in answer.text
    assert Question.objects.count() == 0


def test_all_problems_are_told_at_once(write):
    answer = write("case", **{"part-2-key": [], "part-1-stem": "", "topic": "", "part-5-point-1-text": ""})
    for words in ("请选择知识点", "题干为空", "答案为空：请勾选正确的一项", "至少写一条要点", "还没有保存"):
        assert words in answer.text
    assert "20.9±0.5" in answer.text


def test_a_hotspot_without_picture_is_refused_beside_the_picture(editor, topics):
    answer = editor.post(reverse(NEW), typed("hotspot", topics[0]))
    assert "请先上传" in answer.context["form"].errors["picture_file"][0]
    made_up = editor.post(reverse(NEW), typed("hotspot", topics[0], picture="a" * 64))
    assert "请先上传" in made_up.context["form"].errors["picture_file"][0]


def test_the_picture_of_a_form_with_mistakes_is_kept(editor, topics):
    file = SimpleUploadedFile("池边.jpg", picture_bytes())
    form = typed("hotspot", topics[0], **{"region-1-label": "", "picture_file": file})
    answer = editor.post(reverse(NEW), form)
    row = QuestionPicture.objects.get()
    assert f'name="picture" value="{row.digest}"' in answer.text
    assert reverse("exams:question_picture", args=[row.digest]) in answer.text
    editor.post(reverse(NEW), typed("hotspot", topics[0], picture=row.digest, picture_alt="池边"))
    version = QuestionVersion.objects.get()
    assert (version.picture, version.picture_alt) == (row, "池边")


def test_a_file_that_is_no_picture_is_refused_beside_its_field(editor, topics):
    file = SimpleUploadedFile("池边.png", b"<script>alert(1)</script>", content_type="image/png")
    answer = editor.post(reverse(NEW), typed("single", topics[0], picture_file=file))
    assert "不是完整的 JPEG、PNG 或 WebP 图片" in answer.context["form"].errors["picture_file"][0]
    assert (Question.objects.count(), QuestionPicture.objects.count()) == (0, 0)


def test_any_type_may_have_a_picture_and_lose_it_again(editor, topics, characters):
    row = kept_picture(characters.editor)
    editor.post(reverse(NEW), typed("single", topics[0], picture=row.digest))
    question = Question.objects.get()
    assert question.current.picture == row
    address = reverse("exams:question_edit", args=[question.pk])
    page = editor.post(
        address,
        typed("single", topics[0], picture=row.digest, version=question.current_id, act="picture:remove"),
    )
    assert page.context["picture"] is None
    assert 'name="picture" value=""' in page.text
    editor.post(address, typed("single", topics[0], version=question.current_id))
    assert QuestionVersion.objects.get(number=2).picture is None


@pytest.mark.parametrize(
    ("type_", "act", "name", "tokens"),
    [
        ("single", "option:add", "option", ["1", "2", "3", "4"]),
        ("single", "option:remove:1", "option", ["2", "3"]),
        ("ordering", "step:up:3", "step", ["1", "3", "2"]),
        ("matching", "lure:add", "lure", ["1", "2", "3"]),
        ("hotspot", "region:add:polygon", "region", ["1", "2", "3", "4"]),
        ("case", "part:add:matching", "part", ["2", "1", "5", "6"]),
        ("case", "part:add:case", "part", ["2", "1", "5"]),
        ("case", "part:down:2", "part", ["1", "2", "5"]),
        ("case", "part-2-option:down:1", "part-2-option", ["2", "1"]),
        ("single", "nothing:add", "option", ["1", "2", "3"]),
    ],
)
def test_without_script_the_buttons_of_a_row_do_their_work_and_save_nothing(write, type_, act, name, tokens):
    answer = write(type_, act=act, stem="")
    rows = next(found for found in answer.context["editor"].sets() if found.name == name)
    assert [row.token for row in rows] == tokens
    assert answer.context["with_problems"] is False
    assert "先通风。" in answer.text
    assert Question.objects.count() == 0


def test_single_becomes_multiple_without_losing_anything(write, editor, topics):
    answer = write("single", retype="multiple")
    assert answer.context["form"].type == "multiple"
    assert 'type="checkbox" name="key" value="2" checked' in answer.text
    write("single")
    question = Question.objects.get()
    address = reverse("exams:question_edit", args=[question.pk])
    page = editor.post(address, typed("single", topics[0], version=question.current_id, retype="case"))
    assert page.context["form"].type == "single"
    editor.post(address, typed("multiple", topics[0], version=question.current_id))
    question.refresh_from_db()
    assert (question.type, question.current.type) == ("multiple", "multiple")


def test_same_question_twice_is_refused_with_the_code_of_the_first(write):
    write("single")
    answer = write("single", stem="进池前 先做什么?")
    assert "Q000001" in answer.context["form"].errors["stem"][0]


def test_edit_of_an_outdated_version_is_refused_and_kept_on_the_page(write, editor, topics):
    write("single")
    question = Question.objects.get()
    answer = editor.post(
        reverse("exams:question_edit", args=[question.pk]),
        typed("single", topics[0], stem="改过的题干", version=question.current_id + 1),
    )
    assert "没有保存" in answer.text
    assert "改过的题干" in answer.text
    assert Question.objects.get().current.number == 1


def test_the_preview_shows_both_sides_and_writes_nothing(editor, topics):
    address = reverse("exams:question_preview")
    answer = editor.post(address, typed("fill_in", topics[0], explanation="因为"))
    candidate, key = answer.text.split("成绩页上的答案和解析")
    assert "q-blank" in candidate
    assert "19.5" not in candidate
    assert "19.5 到 23.5 之间" in key
    assert "因为" in key
    assert Question.objects.count() == 0
    assert editor.post(address, {"type": "riddle"}).status_code == 400
    assert editor.get(address).status_code == 405


@pytest.mark.parametrize("type_", TYPES)
def test_the_preview_of_nothing_yet_is_no_failure(editor, type_):
    assert editor.post(reverse("exams:question_preview"), {"type": type_}).status_code == 200


@pytest.mark.parametrize("type_", ["single", "ordering", "matching", "short_answer", "hotspot", "case"])
def test_the_candidates_side_never_tells_the_key(write, reviewer, type_):
    page = reviewer.get(write(type_, submit="1").url)
    side = page.text.split("考生在手机上看到的样子")[1].split("</details>")[0]
    assert "option-right" not in side
    secrets = {
        "hotspot": ["没有护栏", "<rect", "<ellipse"],
        "short_answer": ["有人监护"],
        "case": ["不离开洞口", "20.9"],
    }
    assert [text for text in secrets.get(type_, []) if text in side] == []


def test_hostile_text_is_shown_as_text(write, reviewer):
    page = reviewer.get(write("single", **{"option-1-text": "<img src=x onerror=alert(1)>", "submit": "1"}).url)
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text


def test_the_history_tells_word_by_word_what_changed_and_who_did_what(characters, reviewer, client_of, content, filing):
    question = written(content, filing, characters.editor)
    actions.return_question(
        question=question, version_id=question.current_id, reason="第三项太假", by=characters.reviewer, now=NOW
    )
    body = Choice(options_from(["先下人看", "先通风", "先打电话"]), ("o2",))
    actions.revise_question(
        question=question,
        content=replace(content, stem="进入污水池清淤前，第一步应当做什么？", body=body),
        filing=filing,
        clause_ids=[],
        expected_version_id=question.current_id,
        by=characters.editor,
        now=NOW,
    )
    page = reviewer.get(reverse("exams:question_review", args=[question.pk]))
    newest = page.context["versions"][0]
    assert [change.name for change in newest.changes] == ["题干", "选项"]
    assert [(run.kind, run.text) for run in newest.changes[0].lines[0]] == [
        ("same", "进入污水池清淤前，第一步"),
        ("added", "应当"),
        ("same", "做什么？"),
    ]
    assert "应当</ins>" in page.text
    steps = [(step.label, step.name, step.reason) for step in page.context["steps"]]
    assert steps == [
        ("写下新的一版", characters.editor.name, ""),
        ("退回修改", characters.reviewer.name, "第三项太假"),
        ("提交审核", characters.editor.name, ""),
        ("写下第 1 版", characters.editor.name, ""),
    ]


def test_pages_cost_the_same_for_one_version_and_three(characters, editor, content, filing):
    question = written(content, filing, characters.editor)
    pages = [reverse(f"exams:{name}", args=[question.pk]) for name in ("question_review", "question_edit")]
    counts = []
    for number in (1, 2, 3):
        if number > 1:
            actions.revise_question(
                question=question,
                content=replace(content, stem=f"第 {number} 次写"),
                filing=filing,
                clause_ids=[],
                expected_version_id=question.current_id,
                by=characters.editor,
                now=NOW,
            )
        for page in pages:
            editor.get(page)
        counts.append([])
        for page in pages:
            with CaptureQueriesContext(connection) as done:
                assert editor.get(page).status_code == 200
            counts[-1].append(len(done))
    assert counts[0] == counts[2]
    assert counts[0][0] <= 14
    assert counts[0][1] <= 16
