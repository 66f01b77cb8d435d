"""Reads around courses."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr

from content.lessons.models import CoursePage, LessonPage

STEP = 4  # treebeard: four characters of `path` for each level


def courses() -> QuerySet[CoursePage]:
    """The published courses with the number of their lessons as `lesson_count`."""
    counts = (
        LessonPage.objects.live()
        .order_by()
        .annotate(course_path=Substr("path", 1, 4 * STEP))
        .filter(course_path=OuterRef("path"))
        .values("course_path")
        .annotate(found=Count("pk"))
        .values("found")
    )
    found: QuerySet[CoursePage] = CoursePage.objects.live().annotate(lesson_count=Coalesce(Subquery(counts), 0))
    return found.prefetch_related("industries", "categories").order_by("path")


def lessons_of(course: CoursePage) -> list[LessonPage]:
    """The published lessons in order, without their bodies."""
    return list(LessonPage.objects.child_of(course).live().defer("body").order_by("path"))


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson with its course."""

    lesson: LessonPage
    course: CoursePage


def lesson_lines(keys: Iterable[int]) -> list[LessonLine]:
    """The published lessons with these keys, each with its course."""
    lessons = list(LessonPage.objects.live().filter(pk__in=list(keys)).defer("body").order_by("path"))
    paths = {lesson.path[:-STEP] for lesson in lessons}
    by_path = {course.path: course for course in CoursePage.objects.live().filter(path__in=paths)}
    return [LessonLine(row, by_path[row.path[:-STEP]]) for row in lessons if row.path[:-STEP] in by_path]
