"""Editors of the nine types: what is typed becomes a body and comes back the same; problems find their field."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings

from exams.bank.bodies import TYPES
from exams.bank.editing.editors import Editor
from exams.bank.editing.rows import Rows, number_from
from exams.bank.editing.types import editor_for
from exams.bank.soundness import content_problems
from exams.bank.wording import QuestionContent
from tests.exams.bank.contents import contents
from tests.exams.bank.posting import WRITTEN

PICTURE = "f" * 64


def query(fields: dict[str, Any]) -> QueryDict:
    """Fields as Django hands them over."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def fields_of(editor: Editor) -> dict[str, Any]:
    """What the page of an editor posts when nothing is touched."""
    data: dict[str, Any] = {}
    for rows in editor.sets():
        data[rows.name] = [row.token for row in rows]
        for row in rows:
            data |= {f"{row.prefix}{column}": text for column, text in row.values.items()}
    for one in [editor, *getattr(editor, "editors", {}).values()]:
        if hasattr(one, "ticked"):
            data[f"{one.prefix}key"] = sorted(one.ticked)
        if hasattr(one, "truth"):
            data[f"{one.prefix}truth"] = one.truth
        if hasattr(one, "settings"):
            data |= {"tolerance": one.settings.tolerance, "penalty": one.settings.penalty}
    return data


def edited(type_: str, fields: dict[str, Any], stem: str = "题干") -> Editor:
    """An editor after a form was posted and checked."""
    editor = editor_for(type_)
    editor.read(query(fields))
    editor.follow(stem)
    editor.check()
    for problem in content_problems(QuestionContent(type_, stem, editor.body(), "", 1, picture=PICTURE)):
        editor.place(problem)
    return editor


@pytest.mark.parametrize("type_", TYPES)
def test_what_a_browser_posts_becomes_the_body(type_):
    stem, fields, body = WRITTEN[type_]
    editor = edited(type_, fields, stem)
    assert editor.body() == body
    assert not editor.has_errors


@settings(max_examples=150, deadline=None)
@given(contents())
def test_a_stored_question_opened_and_saved_untouched_stays_the_same(content):
    opened = editor_for(content.type)
    opened.fill(content.body)
    posted = editor_for(content.type)
    posted.read(query(fields_of(opened)))
    posted.follow(content.stem)
    if "|" not in str(content.body) and "｜" not in str(content.body):  # divides the forms of a blank
        assert posted.body() == content.body


@pytest.mark.parametrize(
    ("type_", "changes", "token", "column", "words"),
    [
        ("single", {"option-2-text": "先下人。"}, "2", "", "选项重复"),
        ("single", {"option-1-text": ""}, None, "", "选项不足两个"),
        ("single", {"option-2-text": "", "option-3-text": "先通风", "key": ["3"]}, "2", "", "选项中间有空"),
        ("single", {"key": []}, None, "", "答案为空"),
        ("single", {"key": ["1", "2"]}, None, "", "单选题只选一项"),
        ("single", {"key": ["3"]}, None, "", "答案超出选项"),
        ("single", {"option": [str(n) for n in range(1, 13)]}, None, "", "最多 10 个选项"),
        ("multiple", {"key": ["1"]}, None, "", "多选题至少选两项"),
        ("true_false", {"truth": ""}, None, "", "答案为空"),
        ("true_false", {"truth": "<b>"}, None, "", "答案为空"),
        ("fill_in", {"blank-2-forms": " | "}, "2", "", "答案为空"),
        ("fill_in", {"blank-2-forms": "23.5..19.5"}, "2", "", "前一个数比后一个大"),
        ("ordering", {"step-2-text": "通风 "}, "2", "", "步骤重复"),
        ("ordering", {"step-2-text": ""}, "2", "", "步骤中间有空"),
        ("ordering", {"step": ["1"]}, None, "", "至少写两个步骤"),
        ("matching", {"pair-1-target": ""}, "1", "", "这一组只写了一边"),
        ("matching", {"pair-2-prompt": "焊接"}, "2", "", "内容重复"),
        ("matching", {"pair": ["1"]}, None, "", "至少写两组配对"),
        ("matching", {"lure-1-text": "动火票。"}, "1", "", "内容重复"),
        ("hotspot", {"region-1-label": ""}, "1", "label", "请写出这里是什么隐患"),
        ("hotspot", {"region-2-width": "60"}, "2", "place", "整个在图片里"),
        ("hotspot", {"region-2-height": "0"}, "2", "place", "要有大小"),
        ("hotspot", {"region-2-x": "左边"}, "2", "place", "整个在图片里"),
        ("hotspot", {"region-3-corners": "1,2 30,40"}, "3", "place", "整个在图片里"),
        ("hotspot", {"region-3-corners": "1,2 30,40 x,9"}, "3", "place", "整个在图片里"),
        ("hotspot", {"region": []}, None, "", "请在图片上画出"),
        ("short_answer", {"point-1-weight": "很多"}, "1", "weight", "权重要写成数字"),
        ("short_answer", {"point-1-weight": "0"}, "1", "weight", "权重要大于 0"),
        ("short_answer", {"point-1-text": "", "point-2-text": ""}, None, "", "至少写一条要点"),
        ("case", {"part": []}, None, "", "至少要有一道小题"),
        ("case", {"part-1-stem": ""}, "1", "stem", "题干为空"),
        ("case", {"part-1-stem": "没有空。"}, "1", "stem", "题干里有 0 个空，答案写了 1 行"),
        ("case", {"part-2-points": "0"}, "2", "points", "分值要大于 0"),
        ("case", {"part-2-points": "两分"}, "2", "points", "分值要写成数字"),
    ],
)
def test_a_problem_stands_beside_its_field(type_, changes, token, column, words):
    stem, fields, _body = WRITTEN[type_]
    editor = edited(type_, {**fields, **changes}, stem)
    if token is None:
        assert any(words in error for error in editor.errors), editor.errors
        return
    found = [row.errors for rows in editor.sets()[:2] for row in rows if row.token == token and row.errors]
    assert any(words in error for errors in found for error in errors.get(column, ())), found


@pytest.mark.parametrize(
    ("changes", "rows", "token", "words"),
    [
        ({"part-2-option-2-text": "通风。"}, "part-2-option", "2", "选项重复"),
        ({"part-1-blank-1-forms": ""}, "part-1-blank", "1", "答案为空"),
        ({"part-5-point-1-weight": "x"}, "part-5-point", "1", "权重要写成数字"),
    ],
)
def test_a_problem_of_a_sub_question_stands_in_it(changes, rows, token, words):
    stem, fields, _body = WRITTEN["case"]
    editor = edited("case", {**fields, **changes}, stem)
    lines = next(found for found in editor.sets() if found.name == rows)
    errors = next(row for row in lines if row.token == token).all_errors
    assert any(words in error for error in errors)
    assert editor.has_errors


def test_settings_of_a_hotspot_out_of_range_are_told_apart():
    stem, fields, _body = WRITTEN["hotspot"]
    editor = edited("hotspot", {**fields, "tolerance": "11", "penalty": "很多"}, stem)
    assert set(editor.setting_errors) == {"tolerance", "penalty"}  # type: ignore[attr-defined]


def test_tokens_that_are_none_or_come_twice_are_passed_over():
    rows = Rows("option", ("text",), most=3)
    rows.read(query({"option": ["2", "x", "2", "../1", "", "1"], "option-2-text": "乙", "option-1-text": "甲\r\n丙"}))
    assert [(row.token, row.values["text"]) for row in rows] == [("2", "乙"), ("1", "甲 丙")]


def test_rows_are_added_moved_and_removed():
    rows = Rows("step", ("text",), most=3)
    rows.fill([{"text": "甲"}, {"text": "乙"}])
    rows.add()
    assert rows.add() is None
    rows.act("up", "2")
    rows.act("remove", "1")
    rows.act("down", "9")
    rows.act("up", "2")
    assert [(row.token, row.values["text"]) for row in rows] == [("2", "乙"), ("3", "")]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", "12.5"), ("１２", "12"), ("3%", "3"), ("NaN", None), ("1e9", None), ("Infinity", None), ("", None)],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert (None if number_from(text) is None else str(number_from(text))) == number
