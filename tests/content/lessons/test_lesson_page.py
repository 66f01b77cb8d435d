"""Lessons are read in the course player; blocks never give the key away."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory

from content.blocks import CheckpointBlock
from content.lessons.models import LessonPage
from tests.factories.content import ClausePageFactory, CoursePageFactory, LessonPageFactory, clause_block, text_block

pytestmark = pytest.mark.django_db


def test_a_lesson_sends_its_readers_to_the_course_player(client: Client) -> None:
    course = CoursePageFactory(code="cs")
    lesson = LessonPageFactory(parent=course, code="cs-01")
    response = client.get(lesson.url)
    assert response.status_code == 302
    assert response["Location"] == "/learn/cs/cs-01/" or "cs-01" in response["Location"]


def test_no_block_renders_the_key() -> None:
    lesson = LessonPage.objects.get(pk=LessonPageFactory().pk)
    shown = "".join(str(block) for block in lesson.body)
    assert "重新检测" in shown
    assert "解析只有答题之后才看得到" not in shown
    assert "answer" not in shown


def test_the_same_markup_whatever_the_answer() -> None:
    block, question = CheckpointBlock(), {"question": "问", "options": ["甲", "乙"]}
    first, second = (block.render(block.to_python(question | {"answer": answer})) for answer in (0, 1))
    assert first == second


def test_the_body_is_read_by_structure() -> None:
    lesson = LessonPage.objects.get(pk=LessonPageFactory(code="les-1").pk)
    block = next(block for block in lesson.body if block.block_type == "checkpoint")
    assert (block.id, block.value["answer"], list(block.value["options"])) == (
        "les-1-q1",
        1,
        ["直接下池", "重新检测", "闻一闻"],
    )


def test_an_answer_beyond_the_options_is_refused() -> None:
    block = CheckpointBlock()
    value = block.to_python({"question": "问", "options": ["甲", "乙"], "answer": 2, "explanation": "解"})
    with pytest.raises(ValidationError):
        block.clean(value)


@pytest.mark.parametrize("number", [1, 3])
def test_the_clauses_of_a_lesson_come_with_their_versions_in_two_queries(counted, number: int) -> None:
    section = ClausePageFactory().get_parent()
    clauses = []
    for _ in range(number):
        section.refresh_from_db()
        clauses.append(ClausePageFactory(parent=section.specific))
    pk = LessonPageFactory(body=[clause_block(clause) for clause in clauses]).pk
    lesson = LessonPage.objects.get(pk=pk)
    assert counted(lambda: [block.value.effective_from for block in lesson.body]) == 2


@pytest.mark.parametrize("change", [{"minutes": 0}, {"kind": LessonPage.Kind.VIDEO, "video_seconds": 0}])
def test_the_database_refuses_lessons_without_a_length(change: dict[str, object]) -> None:
    lesson = LessonPageFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonPage.objects.filter(pk=lesson.pk).update(**change)


def test_blocks_stay_out_of_migrations() -> None:
    name, path, args, kwargs = LessonPage._meta.get_field("body").deconstruct()
    assert (name, path, args) == ("body", "content.library.streams.BlockField", [[]])
    assert "block_lookup" not in kwargs


def test_the_preview_shows_a_lesson_and_may_be_framed_by_the_editing_place(client: Client) -> None:
    lesson = LessonPageFactory(body=[text_block("**先**通风")])
    response = lesson.make_preview_request(RequestFactory().get("/"))
    assert response.status_code == 200
    assert "<strong>先</strong>通风" in response.content.decode()
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_pages_themselves_may_not_be_framed(client: Client) -> None:
    course = CoursePageFactory()
    assert "frame-ancestors 'none'" in client.get(course.url)["Content-Security-Policy"]


def test_stored_bodies_survive_a_round_trip() -> None:
    lesson = LessonPage.objects.get(pk=LessonPageFactory(code="les-1").pk)
    lesson.save()
    raw = json.loads(json.dumps(list(LessonPage.objects.get(pk=lesson.pk).body.raw_data)))
    assert [block["type"] for block in raw] == ["text", "checkpoint"]
