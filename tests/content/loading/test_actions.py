"""Loading the library: all or nothing, repeatable, never over the work of people."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, Site

from content.lessons.models import CoursePage, LessonPage
from content.library.models import HomePage
from content.loading.reading import STARTER
from content.meetings.models import CardPage
from content.standards.models import ClausePage
from lms.audit.models import AuditEntry
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    """A small library cut out of our own files: two sections of the standard, some cards, all cases, one course."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    folder = Path(copytree(STARTER, tmp_path / "starter"))
    for path in (folder / "courses").glob("*.toml"):
        if path.stem != "confined-space":
            path.unlink()
    keep(folder / "standards" / "gm10.toml", "[[section]]", lambda text: any(f'"{code}"' in text for code in SECTIONS))
    keep(folder / "cards.toml", "[[card]]", lambda text: set(CLAUSE.findall(text)) <= {KNOWN_CLAUSE})
    cases = folder / "cases.toml"
    cases.write_text(CLAUSE.sub(KNOWN_CLAUSE, cases.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


SECTIONS = ("gm10-03", "gm10-13")
CLAUSE = re.compile(r'"gm10-\d\d-\d\d"')
KNOWN_CLAUSE = '"gm10-03-02"'


def keep(path: Path, table: str, wanted: Callable[[str], bool]) -> None:
    """Leave only the wanted tables of a file."""
    head, *tables = path.read_text(encoding="utf-8").split(table)
    path.write_text(head + "".join(table + text for text in tables if wanted(text)), encoding="utf-8")


def load(folder: Path) -> str:
    call_command("load_register", stdout=StringIO())
    out = StringIO()
    call_command("load_library", folder=folder, stdout=out)
    return out.getvalue()


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def snapshot() -> list[tuple[object, ...]]:
    return list(Page.objects.order_by("path").values_list("pk", "path", "title", "latest_revision"))


def test_loading_makes_one_site_with_everything_in_it(folder: Path, client: Client) -> None:
    load(folder)
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert ClausePage.objects.live().count() == 5
    course = CoursePage.objects.get(code="confined-space")
    assert (course.must_study, course.exam_subject, str(course.credit_hours)) == (True, "confined-space", "2.0")
    assert sorted(course.categories.values_list("code", flat=True)) == ["frontline", "safety_manager", "team_leader"]
    video = LessonPage.objects.get(code="confined-space-03")
    assert (video.kind, video.video_seconds > 0, video.get_parent().specific) == ("video", True, course)
    clause = ClausePage.objects.get(code="gm10-13-02")
    assert (clause.article, clause.effective_from.isoformat()) == ("第十三条第（二）项", "2023-05-15")
    assert client.get(clause.url).status_code == 200


def test_loading_twice_changes_nothing(folder: Path) -> None:
    load(folder)
    before = snapshot(), get_image_model().objects.count(), get_document_model().objects.count()
    assert ": 0 added, 0 refreshed, " in load(folder)
    assert (snapshot(), get_image_model().objects.count(), get_document_model().objects.count()) == before
    assert AuditEntry.objects.filter(action="library.loaded").count() == 1


def test_checkpoints_keep_their_ids(folder: Path) -> None:
    def ids() -> list[tuple[str, str]]:
        return [
            (lesson.code, block.id)
            for lesson in LessonPage.objects.order_by("path")
            for block in lesson.body
            if block.block_type == "checkpoint"
        ]

    load(folder)
    before = ids()
    change(folder, "courses/confined-space.toml", "三个问题，认出有限空间", "三个问题认出有限空间")
    load(folder)
    assert ids() == before
    assert len(set(before)) == len(before) > 0


def test_a_changed_row_refreshes_its_page_alone(folder: Path) -> None:
    load(folder)
    change(folder, "cards.toml", "焊枪交给谁，先看谁的证", "先看证，再给枪")
    assert ": 0 added, 1 refreshed, " in load(folder)
    assert CardPage.objects.get(code="card-001").title == "先看证，再给枪"


def test_pages_edited_by_people_stay_as_they_are(folder: Path) -> None:
    load(folder)
    card = CardPage.objects.get(code="card-001")
    card.title = "我们改过的题目"
    card.save_revision(user=UserFactory()).publish()
    change(folder, "cards.toml", "焊枪交给谁，先看谁的证", "先看证，再给枪")
    assert "kept as edited here: card-001" in load(folder)
    assert CardPage.objects.get(code="card-001").title == "我们改过的题目"


def test_a_changed_figure_refreshes_its_lesson(folder: Path) -> None:
    load(folder)
    figure = folder / "figures" / "gas-test-points.svg"
    figure.write_text(figure.read_text(encoding="utf-8").replace("</svg>", "<!-- new --></svg>"), encoding="utf-8")
    images = get_image_model().objects.count()
    assert ": 0 added, 1 refreshed, " in load(folder)
    assert get_image_model().objects.count() == images + 1


def test_a_mistake_leaves_everything_as_it_was(folder: Path) -> None:
    change(folder, "courses/confined-space.toml", "气体", "气体" * 200)
    change(folder, "cards.toml", 'title = "焊枪交给谁，先看谁的证"', f'title = "{"长" * 300}"')
    with pytest.raises(CommandError, match=r"cards\.toml: card-001: title: "):
        load(folder)
    assert not ClausePage.objects.exists()
    assert not Revision.objects.exists()


def test_figures_are_shown_from_our_own_site_and_run_nothing(folder: Path, client: Client) -> None:
    load(folder)
    lesson = LessonPage.objects.get(code="confined-space-03")
    block = next(block for block in lesson.body if block.block_type == "figure")
    html = str(block)
    address = html.split('src="')[1].split('"', maxsplit=1)[0]
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert "sandbox" in response["Content-Security-Policy"]
    assert block.value["alt"] in html


@pytest.mark.parametrize(
    "path", ["documents/a.webm", "images/../../secret", "images/../documents/a.webm", "images/..", "images/none.svg"]
)
def test_nothing_else_is_served_from_the_folder_of_files(folder: Path, client: Client, path: str) -> None:
    load(folder)
    assert client.get(f"/media/{path}").status_code == 404
