"""The roster, for workbench and supervision, and its export."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import coverage_readers
from lms.jobs.actions import start_job
from lms.kit.clock import current_date
from lms.organisations.models import Enterprise
from lms.people.models import Employment, EmploymentType, PersonnelCategory
from lms.people.queries import managed_enterprises
from lms.people.roster import roster, roster_filter, with_details, workshops_within

PAGE = 50


@allow(coverage_readers)
def roster_page(request: SanzhenRequest, place: str) -> HttpResponse:
    """The list with search, filters and pager, all in the address."""
    today, scope = current_date(), request.standing.scope
    wanted = roster_filter(request.GET)
    page = Paginator(with_details(roster(scope, wanted, on=today), on=today), PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "page": page,
        "wanted": wanted,
        "working": Employment.objects.within(scope).on(today).count(),
        "enterprises": Enterprise.objects.within(scope) if scope.supervises or len(scope.enterprise_ids) > 1 else [],
        "workshops": workshops_within(scope, wanted.enterprise_id),
        "categories": PersonnelCategory.objects.all(),
        "types": EmploymentType.choices,
        "keeps": managed_enterprises(request.user.pk, request.standing, on=today).exists(),
        "filtered": any(value for key, value in request.GET.items() if key not in ("page", "sort")),
    }
    return render(request, "lms/people/roster.html", context)


@require_POST
@allow(coverage_readers)
def roster_export(request: SanzhenRequest) -> HttpResponse:
    """Write exactly the listed rows to a file, in the background."""
    params = {key: value for key, value in request.GET.items() if key != "page"}
    job = start_job(kind="people.export", title=_("导出花名册"), by=request.user, params={"query": params})
    return redirect("jobs:job", job.pk)
