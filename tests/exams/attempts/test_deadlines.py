"""The resolver of deadlines, and its sentence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.attempts.deadlines import Change, ChangeKind, TimeFacts, resolve
from exams.attempts.moments import explain

START = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
MINUTE = timedelta(minutes=1)
PLAIN = TimeFacts(START, 60 * MINUTE, closes_at=START + timedelta(hours=5))


def extension(minutes, at=5):
    return Change(ChangeKind.EXTENSION, START + at * MINUTE, minutes * MINUTE)


def pause(at):
    return Change(ChangeKind.PAUSE, START + at * MINUTE)


def resumption(at):
    return Change(ChangeKind.RESUMPTION, START + at * MINUTE)


@pytest.mark.parametrize(
    ("facts", "changes", "minutes"),
    [
        (PLAIN, [], 60),
        (TimeFacts(START, 60 * MINUTE, START + 40 * MINUTE), [], 40),
        (TimeFacts(START, 60 * MINUTE, None), [], 60),
        (TimeFacts(START, 60 * MINUTE, START + 40 * MINUTE, 10 * MINUTE), [], 50),
        (PLAIN, [extension(5), extension(10)], 75),
        (PLAIN, [pause(10), resumption(22)], 72),
        (PLAIN, [pause(10), resumption(22), pause(30), resumption(31)], 73),
        (PLAIN, [pause(10), pause(15), resumption(22), resumption(40)], 72),
        (PLAIN, [resumption(5)], 60),
        (PLAIN, [pause(10)], 60),
        (TimeFacts(START, 60 * MINUTE, START + 40 * MINUTE, 10 * MINUTE), [extension(5), pause(1), resumption(4)], 58),
    ],
)
def test_deadline_is_start_limit_window_extra_extensions_and_pauses(facts, changes, minutes):
    assert resolve(facts, changes).at == START + minutes * MINUTE


def test_a_clock_that_stands_says_since_when():
    assert resolve(PLAIN, [pause(10)]).paused_since == START + 10 * MINUTE
    assert resolve(PLAIN, [pause(10), resumption(12)]).paused_since is None


MOMENTS = st.integers(min_value=0, max_value=300)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("extension"), st.integers(min_value=1, max_value=120)),
        st.tuples(st.just("pause"), MOMENTS),
        st.tuples(st.just("resumption"), MOMENTS),
    ),
    max_size=12,
)


@given(CHANGES, st.integers(min_value=1, max_value=60))
def test_nothing_ever_takes_time_away(raw, more):
    changes = [
        extension(value) if kind == "extension" else Change(ChangeKind(kind), START + value * MINUTE)
        for kind, value in raw
    ]
    before = resolve(PLAIN, changes)
    assert before.at >= START + 60 * MINUTE
    assert resolve(PLAIN, [*changes, extension(more)]).at == before.at + more * MINUTE


def test_the_sentence_names_every_part():
    facts = TimeFacts(START, 60 * MINUTE, START + 40 * MINUTE, 10 * MINUTE)
    found = resolve(facts, [extension(5), pause(1), Change(ChangeKind.RESUMPTION, START + timedelta(seconds=90))])
    assert explain(found) == (
        "09:00 开考，时长 60 分钟；考试时段 09:40 截止，少 20 分钟；个人加时 10 分钟；监考延长 5 分钟；"
        "暂停过 30 秒，已补回；09:55 自动交卷。"
    )


def test_the_sentence_of_a_plain_attempt_is_short():
    assert explain(resolve(PLAIN, [])) == "09:00 开考，时长 60 分钟；10:00 自动交卷。"


def test_a_paused_attempt_is_told_that_no_time_runs():
    assert explain(resolve(PLAIN, [pause(10)])) == "09:00 开考，时长 60 分钟；09:10 起暂停，不计时。"


def test_days_are_named_where_they_differ():
    facts = TimeFacts(START + timedelta(hours=14, minutes=30), 60 * MINUTE, None)
    assert explain(resolve(facts, [])) == "11-26 23:30 开考，时长 60 分钟；00:30 自动交卷。"
