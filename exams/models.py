"""Django finds the models of the rooms here."""

from exams.attempts.anchor_models import Anchor
from exams.attempts.checkin_models import CheckIn
from exams.attempts.held_models import HeldChange
from exams.attempts.models import Answer, AnswerEvent, Attempt, Mark, OpenAnswer
from exams.attempts.retraining_models import Retraining
from exams.attempts.still_models import StillConsent
from exams.attempts.time_models import ExtraTime, TimeChange
from exams.bank.bulk_models import BulkEdit, BulkEditRow
from exams.bank.models import (
    CodeCounter,
    ImportProblem,
    Question,
    QuestionImport,
    QuestionPicture,
    QuestionVersion,
    Topic,
    VersionClause,
)
from exams.bank.twin_models import TwinPair
from exams.integrity.models import Behaviour, Signal
from exams.lockdown.models import SebSettings
from exams.papers.correction_models import Correction
from exams.papers.models import (
    Assembly,
    BlueprintSection,
    BlueprintShare,
    Exam,
    ExamAudience,
    FixedQuestion,
    Paper,
    PaperItem,
)
from exams.practice.models import MemoryCard, PracticeAnswer, PracticeRound
from exams.proctoring.device_test_models import DeviceTest
from exams.proctoring.models import Intervention, Message, Reason
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.still_models import FaceToFace, Still

__all__ = [
    "Anchor",
    "Answer",
    "AnswerEvent",
    "Assembly",
    "Attempt",
    "Behaviour",
    "BlueprintSection",
    "BlueprintShare",
    "BulkEdit",
    "BulkEditRow",
    "CandidatePhoto",
    "CheckIn",
    "CodeCounter",
    "Correction",
    "DeviceTest",
    "Exam",
    "ExamAudience",
    "ExtraTime",
    "FaceToFace",
    "FixedQuestion",
    "HeldChange",
    "ImportProblem",
    "Intervention",
    "Mark",
    "MemoryCard",
    "Message",
    "OpenAnswer",
    "Paper",
    "PaperItem",
    "PracticeAnswer",
    "PracticeRound",
    "Question",
    "QuestionImport",
    "QuestionPicture",
    "QuestionVersion",
    "Reason",
    "Retraining",
    "SebSettings",
    "Signal",
    "Still",
    "StillConsent",
    "TimeChange",
    "Topic",
    "TwinPair",
    "VersionClause",
]
