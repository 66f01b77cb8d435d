"""Beginning a round and answering its questions.

Nothing here counts for anything, so there is no audit entry: the answers are the record.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from exams.bank.grading import ALL_OR_NOTHING, verdict
from exams.bank.models import QuestionVersion, Topic
from exams.bank.queries import topics_with_children
from exams.practice.memory import after_answer
from exams.practice.models import MemoryCard, Mode, PracticeAnswer, PracticeRound
from exams.practice.queries import (
    answered_today,
    daily_questions,
    for_round,
    guarded,
    numbers,
    open_daily_round,
    person_facts,
    practisable,
    running_attempt,
    standing_of,
    wrong_book,
)
from lms.people.models import User


class SittingExam(Exception):
    """The person is sitting a real exam: no practice meanwhile."""


class NothingToPractise(Exception):
    """There is no question to be had; `mode` says where."""

    def __init__(self, mode: Mode) -> None:
        super().__init__(mode)
        self.mode = mode


class NotPractisable(Exception):
    """The question may not be practised (any more), or has a newer version than the one that was answered."""


def begin_topic(*, topic: Topic, by: User, now: datetime) -> PracticeRound:
    """A round on a topic and what is below it. Raises SittingExam, NothingToPractise."""
    refuse_while_sitting(by)
    topics = topics_with_children([topic.pk])
    chosen = practisable(person_facts(by.pk, now=now), now=now).filter(topic__in=topics)
    return new_round(Mode.TOPIC, for_round(chosen, by.pk, limit=size(now)), by=by, now=now, topic=topic)


def begin_clause(*, clause: Any, by: User, now: datetime) -> PracticeRound:
    """A round on a clause of a hazard standard. Raises SittingExam, NothingToPractise."""
    refuse_while_sitting(by)
    chosen = practisable(person_facts(by.pk, now=now), now=now).filter(current__clauses=clause)
    return new_round(Mode.CLAUSE, for_round(chosen, by.pk, limit=size(now)), by=by, now=now, clause=clause)


def begin_book(*, by: User, now: datetime) -> PracticeRound:
    """A round from the wrong-answer book. Raises SittingExam, NothingToPractise."""
    refuse_while_sitting(by)
    facts, rules = person_facts(by.pk, now=now), numbers(on=timezone.localdate(now))
    chosen = wrong_book(by.pk, now=now, times=rules.times).exclude(guarded(facts, now=now))
    return new_round(Mode.BOOK, for_round(chosen, by.pk, limit=rules.round), by=by, now=now)


def begin_daily(*, by: User, now: datetime) -> PracticeRound:
    """What is left of today's questions; a round begun today goes on. Raises SittingExam, NothingToPractise."""
    refuse_while_sitting(by)
    begun = open_daily_round(by.pk, now=now)
    if begun and standing_of(begun, now=now).next_question:
        return begun
    left = numbers(on=timezone.localdate(now)).daily - answered_today(by.pk, now=now).count()
    chosen = daily_questions(person_facts(by.pk, now=now), now=now, limit=left) if left > 0 else []
    return new_round(Mode.DAILY, chosen, by=by, now=now)


def size(now: datetime) -> int:
    """Questions of a round."""
    return numbers(on=timezone.localdate(now)).round


def refuse_while_sitting(person: User) -> None:
    """Raises SittingExam."""
    if running_attempt(person.pk):
        raise SittingExam


def new_round(mode: Mode, questions: Sequence[int], *, by: User, now: datetime, **about: Any) -> PracticeRound:
    """The row of a round."""
    if not questions:
        raise NothingToPractise(mode)
    return PracticeRound.objects.create(person=by, mode=mode, questions=list(questions), started_at=now, **about)


@transaction.atomic
def answer_question(
    *, practice_round: PracticeRound, place: int, version_id: int, response: Sequence[str], by: User, now: datetime
) -> PracticeAnswer:
    """Mark an answer, keep it, and set the day on which the question comes back; the first answer of a place stays.

    Raises SittingExam, NotPractisable.
    """
    # One person, one answer at a time: a second tap waits here and finds the first one's answer.
    User.objects.select_for_update().get(pk=by.pk)
    refuse_while_sitting(by)
    given = practice_round.answers.filter(place=place).first()
    if given:
        return given
    version = asked_version(practice_round, place, version_id, now=now)
    points = version.default_points
    earned = verdict(version.type, version.key, response, points=points, multiple_rule=ALL_OR_NOTHING).earned
    right = earned >= points
    return PracticeAnswer.objects.create(
        round=practice_round,
        place=place,
        card=reviewed_card(by, version.question_id, right=right, now=now),
        version=version,
        response=list(response),
        points=earned,
        right=right,
        at=now,
    )


def asked_version(practice_round: PracticeRound, place: int, version_id: int, *, now: datetime) -> QuestionVersion:
    """The version at a place of a round, if it may still be practised; raises NotPractisable."""
    if not 1 <= place <= len(practice_round.questions):
        raise NotPractisable
    facts = person_facts(practice_round.person_id, now=now)
    asked = practisable(facts, now=now).filter(pk=practice_round.questions[place - 1], current=version_id)
    question = asked.select_related("current").first()
    if question is None or question.current is None:
        raise NotPractisable
    return question.current


def reviewed_card(person: User, question_id: int, *, right: bool, now: datetime) -> MemoryCard:
    """The card of a question after an answer."""
    card = MemoryCard.objects.filter(person=person, question=question_id).first()
    memory = after_answer(card.memory if card else None, right=right, now=now)
    columns = {
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "reviewed_at": memory.reviewed_at,
        "due_at": memory.due_at,
    }
    return MemoryCard.objects.update_or_create(person=person, question_id=question_id, defaults=columns)[0]
