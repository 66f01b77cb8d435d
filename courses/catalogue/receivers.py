"""Publishing or taking back a page of a course reaches the catalogue at once."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from courses.catalogue.actions import sync_courses, withdraw_page
from lms.kit.clock import current_time

PAGE_TYPES = ("content.CoursePage", "content.LessonPage")


@receiver(page_published)
def follow_published_page(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """A course or lesson page went live or changed."""
    if sender._meta.label in PAGE_TYPES:
        sync_courses(by=None, now=current_time(), only_page=instance)


@receiver(page_unpublished)
def follow_unpublished_page(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """A course or lesson page was taken back or deleted."""
    if sender._meta.label in PAGE_TYPES:
        withdraw_page(page=instance, by=None, now=current_time())
