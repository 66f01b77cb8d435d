"""What a packet may hold, and what fields of a plain form mean."""

import json

import pytest

from exams.attempts.packets import MAX_CHARACTERS, MAX_STRING, MAX_STRINGS, BadPacket, parse_packet
from exams.attempts.plainform import answers_in_form


def parsed(response):
    body = {"client": 1, "changes": [{"number": 1, "position": 1, "response": response}]}
    return parse_packet(json.dumps(body).encode()).changes[0].response


@pytest.mark.parametrize(
    "response",
    [
        ["o3", "o1", "o3"],  # order and repetitions are kept
        ["第一行\n第二行\t。", "", "  "],
        ["𠮷野家 😀"],
        ["x" * MAX_STRING] * 3,
        ["a"] * MAX_STRINGS,
        [],
    ],
)
def test_a_response_is_taken_as_it_was_sent(response):
    assert parsed(response) == response


@pytest.mark.parametrize(
    "response",
    [
        ["a"] * (MAX_STRINGS + 1),
        ["x" * (MAX_STRING + 1)],
        ["x" * MAX_STRING] * 3 + ["x"],
        ["a\x00b"],
        ["a\x0bb"],
        ["a\rb"],
        ["a\x7fb"],
        ["a\x85b"],
        [None],
        "o1",
    ],
)
def test_a_response_out_of_bounds_is_refused(response):
    assert sum(map(len, ["x" * MAX_STRING] * 3)) == MAX_CHARACTERS
    with pytest.raises(BadPacket) as refused:
        parsed(response)
    assert {problem["where"].split(".")[2] for problem in refused.value.problems} == {"response"}


def test_half_a_character_is_refused_before_it_reaches_the_database():
    with pytest.raises(BadPacket):
        parse_packet(rb'{"client": 1, "changes": [{"number": 1, "position": 1, "response": ["\ud83d"]}]}')


# --- the plain form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "response"),
    [
        ({"q5": ["o2"]}, ("o2",)),
        ({"q5": ["", "o3", "o1"]}, ("o3", "o1")),
        ({"q5": [""]}, ()),  # every tick was taken away
        ({"q5": ["先通风\r\n再检测"]}, ("先通风\n再检测",)),
        ({"q5": [" \r\n "]}, ()),
        ({"q5": ["a\x00\x0bb"]}, ("ab",)),
        ({"q5.b2": ["20.9"], "q5.b1": [""], "q5.b10": ["z"]}, ("", "20.9", "z")),
        ({"q5.b1": [""], "q5.b2": [""]}, ()),
        ({"q5.o1": ["3"], "q5.o2": ["1"], "q5.o3": ["2"]}, ("o2", "o3", "o1")),
        ({"q5.o1": ["2"], "q5.o2": [""], "q5.o3": ["1"]}, ("o3", "o1")),
        ({"q5.o1": [""], "q5.o2": [""]}, ()),
        ({"q5.o2": ["t1"], "q5.o1": ["t2"], "q5.o3": [""]}, ("o1:t2", "o2:t1")),
        ({"q5.m": ["", "100,200", "300,400"], "q5.size": ["320x240"]}, ("100,200", "300,400")),
        (
            {"q5.m": ["", "100,200"], "q5.size": ["320x240"], "q5.tap.x": ["160"], "q5.tap.y": ["60"]},
            ("100,200", "5000,2500"),
        ),
        ({"q5.m": [""], "q5.size": ["320x0"], "q5.tap.x": ["999"], "q5.tap.y": ["5"]}, ("10000,10000",)),
        (
            {"q5.p2.b1": ["30"], "q5.p1": ["o2"], "q5.p10": ["写的"], "q5.p3.o1": ["t2"]},
            ("p1=o2", "p2=30", "p3=o1:t2", "p10=写的"),
        ),
    ],
)
def test_fields_add_up_to_a_response(fields, response):
    assert answers_in_form(fields) == {5: response}


def test_other_fields_are_none_of_our_business():
    assert (
        answers_in_form({"csrfmiddlewaretoken": ["x"], "q": ["1"], "qx": ["1"], "q1.z9": ["1"], "q12345": ["1"]}) == {}
    )


def test_too_much_in_a_form_is_refused():
    with pytest.raises(BadPacket):
        answers_in_form({"q1": ["x" * (MAX_STRING + 1)]})
