"""Coverage: overview, an enterprise's own page, named lists, exports."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import coverage_readers, supervision, workbench
from lms.coverage.actions import request_export
from lms.coverage.board import read_board
from lms.coverage.definition import definition_lines
from lms.coverage.named import named_people, person_lines
from lms.coverage.pages import Opened, open_overview, open_people, table_ask, workplace
from lms.coverage.queries import area_name, idle_enterprises, register_size
from lms.coverage.roster import employments
from lms.coverage.trend import read_trend
from lms.coverage.worst import enterprise_table
from lms.coverage.yardstick import Cell
from lms.kit.clock import current_date, current_time
from lms.organisations.models import Enterprise

PAGE = 30


@allow(coverage_readers)
def overview(request: SanzhenRequest) -> HttpResponse:
    """总览: one requirement as of a day, over everything that the reader supervises."""
    scope = request.standing.scope
    if not scope.supervises:
        return redirect("coverage:own")
    opened = open_overview(request.GET, scope, today=current_date())
    ask, listed = opened.ask, table_ask(opened)
    context: dict[str, Any] = {"place": "supervision", "opened": opened, "ask": ask, "area": area_name(scope)}
    if ask is not None and listed is not None:
        since = ask.day.replace(month=1, day=1)
        context |= {
            "board": read_board(ask, opened.definitions, opened.industries),
            "table": enterprise_table(listed, sort=opened.form.get("sort") or "worst", page=request.GET.get("page")),
            "definition": definition_lines(ask.definition, on=ask.on),
            "idle": idle_enterprises(scope, since=since, on=ask.day).count(),
            "register": register_size(scope, on=ask.day),
        }
    return render(request, "lms/coverage/overview.html", context)


@allow(supervision)
def trend(request: SanzhenRequest) -> HttpResponse:
    """The last twelve months as a part of the overview (or, without script, as a page)."""
    opened = open_overview(request.GET, request.standing.scope, today=current_date())
    chart = read_trend(opened.ask) if opened.ask else []
    name = "lms/coverage/_trend.html" if request.htmx else "lms/coverage/trend.html"
    return render(request, name, {"place": "supervision", "trend": chart, "ask": opened.ask})


@allow(workbench)
def own(request: SanzhenRequest) -> HttpResponse:
    """覆盖率 of one's own enterprise or team."""
    scope = workplace(request.standing.scope)
    mine = list(Enterprise.objects.filter(pk__in=scope.enterprise_ids))
    cell = Cell(enterprise_ids=(mine[0].pk,)) if len(mine) == 1 and not scope.team_ids else Cell()
    opened = open_overview(request.GET, scope, today=current_date(), cell=cell)
    return one_place(request, opened, place="workbench", enterprise=mine[0] if cell.enterprise_ids else None)


@allow(coverage_readers)
def enterprise(request: SanzhenRequest, pk: int) -> HttpResponse:
    """One enterprise; 404 outside one's view."""
    scope = request.standing.scope
    shown = get_object_or_404(Enterprise.objects.within(scope).select_related("industry", "region"), pk=pk)
    opened = open_overview(request.GET, scope, today=current_date(), cell=Cell(enterprise_ids=(pk,)))
    place = "supervision" if scope.supervises else "workbench"
    return one_place(request, opened, place=place, enterprise=shown)


def one_place(request: SanzhenRequest, opened: Opened, *, place: str, enterprise: Enterprise | None) -> HttpResponse:
    """Tiles, trend and the people who lack something, for an enterprise or a team."""
    ask = opened.ask
    context: dict[str, Any] = {"place": place, "opened": opened, "ask": ask, "enterprise": enterprise}
    if ask is not None:
        listed = open_people(
            {"requirement": ask.definition.code, "on": ask.on.isoformat()}, ask.scope, today=current_date()
        )
        wanted = replace(listed.ask, cell=ask.cell)
        people = list(named_people(wanted)[:10])
        context |= {
            "board": read_board(ask, opened.definitions, opened.industries),
            "trend": read_trend(ask, width=524, height=232),
            "definition": definition_lines(ask.definition, on=ask.on),
            "lines": person_lines(people, wanted),
            "staff": employments(ask.definition.yardstick, on=ask.day, scope=ask.scope, cell=ask.cell).count(),
        }
    return render(request, "lms/coverage/place.html", context)


@allow(supervision)
def idle(request: SanzhenRequest) -> HttpResponse:
    """零学习企业 by name."""
    scope = request.standing.scope
    opened = open_overview(request.GET, scope, today=current_date())
    day = opened.form.day
    found = idle_enterprises(scope, since=day.replace(month=1, day=1), on=day).select_related("industry", "region")
    page = Paginator(found.order_by("code"), PAGE).get_page(request.GET.get("page"))
    context = {"place": "supervision", "page": page, "day": day, "register": register_size(scope, on=day)}
    return render(request, "lms/coverage/idle.html", context)


@allow(coverage_readers)
def people(request: SanzhenRequest) -> HttpResponse:
    """名单: the people behind a number."""
    scope = request.standing.scope
    opened = open_people(request.GET.dict(), scope, today=current_date())
    page = Paginator(named_people(opened.ask), PAGE).get_page(request.GET.get("page"))
    context = {
        "place": "supervision" if scope.supervises else "workbench",
        "opened": opened,
        "ask": opened.ask,
        "page": page,
        "lines": person_lines(list(page.object_list), opened.ask),
        "definition": definition_lines(
            opened.ask.definition, on=opened.ask.on, category_id=opened.ask.cell.category_id
        ),
        "total": opened.total(),
    }
    return render(request, "lms/coverage/people.html", context)


@require_POST
@allow(coverage_readers)
def people_export(request: SanzhenRequest) -> HttpResponse:
    """Write exactly the listed people to a file, in the background."""
    opened = open_people(request.GET.dict(), request.standing.scope, today=current_date())
    job = request_export(
        kind="coverage.people",
        title=_("导出名单"),
        query=request.GET.dict(),
        by=request.user,
        now=current_time(),
        enterprise_id=opened.enterprise.pk if opened.enterprise else None,
    )
    return redirect("jobs:job", job.pk)


@require_POST
@allow(supervision)
def enterprises_export(request: SanzhenRequest) -> HttpResponse:
    """Write the table of enterprises, as filtered and sorted, to a file."""
    job = request_export(
        kind="coverage.enterprises",
        title=_("导出企业覆盖率"),
        query=request.GET.dict(),
        by=request.user,
        now=current_time(),
    )
    return redirect("jobs:job", job.pk)
