"""监考理由: the list from which proctors choose, for administrators."""

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exams.proctoring.models import Intervention, InterventionKind, Reason
from exams.proctoring.reason_actions import change_reason, create_reason
from exams.proctoring.reason_forms import ChangeReasonForm, NewReasonForm
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import administration
from lms.kit.clock import current_time


@require_http_methods(["GET", "POST"])
@allow(administration)
def reasons(request: SanzhenRequest) -> HttpResponse:
    """All reasons with how often each was used; POST adds one."""
    form = NewReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = create_reason(code=form.cleaned_data["code"], **form.fields_of(), by=request.user, now=current_time())
        messages.success(request, _("已加上理由“%(label)s”。") % {"label": reason.label})
        return redirect("exams:reasons")
    per_reason = (
        Intervention.objects.filter(reason=OuterRef("pk"))
        .order_by()
        .values("reason")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Reason.objects.annotate(used=Coalesce(Subquery(per_reason), 0)).order_by("-active", "position", "pk")
    shown = [(row, [InterventionKind(kind).label for kind in row.fits]) for row in rows]
    return render(request, "exams/proctoring/reasons.html", {"rows": shown, "form": form})


@require_http_methods(["GET", "POST"])
@allow(administration)
def reason(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Change one: words, kinds, place; retire it or take it up again."""
    found = get_object_or_404(Reason, pk=pk)
    form = ChangeReasonForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if change_reason(reason=found, changes=form.fields_of(), by=request.user, now=current_time()):
            messages.success(request, _("已保存。"))
        return redirect("exams:reasons")
    return render(request, "exams/proctoring/reason.html", {"reason": found, "form": form})
