"""一人一档 in its first form, and what may be changed from it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import coverage_readers, enterprise_manager, identity_readers
from lms.kit.clock import current_date, current_time
from lms.organisations.models import Enterprise
from lms.people.actions import (
    change_employment,
    correct_identity,
    employ,
    end_employment,
    reset_sign_in,
    reveal_identity,
)
from lms.people.evidence import evidence_addresses
from lms.people.models import Employment, User
from lms.people.queries import keeps_account_of, managed_enterprises
from lms.people.roster import people_within
from lms.people.staff_forms import EmploymentChangeForm, EmploymentForm, IdentityForm, LeaveForm, ReasonForm


def own_enterprises(request: SanzhenRequest) -> QuerySet[Enterprise]:
    """The enterprises whose roster the asker keeps."""
    return managed_enterprises(request.user.pk, request.standing, on=current_date())


def own_employment(request: SanzhenRequest, pk: int) -> Employment:
    """An employment that the asker may change, or 404."""
    found = Employment.objects.filter(enterprise__in=own_enterprises(request)).select_related(
        "person", "enterprise", "workshop", "team", "post"
    )
    return get_object_or_404(found, pk=pk)


def file_of(request: SanzhenRequest, person: User) -> dict[str, Any]:
    """What the asker may see of a person: the employments in view, and what was achieved in them."""
    employments = list(
        person.employments.within(request.standing.scope)
        .select_related("enterprise", "workshop", "team", "post")
        .prefetch_related("category_periods__category")
        .order_by("-started_on")
    )
    places = {employment.enterprise_id for employment in employments}
    outcomes = list(person.outcomes.filter(enterprise__in=places).select_related("enterprise")[:200])
    addresses = evidence_addresses([outcome.evidence for outcome in outcomes])
    kept = set(own_enterprises(request).filter(pk__in=places).values_list("pk", flat=True))
    return {
        "place": "supervision" if request.standing.scope.supervises else "workbench",
        "person": person,
        "employments": employments,
        "outcomes": [(outcome, addresses.get(outcome.evidence, "")) for outcome in outcomes],
        "licences": person.licence_declarations.all(),
        "kept": kept,
        "may_reveal": identity_readers(request),
        "may_correct": keeps_account_of(person, request.user.pk, request.standing, on=current_date()),
        "today": current_date(),
    }


@allow(coverage_readers)
def person_page(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The file with masked numbers."""
    person = get_object_or_404(people_within(request.standing.scope), pk=pk)
    return render(request, "lms/people/person.html", file_of(request, person))


@never_cache
@require_POST
@allow(identity_readers)
def person_unmask(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The same page with the numbers in the clear, once; the reason goes to the audit log."""
    person = get_object_or_404(people_within(request.standing.scope), pk=pk)
    form, revealed = ReasonForm(request.POST), None
    if form.is_valid():
        revealed = reveal_identity(
            person=person, by=request.user, now=current_time(), reason=form.cleaned_data["reason"]
        )
    context = file_of(request, person) | {"revealed": revealed, "reason_form": form}
    return render(request, "lms/people/person.html", context, status=200 if revealed else 422)


@allow(enterprise_manager)
def person_new(request: SanzhenRequest) -> HttpResponse:
    """Add one person to a roster."""
    who = IdentityForm(request.POST or None)
    where = EmploymentForm(request.POST or None, enterprises=own_enterprises(request), today=current_date())
    if request.method == "POST" and who.is_valid() & where.is_valid():
        enterprise = where.cleaned_data["enterprise"]
        with transaction.atomic():
            if Employment.objects.filter(
                person__id_hash=User.identity_hash(who.cleaned_data["id_number"]),
                enterprise=enterprise,
                ended_on__isnull=True,
            ).exists():
                who.add_error("id_number", _("这个人已经在这家单位在册。"))
            else:
                employment = employ(
                    identity=who.identity(),
                    place=where.place(enterprise),
                    categories=where.cleaned_data["categories"],
                    started_on=where.cleaned_data["started_on"],
                    by=request.user,
                    now=current_time(),
                )
                return redirect("person", employment.person_id)
    context = {"who": who, "where": where, "place": "workbench"}
    return render(request, "lms/people/person_new.html", context)


@allow(enterprise_manager)
def person_correct(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Correct name and numbers; what stays empty on screen is never shown, the old numbers are typed anew."""
    person = get_object_or_404(people_within(request.standing.scope), pk=pk)
    if not keeps_account_of(person, request.user.pk, request.standing, on=current_date()):
        raise PermissionDenied
    initial = {"name": person.name, "id_type": person.id_type, "email": person.email or ""}
    form, why = IdentityForm(request.POST or None, person=person, initial=initial), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() & why.is_valid():
        correct_identity(
            person=person,
            identity=form.identity(),
            by=request.user,
            now=current_time(),
            reason=why.cleaned_data["reason"],
        )
        return redirect("person", person.pk)
    context = {
        "forms": [form, why],
        "person": person,
        "title": _("更正资料"),
        "button": _("保存更正"),
        "place": "workbench",
        "hint": _("证件号码和手机号请照证件重新输入；旧号码不显示。改了哪几项会记进审计日志。"),
    }
    return render(request, "lms/people/person_form.html", context)


@allow(enterprise_manager)
def employment_change(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Move somebody, change the categories from a day on."""
    employment, today = own_employment(request, pk), current_date()
    if employment.ended_on:
        raise Http404
    current = employment.category_periods.on(today).values_list("category_id", flat=True)
    initial = {
        "workshop": employment.workshop.name if employment.workshop else "",
        "team": employment.team.name if employment.team else "",
        "post": employment.post.name if employment.post else "",
        "trade": employment.trade,
        "employment_type": employment.employment_type,
        "employer_name": employment.employer_name,
        "categories": list(current),
    }
    form = EmploymentChangeForm(request.POST or None, employment=employment, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_employment(
            employment=employment,
            place=form.place(employment.enterprise),
            categories=form.cleaned_data["categories"],
            from_day=form.cleaned_data["started_on"],
            by=request.user,
            now=current_time(),
        )
        return redirect("person", employment.person_id)
    context = {
        "forms": [form],
        "person": employment.person,
        "title": _("调岗、改类别"),
        "button": _("保存"),
        "place": "workbench",
        "hint": employment.enterprise.name,
    }
    return render(request, "lms/people/person_form.html", context)


@allow(enterprise_manager)
def employment_leave(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Note the last day; shows what that changes before it is done."""
    employment = own_employment(request, pk)
    form = LeaveForm(request.POST or None, employment=employment, initial={"last_day": current_date()})
    if request.method == "POST" and form.is_valid():
        end_employment(
            employment=employment,
            last_day=form.cleaned_data["last_day"],
            by=request.user,
            now=current_time(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("person", employment.person_id)
    context = {
        "forms": [form],
        "person": employment.person,
        "title": _("办离职"),
        "button": _("确认离职"),
        "danger": True,
        "place": "workbench",
        "hint": _("次日起不再计入覆盖率分母，也收不到本单位的课程和考试；培训档案、成绩和证明都保留。"),
    }
    return render(request, "lms/people/person_form.html", context)


@allow(enterprise_manager)
def person_reset(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Take the password away, so that the person activates the account again."""
    person = get_object_or_404(people_within(request.standing.scope), pk=pk)
    if not keeps_account_of(person, request.user.pk, request.standing, on=current_date()):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reset_sign_in(person=person, by=request.user, now=current_time(), reason=form.cleaned_data["reason"])
        return redirect("person", person.pk)
    context = {
        "forms": [form],
        "person": person,
        "title": _("重新启用账号"),
        "button": _("作废现在的密码"),
        "danger": True,
        "place": "workbench",
        "hint": _("现在的密码马上作废，已登录的设备会退出。本人再用工号、证件号码后六位和手机号自己设新密码。"),
    }
    return render(request, "lms/people/person_form.html", context)
