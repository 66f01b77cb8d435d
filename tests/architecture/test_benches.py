"""What benchmarks are made from still fits the product: their data are made here, small; figures are never asserted."""

import pytest

from exams.attempts.models import Attempt
from exams.bank.models import Question
from tests.bench import live_board, question_bank
from tests.bench._question_bank_data import fill_bank

pytestmark = pytest.mark.django_db


def test_the_bank_of_the_bench_is_filled():
    fill_bank(40)
    assert Question.objects.count() == 40


def test_planted_near_duplicates_are_found():
    found = question_bank.measure_twins(200)["twins"]
    assert found["found"] >= found["planted"] == 10


def test_the_room_of_the_live_board_is_filled():
    exam = live_board.room(2)
    assert Attempt.objects.filter(exam=exam, status="writing").count() == 2
