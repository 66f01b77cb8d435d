"""Pure arithmetic of honest time, and the acceptance bots of the integrity page."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.progress.honesttime import Claim, Clock, Limits, Reason, Verdict, advance, missing, weigh

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LIMITS = Limits(beat=15, most_per_beat=20, idle=180, day=8 * 45 * 60)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def clock(**changes) -> Clock:
    return Clock(**({"last_number": 1, "counted_until": START, "day_credited": 0} | changes))


class Server:
    """Plays the server for one session: keeps the clock between beats."""

    def __init__(self, **changes) -> None:
        self.clock = clock(**({"last_number": 0} | changes))
        self.total = 0

    def beat(self, claim: Claim, seconds: float) -> Verdict:
        verdict = weigh(claim, self.clock, LIMITS, now=after(seconds))
        if not verdict.refused:
            self.clock = clock(
                last_number=claim.number,
                counted_until=verdict.counted_until,
                day_credited=self.clock.day_credited + verdict.credited,
                watched=verdict.watched,
                lengths=self.clock.lengths,
                media_only=self.clock.media_only,
            )
        self.total += verdict.credited
        return verdict


def test_first_beat_earns_nothing() -> None:
    verdict = weigh(Claim(1), clock(last_number=0), LIMITS, now=after(15))
    assert (verdict.reason, verdict.credited, verdict.counted_until) == (Reason.FIRST, 0, after(15))


def test_beat_earns_the_servers_interval() -> None:
    assert weigh(Claim(2), clock(), LIMITS, now=after(15)).credited == 15


def test_fraction_of_a_second_is_carried_to_the_next_beat() -> None:
    server = Server(last_number=1)
    for step in range(1, 41):
        server.beat(Claim(step + 1), step * 15.4)
    assert server.total == int(40 * 15.4)


def test_long_gap_earns_the_most_per_beat_and_the_rest_is_gone() -> None:
    verdict = weigh(Claim(2), clock(), LIMITS, now=after(600))
    assert (verdict.reason, verdict.credited, verdict.counted_until) == (Reason.GAP, 20, after(600))


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim(2, visible=False), Reason.HIDDEN),
        (Claim(2, idle_seconds=181), Reason.IDLE),
        (Claim(2, visible=False, played={"film": [(0, 15)]}), Reason.HIDDEN),
    ],
)
def test_hidden_or_idle_page_earns_nothing_and_its_time_is_gone(claim: Claim, reason: Reason) -> None:
    verdict = weigh(claim, clock(lengths={"film": 60}), LIMITS, now=after(15))
    assert (verdict.reason, verdict.credited, verdict.counted_until) == (reason, 0, after(15))


def test_idle_at_the_limit_still_counts() -> None:
    assert weigh(Claim(2, idle_seconds=180), clock(), LIMITS, now=after(15)).credited == 15


@pytest.mark.parametrize(("number", "reason"), [(1, Reason.REPLAYED), (0, Reason.REPLAYED), (3, Reason.OUT_OF_ORDER)])
def test_wrong_number_earns_nothing_and_changes_nothing(number: int, reason: Reason) -> None:
    verdict = weigh(Claim(number), clock(), LIMITS, now=after(15))
    assert (verdict.reason, verdict.credited, verdict.counted_until) == (reason, 0, START)


def test_beat_that_comes_too_soon_loses_nothing() -> None:
    server = Server(last_number=1)
    assert server.beat(Claim(2), 2).reason == Reason.TOO_SOON
    assert server.beat(Claim(2), 15).credited == 15


def test_server_clock_set_back_never_counts_time_twice() -> None:
    server = Server(last_number=1)
    server.beat(Claim(2), 15)
    server.beat(Claim(3), -100)
    assert server.beat(Claim(3), 30).credited == 15
    assert server.total == 30


def test_day_is_full_at_eight_hours() -> None:
    verdict = weigh(Claim(2), clock(day_credited=LIMITS.day - 4), LIMITS, now=after(15))
    assert (verdict.reason, verdict.credited) == (Reason.DAY_FULL, 4)
    assert weigh(Claim(2), clock(day_credited=LIMITS.day), LIMITS, now=after(15)).credited == 0


def test_complete_lesson_earns_no_more() -> None:
    assert weigh(Claim(2), clock(lesson_done=True), LIMITS, now=after(15)).reason == Reason.LESSON_DONE


FILM = {"film": 90.0}


def test_film_earns_what_was_watched_for_the_first_time() -> None:
    state = clock(lengths=FILM, media_only=True)
    verdict = weigh(Claim(2, played={"film": [(0, 15)]}), state, LIMITS, now=after(15))
    assert (verdict.credited, verdict.watched) == (15, {"film": 15})


def test_watching_again_earns_nothing() -> None:
    state = clock(lengths=FILM, media_only=True, watched={"film": 40.0})
    verdict = weigh(Claim(2, played={"film": [(10, 25)]}), state, LIMITS, now=after(15))
    assert (verdict.reason, verdict.credited, verdict.watched) == (Reason.NOTHING_NEW, 0, {"film": 40.0})


def test_jump_ahead_counts_for_nothing() -> None:
    state = clock(lengths=FILM, media_only=True, watched={"film": 15.0})
    verdict = weigh(Claim(2, played={"film": [(60, 75)]}), state, LIMITS, now=after(15))
    assert (verdict.credited, verdict.watched) == (0, {"film": 15.0})


def test_double_speed_earns_single_speed_and_only_that_is_watched() -> None:
    state = clock(lengths=FILM, media_only=True)
    verdict = weigh(Claim(2, played={"film": [(0, 30)]}), state, LIMITS, now=after(15))
    assert (verdict.credited, verdict.watched) == (15, {"film": 15.0})


def test_unknown_film_and_end_beyond_the_film_are_ignored() -> None:
    assert advance({}, {"other": [(0, 10)]}, FILM, 15) == ({}, 0)
    assert advance({"film": 85.0}, {"film": [(85, 900)]}, FILM, 15) == ({"film": 90.0}, 5.0)


def test_film_lesson_gives_nothing_for_a_page_left_open() -> None:
    assert weigh(Claim(2), clock(lengths=FILM, media_only=True), LIMITS, now=after(15)).credited == 0


def test_running_film_is_not_idle_and_reading_around_it_counts() -> None:
    state = clock(lengths=FILM)
    verdict = weigh(Claim(2, idle_seconds=999, played={"film": [(0, 9)]}), state, LIMITS, now=after(15))
    assert verdict.credited == 15


def test_whole_film_at_jittery_beats_ends_complete() -> None:
    """The browser reports everything not yet acknowledged, so rounding never leaves a hole."""
    server, at, played, number = Server(lengths=FILM, media_only=True), 0.0, 0.0, 0
    jitter = random.Random(7)
    while server.clock.watched.get("film", 0) < 89 and number < 12:
        number += 1
        server.beat(Claim(number, played={"film": [(server.clock.watched.get("film", 0.0), played)]}), at)
        at += 15 + jitter.uniform(-0.4, 0.4)
        played = min(90.0, played + 15.05)
    assert server.total in (89, 90)


def test_lesson_is_complete_only_with_time_answers_and_film() -> None:
    assert not missing(
        credited=600, required=600, passed=["a", "b"], checkpoints=["a", "b"], watched={"f": 89.2}, films={"f": 90.0}
    )
    left = missing(credited=541, required=600, passed=["a"], checkpoints=["a", "b"], watched={}, films={"f": 90.0})
    assert (left.seconds, left.minutes, left.checkpoints, left.film_seconds) == (59, 1, 1, 90)


# --- acceptance: bots earn no more than honest wall-clock --------------------------------


def test_bot_at_maximum_speed_earns_no_more_than_wall_clock() -> None:
    server = Server()
    for step in range(6000):  # ten beats a second for ten minutes
        server.beat(Claim(server.clock.last_number + 1), step / 10)
    assert 0 < server.total <= 600


def test_bot_that_replays_beats_earns_no_more_than_wall_clock() -> None:
    server = Server()
    for step in range(40):
        for _ in range(5):
            server.beat(Claim(step + 1), step * 15)
    assert server.total == 39 * 15


def test_bot_that_forges_numbers_and_durations_earns_nothing() -> None:
    server = Server()
    for step in range(40):
        server.beat(Claim(10_000 + step, idle_seconds=-5, played={"film": [(0, 1e9)]}), step * 15)
    assert server.total == 0


def test_bot_that_forges_film_spans_earns_no_more_than_wall_clock() -> None:
    server = Server(lengths={"film": 3600.0}, media_only=True)
    for step in range(20):
        server.beat(Claim(step + 1, played={"film": [(0, 3600)], "ghost": [(0, 3600)]}), step * 15)
    assert server.total == 19 * 15


spans = st.lists(st.tuples(st.floats(-10, 200), st.floats(-10, 200)), max_size=3)
claims = st.builds(
    Claim,
    number=st.integers(0, 12),
    visible=st.booleans(),
    idle_seconds=st.floats(-10, 400),
    played=st.dictionaries(st.sampled_from(["film", "second", "ghost"]), spans, max_size=3),
)


@given(beats=st.lists(st.tuples(claims, st.floats(0, 60)), max_size=25), media_only=st.booleans())
def test_no_sequence_of_beats_earns_more_than_wall_clock(beats, media_only: bool) -> None:
    server, at = Server(lengths={"film": 90.0, "second": 40.0}, media_only=media_only), 0.0
    for claim, pause in beats:
        at += pause
        server.beat(claim, at)
    assert server.total <= at
    assert all(0 <= seconds <= 90 for seconds in server.clock.watched.values())
