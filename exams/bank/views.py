"""Pages of the question bank."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exams.bank import actions
from exams.bank.forms import ReasonForm
from exams.bank.history import steps_of, versions_with_changes
from exams.bank.models import Question, QuestionStatus
from exams.bank.queries import reviewable_by
from exams.bank.states import NotAllowed
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank, question_reviewers
from lms.kit.clock import current_time
from lms.kit.db import StaleState


def posted_version(request: SanzhenRequest) -> int:
    """The version that the person had before them; 0 for none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else 0


def saved(request: SanzhenRequest, question: Question) -> HttpResponse:
    """After saving: submit for review when asked to, then say what happens next."""
    if "submit" in request.POST and question.status == QuestionStatus.DRAFT:
        actions.submit_for_review(question=question, by=request.user, now=current_time())
    if question.status == QuestionStatus.REVIEW:
        text = _("%(code)s 已保存，等另一个人审核后才会进入组卷。") % {"code": question.code}
    else:
        text = _("%(code)s 已存为草稿。") % {"code": question.code}
    messages.success(request, text)
    return redirect("exams:question_review", pk=question.pk)


@allow(question_bank)
def question_review(request: SanzhenRequest, pk: int) -> HttpResponse:
    """One question as the candidate sees it, with key, clauses, history, and what may be done."""
    question = get_object_or_404(Question.objects.select_related("topic", "author", "reviewer"), pk=pk)
    versions = versions_with_changes(question)
    version = versions[0].version
    own = request.user.pk in (question.author_id, version.created_by_id)
    context = {
        "question": question,
        "version": version,
        "q": versions[0].shown,
        "versions": versions,
        "steps": steps_of(question),
        "own": own,
        "may_approve": question.status == QuestionStatus.REVIEW and question_reviewers(request) and not own,
        "reason_form": ReasonForm(),
    }
    return render(request, "exams/bank/review.html", context)


@require_POST
@allow(question_reviewers)
def question_decide(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Approve, or return with a reason."""
    question = get_object_or_404(Question, pk=pk)
    version_id, by, now = posted_version(request), request.user, current_time()
    try:
        if request.POST.get("decision") == "approve":
            actions.approve(question=question, version_id=version_id, by=by, now=now)
            messages.success(request, _("%(code)s 已发布。") % {"code": question.code})
        else:
            reason = request.POST.get("reason", "")
            actions.return_question(question=question, version_id=version_id, reason=reason, by=by, now=now)
            messages.success(request, _("%(code)s 已退回给出题人。") % {"code": question.code})
    except (NotAllowed, StaleState) as error:
        messages.error(request, refusal(error))
        return redirect("exams:question_review", pk=pk)
    return redirect(next_to_review(by.pk))


@require_POST
@allow(question_bank)
def question_move(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Submit for review, or retire with a reason."""
    question = get_object_or_404(Question, pk=pk)
    by, now = request.user, current_time()
    try:
        if request.POST.get("step") == "submit":
            actions.submit_for_review(question=question, by=by, now=now)
            messages.success(request, _("%(code)s 已提交审核。") % {"code": question.code})
        else:
            actions.retire(question=question, reason=request.POST.get("reason", ""), by=by, now=now)
            messages.success(request, _("%(code)s 已停用，不再进入新的试卷。") % {"code": question.code})
    except (NotAllowed, StaleState) as error:
        messages.error(request, refusal(error))
    return redirect("exams:question_review", pk=pk)


def refusal(error: NotAllowed | StaleState) -> str:
    """Why a step was not taken."""
    reason = error.reason if isinstance(error, NotAllowed) else "stale"
    return {
        "own": _("自己写的题不能自己审核，请换一个人审。"),
        "reason": _("请写明退回原因。"),
        "status": _("这道题现在的状态不能这样处理。"),
    }.get(reason, _("别人刚刚处理了这道题，请看最新情况。"))


def next_to_review(person_id: int) -> str:
    """The next question that waits for this person, or the list when there is none."""
    question = reviewable_by(person_id).first()
    return reverse("exams:question_review", args=[question.pk]) if question else reverse("exams:question_list")
