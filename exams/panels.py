"""What this part contributes to home screens and sidebars."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from exams.attempts.queries import ExamLine, my_exam_lines
from exams.attempts.states import DUE, ExamState
from exams.bank.queries import reviewable_by
from exams.bank.standing import quarantined_count
from exams.bank.twin_models import TwinPair
from exams.marking.queries import answers_to_mark, exams_to_mark
from exams.practice.queries import daily_left
from lms.access.panels import Card, NavItem, Place
from lms.access.requests import SanzhenRequest
from lms.access.rules import administration, exam_office, question_bank, question_reviewers
from lms.kit.clock import current_date, current_time

# --- question bank and exam office (workbench sidebar) -------------------------------------------


def questions_to_review(request: SanzhenRequest) -> int:
    """Questions that wait for this person's approval."""
    return reviewable_by(request.user.pk).count() if question_reviewers(request) else 0


def waiting_answers(request: SanzhenRequest) -> int:
    """Answers that wait for this person's mark."""
    return answers_to_mark(request.standing, person_id=request.user.pk)


def workbench_cards(request: SanzhenRequest) -> list[Card]:
    """Answers to be marked by hand; two queries where there are any."""
    if not exam_office(request) or not waiting_answers(request):
        return []
    exams = list(exams_to_mark(request.standing, person_id=request.user.pk))
    return [Card("exams/cards/to_mark.html", {"exams": exams}, position=30, to_do=len(exams))] if exams else []


def questions_out_of_force(request: SanzhenRequest) -> int:
    """Published questions that rest on a clause which is not in force."""
    return quarantined_count(on=current_date())


def pairs_to_decide(request: SanzhenRequest) -> int:
    """Near-duplicates that wait for a reviewer."""
    return TwinPair.objects.waiting().count() if question_reviewers(request) else 0


def entries(place: Place) -> list[NavItem]:
    """The same lines in both places: the sidebar shows the place that the person works in."""
    return [
        NavItem(place, _("考试安排"), "exam", "exams:exam_list", exam_office, 45, group=_("培训")),
        NavItem(place, _("监考"), "eye", "exams:running", exam_office, 46, group=_("培训")),
        NavItem(place, _("监考理由"), "settings", "exams:reasons", administration, 48, group=_("培训")),
        NavItem(place, _("阅卷"), "edit", "exams:to_mark", exam_office, 47, group=_("培训")),
        NavItem(
            place, _("题目"), "file", "exams:question_list", question_bank, 50, group=_("题库"),
            count=questions_to_review,
        ),
        NavItem(place, _("导入题目"), "upload", "exams:question_import", question_bank, 51, group=_("题库")),
        NavItem(
            place, _("依据已失效"), "warning", "exams:quarantine", question_bank, 52, group=_("题库"),
            count=questions_out_of_force,
        ),
        NavItem(
            place, _("相近的题"), "search", "exams:twin_list", question_bank, 53, group=_("题库"),
            count=pairs_to_decide,
        ),
    ]  # fmt: skip


NAVIGATION: list[NavItem] = [*entries("workbench"), *entries("supervision")]

# --- taking exams (learner's 今日) ---------------------------------------------------------------

URGENT = timedelta(days=3)
SHOWN = 4


def learner_cards(request: SanzhenRequest) -> list[Card]:
    """The exam that cannot wait as a card of its own, then the others by deadline."""
    now = current_time()
    lines = [line for line in my_exam_lines(request.user.pk, now=now) if line.to_sit]
    running = [line for line in lines if line.state == ExamState.CAN_RESUME]
    due = [line for line in lines if line.state in DUE and line.due_at - now <= URGENT]
    urgent: ExamLine | None = next(iter(running or due), None)
    others = [line for line in lines if line is not urgent][:SHOWN]
    cards = []
    if urgent:
        position = 5 if running else 30
        cards.append(Card("exams/cards/sit.html", {"line": urgent}, position=position, next_step=True))
    if others:
        cards.append(Card("exams/cards/to_sit.html", {"lines": others}, position=60))
    left = daily_left(request.user.pk, now=now)
    if left:
        cards.append(Card("exams/cards/practice.html", {"left": left}, position=65))
    return cards
