from datetime import UTC, datetime, timedelta, timezone

import pytest

from exams.attempts.chain import Fault, Link, canonical, faults, genesis, link

KEY = b"secret"
FIRST = genesis(KEY, {"attempt": "a"})


def chain(count=4):
    previous, links = FIRST, []
    for sequence in range(1, count + 1):
        fields = {"sequence": sequence, "response": [f"o{sequence}"]}
        previous = link(KEY, previous, fields)
        links.append(Link(row=100 + sequence, sequence=sequence, hash=previous, fields=fields))
    return links


def check(links, *, count=4, head=None, first=FIRST, key=KEY):
    return faults(key, first, links, count=count, head=head or chain()[-1].hash)


def test_an_untouched_chain_has_no_fault():
    assert check(chain()) == []
    assert faults(KEY, FIRST, [], count=0, head=FIRST) == []


def test_an_altered_event_is_named_alone():
    links = chain()
    links[1] = Link(102, 2, links[1].hash, {"sequence": 2, "response": ["o9"]})
    assert check(links) == [Fault(102, 2, "altered")]


def test_a_missing_event_is_named():
    links = chain()
    del links[1]
    assert check(links) == [Fault(None, 2, "missing")]


def test_a_cut_tail_is_named():
    assert check(chain()[:2]) == [Fault(None, 3, "missing"), Fault(None, 4, "missing")]


def test_an_altered_head_is_noticed():
    assert check(chain(), head="0" * 64) == [Fault(None, 4, "head")]


def test_another_attempt_or_key_breaks_the_first_link():
    assert check(chain(), first=genesis(KEY, {"attempt": "b"})) == [Fault(101, 1, "altered")]
    assert len(check(chain(), key=b"other")) == 4


def test_a_moment_has_one_form_in_every_zone():
    utc = datetime(2026, 11, 24, 1, 0, 0, 5, tzinfo=UTC)
    shanghai = utc.astimezone(timezone(timedelta(hours=8)))
    assert canonical({"at": utc}) == canonical({"at": shanghai}) == b'{"at":"2026-11-24T01:00:00.000005+00:00"}'
    with pytest.raises(TypeError):
        canonical({"at": datetime(2026, 11, 24)})  # noqa: DTZ001
