"""The audit log for auditors."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import audit_readers
from lms.audit.labels import action_label, known_actions
from lms.audit.models import AuditEntry
from lms.audit.queries import last_verification, verify_and_remember
from lms.jobs.actions import start_job
from lms.kit.clock import current_time
from lms.people.audit_search import audit_filter, audit_search


@allow(audit_readers)
def audit_page(request: SanzhenRequest) -> HttpResponse:
    """Filters in the address; POST checks the whole chain."""
    if request.method == "POST":
        verify_and_remember(now=current_time())
        return redirect("audit")
    wanted = audit_filter(request.GET.dict())
    page = Paginator(audit_search(wanted), 50).get_page(request.GET.get("page"))
    context = {
        "place": "supervision",
        "page": page,
        "lines": [(entry, action_label(entry.action)) for entry in page],
        "wanted": wanted,
        "actions": known_actions(),
        "total": AuditEntry.objects.count(),
        "checked": last_verification(),
        "filtered": bool(request.GET.dict().keys() - {"page"}),
    }
    return render(request, "lms/people/audit.html", context)


@require_POST
@allow(audit_readers)
def audit_export(request: SanzhenRequest) -> HttpResponse:
    """Write exactly the listed entries to a file, in the background."""
    params = {key: value for key, value in request.GET.items() if key != "page"}
    job = start_job(kind="audit.export", title=_("导出审计日志"), by=request.user, params={"query": params})
    return redirect("jobs:job", job.pk)
