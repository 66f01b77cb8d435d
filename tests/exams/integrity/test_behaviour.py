"""Response times, effort and revisions: definitions as published, figures that can be worked out by hand."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.integrity.behaviour import (
    Comparison,
    Effort,
    Move,
    Rules,
    Spread,
    Turn,
    Turning,
    effort,
    item_times,
    revisions,
    slow_items,
    thresholds,
    upper_tail,
)

SMALL = Rules(min_attempts=2)


# --- times ---------------------------------------------------------------------------------------


def test_time_on_a_question_is_the_wait_before_each_of_its_changes():
    moves = [Move(1, 110), Move(2, 130), Move(1, 135), Move(3, 195)]
    assert item_times(100, moves) == {1: 15, 2: 20, 3: 60}


def test_changes_that_came_in_one_packet_have_no_time_of_their_own():
    moves = [Move(1, 110), Move(2, 400), Move(3, 400), Move(4, 420)]
    assert item_times(100, moves) == {1: 10, 4: 20}


def test_a_wait_with_a_stopped_clock_or_another_device_in_it_says_nothing():
    moves = [Move(1, 110), Move(2, 710), Move(3, 730)]
    assert item_times(100, moves, breaks=[300]) == {1: 10, 3: 20}


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 500)), max_size=30))
def test_times_never_add_up_to_more_than_the_sitting(moves):
    times = item_times(0, [Move(*move) for move in moves])
    assert sum(times.values()) <= max((at for _, at in moves), default=0)
    assert all(seconds >= 0 for seconds in times.values())


# --- NT10 and response-time effort ---------------------------------------------------------------


def test_the_threshold_is_a_tenth_of_the_mean_and_at_most_ten_seconds():
    # Wise & Ma (2012): 10 % of the mean time; a question that takes 40 s on average has 4 s, from 100 s on it is 10 s.
    collected = {1: [30, 40, 50], 2: [100, 100, 100], 3: [200, 240, 280]}
    assert thresholds(collected, SMALL) == {1: 4.0, 2: 10.0, 3: 10.0}


def test_a_question_that_few_have_answered_has_no_threshold():
    assert thresholds({1: [30] * 19, 2: [30] * 20}, Rules()) == {2: 3.0}


def test_effort_is_the_share_of_questions_that_were_not_rapid_guesses():
    # Wise & Kong (2005): solution behaviour counts 1, rapid guessing 0; the index is their mean.
    limits = dict.fromkeys(range(20), 4.0)
    times = {item: 3.9 if item < 3 else 4.0 for item in range(20)}
    assert effort(times, limits) == Effort(rapid=3, timed=20)
    assert effort(times, limits).share == 0.85
    assert effort({}, limits).share is None


# --- too slow ------------------------------------------------------------------------------------


def test_one_s_own_time_is_taken_out_of_what_it_is_held_against():
    seconds = [math.e, math.e**2, math.e**3, math.e**9]
    # The others: logarithms 1, 2, 3 – mean 2, standard deviation 1.
    assert Spread.of(seconds).z(seconds[-1]) == pytest.approx(7.0)
    assert Spread.of([5.0, 5.0, 5.0, 9.0]).z(9.0) is None
    assert Spread.of([5.0, 9.0]).z(9.0) is None


def test_slow_questions_are_counted():
    spreads = {item: Spread.of([10, 12, 9, 11, 300]) for item in (1, 2, 3)}
    assert slow_items({1: 300, 2: 300, 3: 11}, spreads, SMALL) == 2
    assert slow_items({1: 300, 2: 300}, spreads, Rules()) == 0


# --- revisions -----------------------------------------------------------------------------------


def test_the_tail_of_unlike_trials_is_exact():
    assert upper_tail([0.1, 0.2, 0.3], 0) == 1.0
    assert upper_tail([0.1, 0.2, 0.3], 1) == pytest.approx(1 - 0.9 * 0.8 * 0.7)
    assert upper_tail([0.1, 0.2, 0.3], 3) == pytest.approx(0.1 * 0.2 * 0.3)
    assert upper_tail([0.1], 2) == 0.0


def test_like_trials_give_the_binomial_tail():
    expected = sum(math.comb(20, k) * 0.3**k * 0.7 ** (20 - k) for k in range(9, 21))
    assert upper_tail([0.3] * 20, 9) == pytest.approx(expected, rel=1e-12)


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 7))
def test_the_tail_is_the_sum_over_all_outcomes(rates, least):
    total = 0.0
    for size in range(least, len(rates) + 1):
        for chosen in combinations(range(len(rates)), size):
            total += math.prod(rate if place in chosen else 1 - rate for place, rate in enumerate(rates))
    assert upper_tail(rates, least) == pytest.approx(min(1.0, total), abs=1e-9)


def turns(*, wrong: int, turned: int, first: int = 0) -> list[Turn]:
    """So many first wrong answers, of which so many became right."""
    return [Turn(first + place, False, place < turned) for place in range(wrong)]


def test_expectation_comes_from_the_others_and_not_from_oneself():
    everybody = [turns(wrong=10, turned=1) for _ in range(30)]
    mine = turns(wrong=10, turned=9)
    found = revisions(mine, Turning.of([*everybody, mine]))
    # Question 0 was turned by all others, 1–9 by nobody; the exam's average is 0.1.
    assert found.turned == 9
    assert found.first_wrong == 10
    assert found.expected == pytest.approx((30 + 0.4) / 34 + 9 * 0.4 / 34)
    assert found.chance < 1e-6


def test_turning_as_much_as_the_others_do_is_nothing_special():
    everybody = [turns(wrong=10, turned=5) for _ in range(30)]
    assert revisions(everybody[0], Turning.of(everybody)).chance > 0.3


# --- together ------------------------------------------------------------------------------------


def test_nothing_stands_out_where_too_few_can_be_compared():
    times = [{1: 0.1}] * 19
    comparison = Comparison.of(times, [[]] * 19, Rules())
    assert comparison.read(times[0], []).traits == ()


def test_one_who_guesses_and_one_who_turns_stand_out_among_the_others():
    honest = [{item: 40.0 + person % 7 + item for item in range(20)} for person in range(30)]
    guesser = dict.fromkeys(range(20), 1.0)
    turned = [turns(wrong=6, turned=1) for _ in range(30)]
    reviser = turns(wrong=6, turned=6)
    comparison = Comparison.of([*honest, guesser], [*turned, reviser], Rules())
    assert comparison.read(guesser, turned[0]).traits == ("rapid", "low_effort")
    assert comparison.read(guesser, turned[0]).figures["effort"] == 0.0
    assert comparison.read(honest[0], reviser).traits == ("revisions",)
    assert comparison.read(honest[0], turned[0]).traits == ()
