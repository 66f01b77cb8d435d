"""Statements by hand store and read what the ORM would."""

from decimal import Decimal

import pytest
from django.db import connection

from exams.attempts import actions
from exams.attempts.models import Answer, AnswerEvent, Attempt
from exams.attempts.packets import packet_of
from exams.attempts.statements import insert_rows, prepared, rows_with, update_row, whole_row
from exams.papers.models import Exam
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db


def values_of(row):
    """Every column as Python sees it."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def plain(value):
    """What a driver's wrapper holds: PostgreSQL's for JSON are equal only to themselves."""
    return getattr(value, "obj", value)


@pytest.fixture
def handed_in(attempt):
    """An attempt whose columns all hold something."""
    changes = [{"number": n, "position": n, "response": ["o2"]} for n in (1, 2)]
    packet = packet_of({"client": 1, "changes": changes})
    return actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)


@pytest.mark.parametrize("look_up", ["pk", "key", "receipt"])
def test_a_whole_row_is_the_one_that_the_orm_reads(handed_in, look_up):
    value = getattr(Attempt.objects.get(), look_up)
    assert values_of(whole_row(Attempt, **{look_up: value})) == values_of(Attempt.objects.get())


def test_an_exam_is_read_whole(handed_in):
    assert values_of(whole_row(Exam, pk=handed_in.exam_id)) == values_of(Exam.objects.get())


def test_a_row_that_is_not_there_does_not_exist(db):
    with pytest.raises(Attempt.DoesNotExist):
        whole_row(Attempt, pk=1)


def test_rows_are_read_by_the_values_of_their_fields(handed_in):
    found = rows_with(Answer, ("position", "response", "saved_at", "points"), attempt=handed_in.pk)
    assert sorted(map(tuple, found), key=lambda row: row[0]) == [
        (row.position, row.response, row.saved_at, row.points)
        for row in Answer.objects.filter(attempt=handed_in).order_by("position")
    ]


@pytest.mark.parametrize("model", [Attempt, Answer, AnswerEvent])
def test_values_are_prepared_as_the_orm_does(handed_in, model):
    rows = list(model.objects.all()) * 2  # so that values repeat
    fields = model._meta.concrete_fields
    done = prepared(
        model, [f.name for f in fields], [[getattr(row, field.attname) for field in fields] for row in rows]
    )
    for field, column in zip(fields, done, strict=True):
        expected = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
        assert list(map(plain, column)) == list(map(plain, expected)), field.name


def test_updating_writes_the_named_fields_only(handed_in):
    row = whole_row(Attempt, pk=handed_in.pk)
    row.score, row.news = Decimal("1.50"), 7
    update_row(row, ("score",))
    again = Attempt.objects.get()
    assert (again.score, again.news) == (Decimal("1.50"), 0)


def test_inserting_nothing_does_nothing(django_assert_num_queries, attempt):
    with django_assert_num_queries(0):
        insert_rows(Answer, ("attempt", "position"), [])
