"""Cutting a lesson into sections."""

from dataclasses import dataclass
from typing import Any

import pytest

from courses.progress.player import Film, sheet_of


@dataclass
class Block:
    block_type: str
    id: str
    value: Any = None


def text(name: str) -> Block:
    return Block("text", name)


def question(name: str) -> Block:
    return Block(
        "checkpoint",
        name,
        {"question": "先做什么？", "options": ["下池", "检测"], "answer": 1, "explanation": "先检测"},
    )


BODY = [text("a"), question("q1"), text("b"), text("c"), question("q2"), question("q3"), text("d")]


@pytest.mark.parametrize(
    ("passed", "shown", "more"),
    [
        ([], ["a", "q1"], True),
        (["q2"], ["a", "q1"], True),
        (["q1"], ["a", "q1", "b", "c", "q2"], True),
        (["q1", "q2"], ["a", "q1", "b", "c", "q2", "q3"], True),
        (["q1", "q2", "q3"], ["a", "q1", "b", "c", "q2", "q3", "d"], False),
    ],
)
def test_what_follows_an_open_checkpoint_waits(passed: list[str], shown: list[str], more: bool) -> None:
    sheet = sheet_of(BODY, passed)
    names = [
        name
        for section in sheet.sections
        for name in [*(block.id for block in section.blocks), *([section.checkpoint.id] if section.checkpoint else [])]
    ]
    assert (names, sheet.more) == (shown, more)


def test_last_checkpoint_leaves_nothing_waiting_and_no_empty_section() -> None:
    sheet = sheet_of([text("a"), question("q1")], [])
    assert (len(sheet.sections), sheet.more) == (1, False)
    assert len(sheet_of([text("a"), question("q1")], ["q1"]).sections) == 1


def test_explanation_comes_only_with_the_right_answer_and_the_key_never() -> None:
    checkpoint = sheet_of([question("q1")], []).sections[0].checkpoint
    assert checkpoint is not None
    assert (checkpoint.explanation, hasattr(checkpoint, "answer")) == ("", False)
    passed = sheet_of([question("q1")], ["q1"]).sections[0].checkpoint
    assert passed is not None
    assert passed.explanation == "先检测"


def test_film_comes_with_its_transcript() -> None:
    value = {"title": "三步", "seconds": 88, "document": None, "transcript": "先通风。\n\n再检测。\n"}
    assert sheet_of([Block("video", "f1", value)], []).sections[0].blocks == [
        Film("f1", "三步", 88, None, ["先通风。", "再检测。"])
    ]
