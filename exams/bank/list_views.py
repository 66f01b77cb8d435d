"""The list of the bank, and the change of many questions at once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exams.bank.bulk import Change
from exams.bank.bulk_actions import bulk_title, start_bulk_edit
from exams.bank.bulk_models import BulkEdit, RowOutcome
from exams.bank.bulk_queries import headline, outcome_counts, preview_of, selection_of, skipped, wording_of
from exams.bank.list_forms import ChangeForm, FilterForm
from exams.bank.queries import figures, in_order, matching, quarantined_among
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank, question_reviewers
from lms.jobs.models import JobStatus
from lms.kit.clock import current_date, current_time

PER_PAGE = 25
SALT = "exams.bank.bulk"
PREFIX = "to"  # of the change's fields, beside the filters in one address
SHELF_LIFE = 3600  # seconds for which a preview can be confirmed


@allow(question_bank)
def question_list(request: SanzhenRequest) -> HttpResponse:
    """The bank with search and filters in the address. Only the page's own questions are read whole."""
    today = current_date()
    form = FilterForm(request.GET, person_id=request.user.pk, today=today)
    filters = form.filters()
    ids = matching(filters).values_list("pk", flat=True)
    # Looking for words costs more than reading the numbers of what they found: done once, not for the count again.
    page = Paginator(list(ids) if filters.text else ids, PER_PAGE).get_page(request.GET.get("page"))
    questions = in_order(list(page.object_list))
    context = {
        "form": form,
        "page": page,
        "questions": questions,
        "quarantined": quarantined_among([question.pk for question in questions], on=today),
        "figures": figures(),
        "may_review": question_reviewers(request),
        "asked": [(key, value) for key, value in request.GET.items() if key != "page" and value],
    }
    return render(request, "exams/bank/list.html", context)


def selection_from(request: SanzhenRequest) -> dict[str, Any]:
    """The questions that are meant: those ticked, or all that match the filters of the address."""
    if request.GET.get("scope") == "all":
        form = FilterForm(request.GET, person_id=request.user.pk, today=current_date())
        return selection_of(form.filters())
    return {"ids": [int(text) for text in request.GET.getlist("chosen") if text.isdigit()][:PER_PAGE]}


def kept_parameters(request: SanzhenRequest) -> list[tuple[str, str]]:
    """What of the address says which questions are meant."""
    own = f"{PREFIX}-"
    return [(key, value) for key in request.GET if not key.startswith(own) for value in request.GET.getlist(key)]


@require_GET
@allow(question_bank)
def bulk_edit(request: SanzhenRequest) -> HttpResponse:
    """Choose a change, see what it will do; nothing is changed here."""
    selection, now = selection_from(request), current_time()
    if selection == {"ids": []}:
        messages.info(request, _("还没有选题。先勾选要改的题，再选“修改选中的题”。"))
        return redirect("exams:question_list")
    form = ChangeForm(request.GET if f"{PREFIX}-what" in request.GET else None, prefix=PREFIX)
    change = form.change() if form.is_bound and form.is_valid() else Change("")
    preview = preview_of(change, selection)
    context = {
        "form": form,
        "preview": preview,
        "change": change if change.what else None,
        "kept": kept_parameters(request),
    }
    if change.what:
        words = wording_of(change.what)
        context["headline"] = headline(change)
        context["groups"] = [(words.of(row.before), words.of(row.after), row) for row in preview.groups]
        plan = {"change": asdict(change), "selection": selection, "seen_at": now.isoformat(), "count": preview.total}
        context["plan"] = signing.dumps(plan, salt=SALT, compress=True)
    return render(request, "exams/bank/bulk.html", context)


@require_POST
@allow(question_bank)
def bulk_apply(request: SanzhenRequest) -> HttpResponse:
    """Confirm a preview: the work goes on in the background."""
    try:
        plan = signing.loads(request.POST.get("plan", ""), salt=SALT, max_age=SHELF_LIFE)
    except signing.BadSignature:
        messages.error(request, _("预览已经过期，什么都没有改。请重新选题。"))
        return redirect("exams:question_list")
    change = Change(**plan["change"])
    edit = start_bulk_edit(
        change=change,
        selection=plan["selection"],
        seen_at=datetime.fromisoformat(plan["seen_at"]),
        title=bulk_title(plan["count"], headline(change)),
        by=request.user,
        now=current_time(),
    )
    return redirect("jobs:job", pk=edit.job_id)


@allow(question_bank)
def bulk_result(request: SanzhenRequest, pk: int) -> HttpResponse:
    """What became of a change of many questions; `pk` is its job's."""
    edit = get_object_or_404(BulkEdit.objects.within(request.standing.scope).select_related("job"), job_id=pk)
    if edit.job and edit.job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        return redirect("jobs:job", pk=pk)
    counts = outcome_counts(edit)
    context = {
        "edit": edit,
        "headline": headline(Change(**edit.change)),
        "counts": [(label, counts[value]) for value, label in RowOutcome.choices if value in counts],
        "changed": counts.get(RowOutcome.CHANGED, 0),
        "page": Paginator(skipped(edit), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "exams/bank/bulk_result.html", context)
