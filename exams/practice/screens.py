"""What the pages show, gathered. A question's page comes from the sheet's classes, which hold no key."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from exams.attempts.marked import Question as Answered
from exams.attempts.marked import marked_body
from exams.attempts.queries import my_exam_lines
from exams.attempts.results import picture_of
from exams.attempts.sheets import Source, sheet_body
from exams.attempts.words import script_words
from exams.bank.grading import ALL_OR_NOTHING
from exams.bank.models import QuestionVersion
from exams.practice.models import PracticeAnswer, PracticeRound
from exams.practice.queries import (
    answered_today,
    book_figures,
    guarded,
    numbers,
    person_facts,
    practisable,
    rights_to_go,
    standing_of,
    topic_lines,
    wrong_book,
)

BOOK_SHOWN = 100


def home_screen(person_id: int, *, now: datetime) -> dict[str, Any]:
    """Context of 练习 for somebody who may practise."""
    facts, rules = person_facts(person_id, now=now), numbers(on=timezone.localdate(now))
    done = answered_today(person_id, now=now).count()
    return {
        "rules": rules,
        "daily_done": min(done, rules.daily),
        "daily_left": max(0, rules.daily - done),
        "book": book_figures(facts, now=now, times=rules.times),
        "topics": topic_lines(facts, now=now),
        "mocks": my_exam_lines(person_id, now=now, mock=True),
    }


def book_screen(person_id: int, *, now: datetime) -> dict[str, Any]:
    """Context of 错题本: the questions without their answers."""
    facts, rules = person_facts(person_id, now=now), numbers(on=timezone.localdate(now))
    book = wrong_book(person_id, now=now, times=rules.times)
    shown = book.exclude(guarded(facts, now=now)).select_related("current", "topic").order_by("topic__position", "pk")
    figures = book_figures(facts, now=now, times=rules.times)
    return {"rules": rules, "book": figures, "questions": list(shown[:BOOK_SHOWN]), "more": figures.open - BOOK_SHOWN}


def round_screen(practice_round: PracticeRound, *, now: datetime, response: Sequence[str] = ()) -> dict[str, Any]:
    """Context of the question that comes now, or of the end of the round."""
    standing = standing_of(practice_round, now=now)
    context: dict[str, Any] = {"round": practice_round, "standing": standing}
    question = standing.next_question
    if question is None or question.current is None:
        return context | {"wrong": [answer for answer in standing.answers if not answer.right]}
    version = question.current
    return context | {
        "version": version,
        "body": sheet_body(
            source(version), response, seed=practice_round.pk, place=standing.next_place, name="q1"
        ),
        "picture": picture_of(version),
        "response_json": json.dumps(list(response), ensure_ascii=False),
        "words": script_words(),
    }  # fmt: skip


def answer_screen(answer: PracticeAnswer, *, now: datetime) -> dict[str, Any]:
    """Context of one answer with what is right; `marked` is missing while the question may not be practised.

    `answer` with round, card, and the version with its picture.
    """
    practice_round, version = answer.round, answer.version
    facts, rules = person_facts(practice_round.person_id, now=now), numbers(on=timezone.localdate(now))
    context: dict[str, Any] = {"round": practice_round, "answer": answer, "rules": rules}
    if not practisable(facts, now=now).filter(pk=version.question_id).exists():
        return context
    picture = picture_of(version)
    asked = Answered(
        source(version), version.key, answer.response, practice_round.pk, answer.place, ALL_OR_NOTHING, picture=picture
    )
    return context | {
        "version": version,
        "picture": picture,
        "marked": marked_body(asked, {}),
        "clauses": list(version.clauses.all()),
        "to_go": rights_to_go(answer.card, now=now, times=rules.times),
        "last": answer.place == len(practice_round.questions),
    }


def source(version: QuestionVersion) -> Source:
    """A version with its usual points."""
    return Source(version.type, version.stem, version.options, version.default_points)
