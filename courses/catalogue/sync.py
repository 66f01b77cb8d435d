"""What a course takes over from its pages. Pages are read through the app registry: nobody imports `content`."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from wagtail.models import Page

STEP = 4  # characters that one level takes in the path of a page tree


@dataclass(frozen=True, slots=True)
class LessonShape:
    """One lesson as its page describes it."""

    page: Any
    position: int
    checkpoints: list[str]
    films: dict[str, int]
    film_only: bool

    @property
    def minutes(self) -> int:
        """A lesson of films alone asks for no more than they last, because nothing else earns there."""
        length = sum(self.films.values()) // 60
        return min(self.page.minutes, max(1, length)) if self.film_only else self.page.minutes


@dataclass(frozen=True, slots=True)
class CourseShape:
    """One course page with its lessons."""

    page: Any
    position: int
    lessons: list[LessonShape] = field(default_factory=list)


def live_courses(*, only_page: Page | None = None) -> list[CourseShape]:
    """The published course pages with their published lessons; `only_page` is a page of one course."""
    courses = apps.get_model("content", "CoursePage").objects.live().order_by("path")
    if only_page is not None:
        courses = [page for page in courses if only_page.path.startswith(page.path)]
    shapes = [CourseShape(page, position) for position, page in enumerate(courses, start=1)]
    by_path = {shape.page.path: shape for shape in shapes}
    for page in apps.get_model("content", "LessonPage").objects.live().order_by("path"):
        shape = by_path.get(page.path[:-STEP])
        if shape:
            shape.lessons.append(lesson_shape(page, len(shape.lessons) + 1))
    return shapes


def lesson_shape(page: Any, position: int) -> LessonShape:
    """Checkpoints and films of a lesson page, read without resolving the pages and pictures it shows.

    Only a lesson without anything to read counts as a film lesson; where a film comes with text, reading
    time counts too and the film must be watched to its end.
    """
    blocks: list[Any] = list(page.body.raw_data)
    kinds = {block["type"] for block in blocks}
    return LessonShape(
        page=page,
        position=position,
        checkpoints=[block["id"] for block in blocks if block["type"] == "checkpoint"],
        films={block["id"]: int(block["value"]["seconds"]) for block in blocks if block["type"] == "video"},
        film_only="video" in kinds and kinds <= {"video", "checkpoint"},
    )
