"""Django finds the models of the rooms here."""

from courses.catalogue.models import AssignmentRule, Course, Enrolment, Lesson
from courses.progress.models import Beat, LessonProgress, StudyDay, StudySession

__all__ = [
    "AssignmentRule",
    "Beat",
    "Course",
    "Enrolment",
    "Lesson",
    "LessonProgress",
    "StudyDay",
    "StudySession",
]
