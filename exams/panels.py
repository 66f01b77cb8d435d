"""What this part contributes to home screens and sidebars."""

from datetime import timedelta

from exams.attempts.queries import ExamLine, my_exam_lines
from exams.attempts.states import STARTABLE, ExamState
from lms.access.panels import Card, NavItem
from lms.access.requests import SanzhenRequest
from lms.kit.clock import current_time

# --- question bank and exam office (workbench sidebar) -------------------------------------------

NAVIGATION: list[NavItem] = []

# --- taking exams (learner's 今日) ---------------------------------------------------------------

URGENT = timedelta(days=3)
SHOWN = 4


def learner_cards(request: SanzhenRequest) -> list[Card]:
    """The exam that cannot wait as a card of its own, then the others by deadline."""
    now = current_time()
    lines = [line for line in my_exam_lines(request.user.pk, now=now) if line.to_sit]
    running = [line for line in lines if line.state == ExamState.CAN_RESUME]
    due = [line for line in lines if line.state in STARTABLE and line.due_at - now <= URGENT]
    urgent: ExamLine | None = next(iter(running or due), None)
    others = [line for line in lines if line is not urgent][:SHOWN]
    cards = []
    if urgent:
        position = 5 if running else 30
        cards.append(Card("exams/cards/sit.html", {"line": urgent}, position=position, next_step=True))
    if others:
        cards.append(Card("exams/cards/to_sit.html", {"lines": others}, position=60))
    return cards
