"""The starter files: strict, and every mistake is named with file, table and key."""

from pathlib import Path
from shutil import copytree

import pytest

from content.loading.reading import STARTER, Starter, StarterError, read_starter
from lms.people.starter import starter_register

REGISTER = starter_register()
INDUSTRIES = [row.code for row in REGISTER.industries]
CATEGORIES = [row.code for row in REGISTER.categories]


def read(folder: Path = STARTER) -> Starter:
    return read_starter(industries=INDUSTRIES, categories=CATEGORIES, folder=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(STARTER, tmp_path / "starter"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_our_own_files_are_in_order() -> None:
    starter = read()
    clauses = [clause for file in starter.standards for section in file.section for clause in section.clause]
    assert len(clauses) == 64
    assert len(starter.mindsets.mindset) == 4
    assert len(starter.mindsets.violation) == 3
    assert all(lesson.block for course in starter.courses for lesson in course.lesson)


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("cards.toml", 'title = "', 'titel = "', "cards.toml: card[1].titel: Extra inputs are not permitted"),
        ("cards.toml", "minutes = 2", "minutes = 9", "cards.toml: card[1].minutes: Input should be less"),
        ("cards.toml", "minutes = 2", 'minutes = "2"', "cards.toml: card[1].minutes: Input should be a valid integer"),
        ("cards.toml", "answer = 1", "answer = 5", "cards.toml: card[1]: Value error, answer 5 is not among"),
        ("cards.toml", 'clause = "gm10-03-02"', 'clause = "gm9-1"', "cards.toml: card-001: clause: there is no gm9-1"),
        ("cards.toml", 'mindset = "gambling"', 'mindset = "luck"', "cards.toml: card-001: mindset: there is no luck"),
        ("cards.toml", "industries = []", 'industries = ["x"]', "cards.toml: card-001: industries: there is no x"),
        ("cards.toml", 'code = "card-002"', 'code = "card-001"', "cards.toml: code card-001 is used twice"),
        ("cards.toml", "[[card]]", "[[card", "cards.toml: "),
        (
            "courses/confined-space.toml",
            'audience = ["frontline"',
            'audience = ["everyone"',
            "courses/confined-space.toml: course: audience: there is no everyone",
        ),
        (
            "courses/confined-space.toml",
            'type = "text"',
            'type = "poem"',
            "courses/confined-space.toml: lesson[1].block[1]: ",
        ),
        (
            "courses/confined-space.toml",
            'file = "media/confined-space-steps.webm"',
            'file = "media/lost.webm"',
            "courses/confined-space.toml: confined-space-03: file: there is no media/lost.webm",
        ),
        (
            "standards/gm10.toml",
            "effective_from = 2023-05-15",
            'effective_from = "soon"',
            "standards/gm10.toml: version.effective_from: ",
        ),
    ],
)
def test_a_mistake_is_named(folder: Path, name: str, old: str, new: str, problem: str) -> None:
    change(folder, name, old, new)
    with pytest.raises(StarterError) as caught:
        read(folder)
    assert any(each.startswith(problem) for each in caught.value.problems), caught.value.problems


def test_all_mistakes_are_told_together(folder: Path) -> None:
    change(folder, "cards.toml", "minutes = 2", "minutes = 9")
    change(folder, "cases.toml", "[[case]]", "[[cas]]")
    with pytest.raises(StarterError) as caught:
        read(folder)
    assert {each.split(":")[0] for each in caught.value.problems} == {"cards.toml", "cases.toml"}
