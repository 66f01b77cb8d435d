"""When a question should come back to somebody, by FSRS-6 (pure).

People practise by the day, not by the minute: without learning steps every answer sets a day in the future, and
without fuzz the same answers always set the same day. Source: https://github.com/open-spaced-repetition/py-fsrs
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler, State

SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept between two answers: stability in days (after so many, recall has sunk to 90 %), difficulty 1–10."""

    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


def after_answer(before: Memory | None, *, right: bool, now: datetime) -> Memory:
    """The memory after an answer; `before` None for a question that was never answered."""
    rating = Rating.Good if right else Rating.Again
    card, _ = SCHEDULER.review_card(card_of(before, now=now), rating, review_datetime=now.astimezone(UTC))
    assert card.stability is not None
    assert card.difficulty is not None
    return Memory(card.stability, card.difficulty, now, card.due)


def card_of(memory: Memory | None, *, now: datetime) -> Card:
    """The library's card; its number is never used."""
    if memory is None:
        return Card(card_id=0, due=now.astimezone(UTC))
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at.astimezone(UTC),
        last_review=memory.reviewed_at.astimezone(UTC),
    )
