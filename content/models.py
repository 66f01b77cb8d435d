"""Django finds the page types of the rooms here."""

from content.cases.models import CaseIndexPage, CasePage, PracticePage
from content.editing.models import FourEyesTask
from content.lessons.models import CourseIndexPage, CoursePage, LessonPage
from content.library.models import HomePage
from content.meetings.models import CardIndexPage, CardPage
from content.mindsets.models import MindsetIndexPage, MindsetPage, ViolationPage
from content.standards.models import (
    ClausePage,
    StandardIndexPage,
    StandardPage,
    StandardSectionPage,
    StandardVersionPage,
)

__all__ = [
    "CardIndexPage",
    "CardPage",
    "CaseIndexPage",
    "CasePage",
    "ClausePage",
    "CourseIndexPage",
    "CoursePage",
    "FourEyesTask",
    "HomePage",
    "LessonPage",
    "MindsetIndexPage",
    "MindsetPage",
    "PracticePage",
    "StandardIndexPage",
    "StandardPage",
    "StandardSectionPage",
    "StandardVersionPage",
    "ViolationPage",
]
