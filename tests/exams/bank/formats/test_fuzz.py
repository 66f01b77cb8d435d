"""The fuzzer: a short run with a fixed seed finds nothing, and it does find what is wrong."""

import dataclasses
import random

import pytest
from django.core.management import CommandError, call_command

from exams.bank.formats import fuzzing
from exams.bank.formats.fuzzing import FORMATS, Sampled, faults_of, wrongs_of
from exams.bank.soundness import content_problems


@pytest.mark.parametrize("name", FORMATS)
def test_two_hundred_broken_files_bring_no_reader_down(name, tmp_path):
    chance = random.Random(20250101)
    found = [faults_of(name, chance, number, tmp_path)[0] for number in range(200)]
    assert [fault.what for fault in found if fault] == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_samples_are_sound(name, tmp_path):
    sampled = FORMATS[name]
    for data in sampled.samples():
        path = tmp_path / f"sample{sampled.suffix}"
        path.write_bytes(data)
        found = list(sampled.reader(path))
        # An item of a hotspot alone has no picture beside it.
        assert all(not question.problems for question in found)
        assert found
        if name != "qti-item":
            assert all(not content_problems(question.content) for question in found)


@pytest.mark.parametrize("name", FORMATS)
def test_mutated_files_are_often_still_read(name, tmp_path):
    chance, sampled, read = random.Random(7), FORMATS[name], 0
    for _ in range(60):
        path = tmp_path / f"file{sampled.suffix}"
        path.write_bytes(fuzzing.mutated(chance.choice(sampled.samples()), chance, sampled.samples()))
        try:
            read += bool(list(sampled.reader(path)))
        except fuzzing.UnreadableFile:
            continue
    assert read > 15


def test_a_reader_that_stumbles_is_found_and_its_file_kept(tmp_path, monkeypatch, capsys):
    sound = FORMATS["moodle"]

    def stumbles(path):
        yield from sound.reader(path)
        raise KeyError("answer")

    monkeypatch.setitem(fuzzing.FORMATS, "moodle", Sampled(stumbles, sound.samples, ".xml"))
    with pytest.raises(CommandError, match="broke a rule"):
        call_command("fuzz_formats", seconds=0.5, seed=3, format="moodle", keep=tmp_path / "kept")
    assert "KeyError: 'answer'" in capsys.readouterr().err
    assert list((tmp_path / "kept").iterdir())


def one_question(tmp_path):
    path = tmp_path / "one.xml"
    path.write_bytes(FORMATS["moodle"].samples()[7])
    return next(iter(FORMATS["moodle"].reader(path)))


def test_each_rule_about_a_question_is_held(tmp_path):
    good = one_question(tmp_path)
    assert list(wrongs_of(good)) == []

    def with_content(**changes):
        return list(wrongs_of(dataclasses.replace(good, content=dataclasses.replace(good.content, **changes))))

    assert with_content(stem="a\x00b") == ["a text that no database holds"]
    assert with_content(stem="a\ud800b") == ["a text that no database holds"]
    assert with_content(picture="0" * 64) == ["picture and its name differ"]
    assert with_content(points=good.content.points + fuzzing.Decimal("0.001")) == ["points 7.001"]
    bad = dataclasses.replace(good, picture=b"no picture")
    named = dataclasses.replace(bad, content=dataclasses.replace(good.content, picture=fuzzing.digest_of(bad.picture)))
    assert list(wrongs_of(named)) == ["a picture that is none"]
