"""Any interleaving, duplication and reordering of packets ends in the same answers."""

from hypothesis import given
from hypothesis import strategies as st

from exams.attempts.convergence import Change, Register, Stamp, replay, unknown, winners

changes = st.lists(
    st.builds(
        Change,
        stamp=st.builds(Stamp, st.integers(1, 12), st.integers(1, 3)),
        position=st.integers(1, 4),
        response=st.sampled_from([(), ("o1",), ("o2",), ("o1", "o3")]),
    ),
    unique_by=lambda change: change.stamp,
    max_size=25,
)


def deliver(packets):
    """What the ledger does, packet by packet."""
    record, standing = [], {}
    for packet in packets:
        fresh = unknown(packet, [change.stamp for change in record])
        record.extend(fresh)
        for position, change in winners(fresh, {p: r.stamp for p, r in standing.items()}).items():
            standing[position] = Register(change.stamp, change.response)
    return record, standing


@given(changes=changes, data=st.data())
def test_every_delivery_ends_in_the_same_answers(changes, data):
    packets = [[change] for change in changes]
    for _ in range(data.draw(st.integers(0, 5))):  # duplicates, in packets of any size
        packets.append(data.draw(st.lists(st.sampled_from(changes), max_size=6)) if changes else [])
    record, standing = deliver(data.draw(st.permutations(packets)))
    assert standing == replay(changes)
    assert sorted(change.stamp for change in record) == sorted(change.stamp for change in changes)
    assert replay(record) == standing


def test_the_higher_number_wins_then_the_higher_client():
    older, newer = Change(Stamp(4, 9), 1, ("o1",)), Change(Stamp(5, 1), 1, ("o2",))
    tie = Change(Stamp(5, 2), 1, ("o3",))
    assert replay([newer, older])[1].response == ("o2",)
    assert replay([tie, newer, older])[1].response == ("o3",)


def test_taking_an_answer_back_is_a_change_too():
    assert replay([Change(Stamp(2, 1), 1, ()), Change(Stamp(1, 1), 1, ("o1",))])[1] == Register(Stamp(2, 1), ())
