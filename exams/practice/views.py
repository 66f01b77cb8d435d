"""练习 on a phone: choose, answer, see at once what is right. Works without scripts.

Whoever sits a real exam is sent from every page to 练习, which says why.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.attempts.packets import BadPacket
from exams.attempts.plainform import response_in_form
from exams.bank.models import Topic
from exams.bank.queries import clause_pages
from exams.bank.responses import is_answered
from exams.practice import actions
from exams.practice.forms import AnswerForm
from exams.practice.models import Mode, PracticeAnswer, PracticeRound
from exams.practice.queries import clause_lines, person_facts, running_attempt
from exams.practice.screens import answer_screen, book_screen, home_screen, round_screen
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in
from lms.kit.clock import current_time


@require_GET
@allow(signed_in)
def home(request: SanzhenRequest) -> HttpResponse:
    """练习: daily questions, wrong-answer book, topics, mock exams."""
    sitting = running_attempt(request.user.pk)
    context = {"sitting": sitting} if sitting else home_screen(request.user.pk, now=current_time())
    return render(request, "exams/practice/home.html", {**context, "tab": "exams"})


@require_GET
@allow(signed_in)
def clauses(request: SanzhenRequest) -> HttpResponse:
    """The clauses of hazard standards that have questions."""
    now = current_time()
    if running_attempt(request.user.pk):
        return redirect("exams:practice")
    lines = clause_lines(person_facts(request.user.pk, now=now), now=now)
    return render(request, "exams/practice/clauses.html", {"lines": lines, "tab": "exams"})


@require_http_methods(["GET", "POST"])
@allow(signed_in)
def book(request: SanzhenRequest) -> HttpResponse:
    """错题本; POST begins a round from it."""
    if running_attempt(request.user.pk):
        return redirect("exams:practice")
    if request.method == "POST":
        return begun(request, actions.begin_book)
    context = book_screen(request.user.pk, now=current_time())
    return render(request, "exams/practice/book.html", {**context, "tab": "exams"})


@require_POST
@allow(signed_in)
def daily(request: SanzhenRequest) -> HttpResponse:
    """Begin or go on with today's questions."""
    return begun(request, actions.begin_daily)


@require_POST
@allow(signed_in)
def topic(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Begin a round on a topic."""
    return begun(request, actions.begin_topic, topic=get_object_or_404(Topic, pk=pk))


@require_POST
@allow(signed_in)
def clause(request: SanzhenRequest, code: str) -> HttpResponse:
    """Begin a round on a clause."""
    return begun(request, actions.begin_clause, clause=get_object_or_404(clause_pages(), code=code))


def begun(request: SanzhenRequest, begin: Callable[..., PracticeRound], **about: Any) -> HttpResponse:
    """To the round, or back with the reason why there is none."""
    try:
        made = begin(by=request.user, now=current_time(), **about)
    except actions.SittingExam:
        return redirect("exams:practice")
    except actions.NothingToPractise as nothing:
        messages.info(request, words_for(nothing.mode))
        return redirect("exams:practice")
    return redirect("exams:practice_round", made.pk)


def words_for(mode: Mode) -> str:
    """Why there is no question."""
    if mode == Mode.DAILY:
        return _("今天没有要练的题了，明天再来。")
    if mode == Mode.BOOK:
        return _("错题本里现在没有能练的题。")
    return _("这里现在没有能练的题，换一处试试。")


@require_http_methods(["GET", "POST"])
@allow(signed_in)
def practice_round(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The question that comes now, or how the round went; POST answers."""
    found = get_object_or_404(PracticeRound.objects.select_related("topic", "clause"), pk=pk, person=request.user)
    if running_attempt(request.user.pk):
        return redirect("exams:practice")
    return answered(request, found) if request.method == "POST" else asked(request, found)


def asked(
    request: SanzhenRequest, found: PracticeRound, response: Sequence[str] = (), *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of a round; `problem`: why an answer was not taken."""
    context = round_screen(found, now=current_time(), response=response)
    page = "question" if "version" in context else "end"
    context |= {"problem": problem, "tab": "exams"}
    answer = render(request, f"exams/practice/{page}.html", context, status=status)
    answer["Cache-Control"] = "no-store"  # going back must not show an answered question as open
    return answer


def answered(request: SanzhenRequest, found: PracticeRound) -> HttpResponse:
    """Take an answer and show what is right; what cannot be taken is asked again with the reason."""
    form, response = AnswerForm(request.POST), sent_response(request)
    if response is None or not form.is_valid():
        return asked(request, found, problem=_("答案太长或有不能识别的内容，没有收下，请再答一次。"), status=400)
    if any(name.endswith(".tap.x") for name in request.POST) and not request.POST.get("response"):
        return asked(request, found, response)  # a mark set without a script, not yet an answer
    skip = form.cleaned_data["skip"]
    if not skip and not is_answered(response):
        return asked(request, found, problem=_("先作答，再看答案。不会做就点“不会，看答案”。"), status=422)
    return taken(request, found, form, [] if skip else response)


def sent_response(request: SanzhenRequest) -> list[str] | None:
    """What was answered; None for what is no answer."""
    try:
        return response_in_form(dict(request.POST.lists()))
    except BadPacket:
        return None


def taken(request: SanzhenRequest, found: PracticeRound, form: AnswerForm, response: Sequence[str]) -> HttpResponse:
    """Mark an answer and go to what is right."""
    place, version = form.cleaned_data["place"], form.cleaned_data["version"]
    try:
        actions.answer_question(
            practice_round=found,
            place=place,
            version_id=version,
            response=response,
            by=request.user,
            now=current_time(),
        )
    except actions.SittingExam:
        return redirect("exams:practice")
    except actions.NotPractisable:
        return asked(request, found, problem=_("刚才那道题现在不能练了，换了下一题。"), status=409)
    return redirect("exams:practice_answer", found.pk, place)


@require_GET
@allow(signed_in)
def answer(request: SanzhenRequest, pk: int, place: int) -> HttpResponse:
    """Right or wrong, the right answer, explanation, clauses."""
    rows = PracticeAnswer.objects.select_related("round__topic", "round__clause", "card", "version__picture")
    found = get_object_or_404(rows, round=pk, place=place, round__person=request.user)
    if running_attempt(request.user.pk):
        return redirect("exams:practice")
    context = answer_screen(found, now=current_time())
    page = render(request, "exams/practice/answer.html", {**context, "tab": "exams"})
    page["Cache-Control"] = "no-store"  # keys must not stay on the device: an exam may begin
    return page
