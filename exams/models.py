"""Django finds the models of the rooms here."""

from exams.attempts.models import Answer, AnswerEvent, Attempt
from exams.bank.models import (
    CodeCounter,
    ImportProblem,
    Question,
    QuestionImport,
    QuestionVersion,
    Topic,
    VersionClause,
)
from exams.papers.models import Assembly, BlueprintSection, Exam, ExamAudience, Paper, PaperItem

__all__ = [
    "Answer",
    "AnswerEvent",
    "Assembly",
    "Attempt",
    "BlueprintSection",
    "CodeCounter",
    "Exam",
    "ExamAudience",
    "ImportProblem",
    "Paper",
    "PaperItem",
    "Question",
    "QuestionImport",
    "QuestionVersion",
    "Topic",
    "VersionClause",
]
