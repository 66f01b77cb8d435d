"""权限: who holds which role, granting and ending."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lms.access.actions import LastAdministrator, end_role, grant_role
from lms.access.decorators import allow
from lms.access.models import RoleAssignment
from lms.access.requests import SanzhenRequest
from lms.access.roles import Role
from lms.access.rules import enterprise_manager
from lms.kit.clock import current_date, current_time
from lms.people.queries import managed_enterprises
from lms.people.role_forms import MANAGERS_GRANT, RoleForm
from lms.people.staff_forms import ReasonForm


def visible_roles(request: SanzhenRequest) -> QuerySet[RoleAssignment]:
    """All assignments in force for an administrator, else those of the enterprises that the asker keeps."""
    found = RoleAssignment.objects.valid_on(current_date()).select_related(
        "person", "enterprise", "team__workshop", "region", "committee"
    )
    if request.standing.holds(Role.ADMINISTRATOR):
        return found
    return found.filter(enterprise__in=managed_enterprises(request.user.pk, request.standing, on=current_date()))


@allow(enterprise_manager)
def roles_page(request: SanzhenRequest) -> HttpResponse:
    """The list and the form."""
    today = current_date()
    everything = request.standing.holds(Role.ADMINISTRATOR)
    enterprises = managed_enterprises(request.user.pk, request.standing, on=today)
    form = RoleForm(request.POST or None, enterprises=enterprises, everything=everything, today=today)
    if request.method == "POST" and form.is_valid() and form.person is not None:
        grant_role(
            person=form.person,
            role=Role(form.cleaned_data["role"]),
            by=request.user,
            now=current_time(),
            valid_from=form.cleaned_data["valid_from"],
            **form.places(),
        )
        return redirect("roles")
    role = request.GET.get("role", "")
    found = visible_roles(request).filter(role=role) if role in Role.values else visible_roles(request)
    context = {
        "form": form,
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "role": role,
        "roles": [item for item in Role if item != Role.LEARNER]
        if everything
        else [Role.SAFETY_MANAGER, *MANAGERS_GRANT],
        "endable": set(Role.values) if everything else {item.value for item in MANAGERS_GRANT},
        "place": "workbench",
    }
    return render(request, "lms/people/roles.html", context)


@require_POST
@allow(enterprise_manager)
def role_end(request: SanzhenRequest, pk: int) -> HttpResponse:
    """End a role at once, with a reason."""
    assignment = get_object_or_404(visible_roles(request), pk=pk)
    if not request.standing.holds(Role.ADMINISTRATOR) and assignment.role not in MANAGERS_GRANT:
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            end_role(
                assignment=assignment,
                by=request.user,
                now=current_time(),
                last_day=current_date() - timedelta(days=1),
                reason=form.cleaned_data["reason"],
            )
        except LastAdministrator:
            form.add_error(None, LastAdministrator.words())
    if form.errors:
        return render(request, "lms/people/role_not_ended.html", {"form": form, "place": "workbench"}, status=422)
    return redirect("roles")
