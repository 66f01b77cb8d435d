"""Whatever breaks: lost 0, duplicated 0, wrong owner 0, chain valid, score equal to recomputation."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.candidates import side_by_side
from tests.faults.conftest import ALL
from tests.faults.machines import Wire, small_disk

NOTHING = {"lost": [], "duplicated": [], "wrong_owner": [], "record": [], "receipt": []}
PACKETS = 30 if ALL else 12
all_only = pytest.mark.skipif(not ALL, reason="runs with ./run faults")


def writing(people, packets=PACKETS, pause=0.02):
    return [lambda person=person: person.write(packets, pause=pause) for person in people]


def at_work(people, fault, *, packets=PACKETS, pause=0.02):
    """Everybody writes, the fault strikes amid it, everybody hands in."""

    def struck():
        time.sleep(0.3)
        fault()

    side_by_side(*writing(people, packets, pause), struck)
    side_by_side(*[person.submit for person in people])


# --- processes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["before_commit", "after_commit"])
def test_killed_web_process(make_room, engine, place):
    room = make_room(engine)
    people = room.candidates()
    at_work(people, lambda: room.product.strike(place))
    assert room.ledger.errors
    assert room.verdict() == NOTHING


@all_only
def test_killed_again_and_again(make_room, engine):
    room = make_room(engine)

    def strike():
        for fault in ["after_commit", "before_commit"] * 4:
            room.product.strike(fault)
            time.sleep(0.5)

    at_work(room.candidates(), strike, packets=120, pause=0.05)
    assert room.verdict() == NOTHING


# --- databases -----------------------------------------------------------------------------------


@all_only
def test_database_crashes_under_load(make_room, cluster):
    room = make_room("postgres")

    def crash():
        for _ in range(3):
            cluster.crash()
            time.sleep(1)

    at_work(room.candidates(), crash, packets=120, pause=0.05)
    assert room.ledger.errors
    assert room.verdict() == NOTHING


def test_full_database_file(make_room):
    """SQLite refuses to grow; what was acknowledged stays, and everything goes through once there is room."""
    room = make_room("sqlite")
    people = room.candidates()
    side_by_side(*writing(people, 3))
    room.product.env["FAULT_MAX_PAGES"] = "1"  # no more than there are
    room.product.restart()
    for person in people:
        for _ in range(200):
            status, _ = person.post("save", {"client": 1, "changes": person.changes(3)})
            if status != 200:
                break
            person.note([person.number - 2, person.number - 1, person.number])
    assert status == 500
    del room.product.env["FAULT_MAX_PAGES"]
    room.product.restart()
    side_by_side(*[person.submit for person in people])
    assert room.verdict() == NOTHING


@all_only
def test_full_disk(make_room, tmp_path):
    """A file system without a byte left: journal and database lie on it."""
    try:
        with small_disk(tmp_path / "small", 48) as place:
            room = make_room("sqlite", place=str(place))
            people = room.candidates()
            ballast = place / "ballast"

            def fill():
                with ballast.open("wb", buffering=0) as handle:
                    try:
                        while True:
                            handle.write(b"0" * 4096)
                    except OSError:
                        pass
                time.sleep(3)
                ballast.unlink()

            at_work(people, fill, packets=60, pause=0.1)
            assert "500" in room.ledger.errors
            assert room.verdict() == NOTHING
            room.product.kill()
    except PermissionError as reason:
        pytest.skip(str(reason))


@all_only
def test_exhausted_connections(make_room, cluster):
    """More threads than the database has connections for: some are refused, nothing is lost."""
    import psycopg

    room = make_room("postgres", threads=8)
    taken = []
    people = room.candidates()

    def take():
        try:
            while True:
                taken.append(psycopg.connect(cluster.address("postgres")))
        except psycopg.OperationalError:
            pass
        room.product.restart()  # its new connections are refused now
        time.sleep(3)
        for connection in taken:
            connection.close()

    at_work(people, take, packets=60, pause=0.05)
    assert "500" in room.ledger.errors
    assert room.verdict() == NOTHING


# --- Redis ---------------------------------------------------------------------------------------


@all_only
def test_redis_is_flushed_and_killed(make_room, engine, redis_server):
    """Sessions are read through the cache; without it the exam goes on: Redis never comes back here."""
    room = make_room(engine, REDIS_URL=redis_server.address)
    people = room.candidates()

    def gone():
        redis_server.flush()
        time.sleep(1)
        redis_server.kill()

    side_by_side(*writing(people, 60, 0.05), gone)
    assert room.ledger.errors == []
    side_by_side(*[person.submit for person in people])
    assert room.verdict() == NOTHING


# --- clocks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [1, -1])
def test_application_clock_jumps(make_room, engine, hours):
    """An hour ahead ends the attempt: what was made before is kept for a ruling; an hour back changes nothing."""
    room = make_room(engine)
    people = room.candidates()
    side_by_side(*writing(people, 3))
    room.product.set_clock(3600 * hours + (60 if hours > 0 else 0))
    now = datetime.now(UTC).isoformat()
    statuses = [person.save(person.changes(2, made_at=now)) for person in people]
    assert statuses == [202 if hours > 0 else 200] * len(people)
    room.product.set_clock(0)
    if hours < 0:
        side_by_side(*[person.submit for person in people])
    assert room.verdict() == NOTHING


@pytest.mark.parametrize("days", [1, -1])
def test_phone_clock_is_wrong_by_a_day(make_room, days):
    """Nothing that the phone claims about time decides about an answer in time."""
    room = make_room("sqlite")
    claimed = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    people = room.candidates()
    assert [person.save(person.changes(2, made_at=claimed)) for person in people] == [200] * len(people)
    side_by_side(*[person.submit for person in people])
    assert room.verdict() == NOTHING


# --- networks and impatience ---------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1, pytest.param(5, marks=all_only), pytest.param(120, marks=all_only)])
def test_network_drops(make_room, engine, seconds):
    room = make_room(engine)
    wire = Wire(room.product)
    at_work(room.candidates(wire.port), lambda: wire.drop(seconds))
    wire.close()
    assert room.ledger.errors
    assert room.verdict() == NOTHING


def test_network_drops_past_the_deadline(make_room, engine):
    """Answers made before the deadline and delivered after it are kept, every one."""
    room = make_room(engine)
    wire = Wire(room.product)
    people = room.candidates(wire.port)
    side_by_side(*writing(people, 3))
    made_at = datetime.now(UTC).isoformat()
    late = [(person, person.changes(4, made_at=made_at)) for person in people]
    dropping = threading.Thread(target=wire.drop, args=(1,))
    dropping.start()
    room.product.set_clock(3600 + 120)  # the deadline passes meanwhile
    side_by_side(*[lambda person=person, changes=changes: person.save(changes) for person, changes in late])
    dropping.join()
    wire.close()
    assert room.verdict() == NOTHING
    acknowledged = room.ledger.acknowledged
    assert all(numbers[-4:] == [[1, n] for n in range(person.number - 3, person.number + 1)]
               for person, numbers in ((person, acknowledged[person.key]) for person in people))  # fmt: skip


def test_fifty_identical_submissions_at_once(make_room, engine):
    room = make_room(engine)
    person = room.candidates()[0]
    person.write(3)
    body = {"client": 1, "changes": person.changes(2)}
    receipts = []
    side_by_side(*[lambda: receipts.append(person.until("submit", body)[1]["receipt"])] * 50)
    person.note([person.number - 1, person.number])
    room.ledger.receipts[person.key] = receipts[0]
    assert set(receipts) == {receipts[0]}
    assert len(receipts) == 50
    assert room.verdict() == NOTHING


def test_two_tabs_write_at_once(make_room, engine):
    """Two clients that do not know of each other; one of them dies on the way and its packets come again."""
    room = make_room(engine)
    first, second = room.candidates(client=1), room.candidates(client=2)
    at_work([*first, *second], lambda: room.product.strike("after_commit"), packets=8)
    assert room.verdict() == NOTHING
