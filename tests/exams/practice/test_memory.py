"""The days on which a question comes back agree with the published figures of FSRS-6."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from exams.practice.memory import after_answer
from tests.factories.exams import NOW

# The default parameters of FSRS-6 (open-spaced-repetition/awesome-fsrs, The Algorithm): w0 is the stability after a
# first Again, w2 after a first Good, w4 and w5 make the first difficulty: w4 − e^(w5·(G − 1)) + 1.
FIRST_AGAIN, FIRST_GOOD = 0.212, 2.3065


def test_a_first_right_answer_comes_back_after_two_days_a_wrong_one_tomorrow():
    good, again = after_answer(None, right=True, now=NOW), after_answer(None, right=False, now=NOW)
    assert (good.stability, again.stability) == (FIRST_GOOD, FIRST_AGAIN)
    assert (round(good.difficulty, 4), round(again.difficulty, 4)) == (2.1181, 6.4133)
    assert good.due_at == NOW + timedelta(days=2)
    assert again.due_at == NOW + timedelta(days=1)


def test_right_answers_on_their_days_lie_further_and_further_apart_and_a_wrong_one_brings_it_back():
    memory, gaps = None, []
    now = NOW
    for _ in range(5):
        memory = after_answer(memory, right=True, now=now)
        gaps.append((memory.due_at - now).days)
        now = memory.due_at
    assert gaps == sorted(set(gaps))
    assert gaps[0] == 2
    lost = after_answer(memory, right=False, now=now)
    assert lost.difficulty > memory.difficulty
    assert (lost.due_at - now).days < gaps[-1] / 4


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), min_size=1, max_size=12))
def test_whatever_is_answered_when_the_question_comes_back_on_a_later_day(history):
    memory, now = None, NOW
    for right, days in history:
        now += timedelta(days=days, minutes=1)
        memory = after_answer(memory, right=right, now=now)
        assert memory.due_at >= now + timedelta(days=1)
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10
        assert memory.reviewed_at == now
