"""Home screens: collects what the apps' `panels.py` contribute. May import all, imported by none."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lms.access.decorators import allow
from lms.access.panels import Card, NavItem, Place
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody, supervision, workbench
from lms.kit.clock import current_date, current_time

PANEL_MODULES = (
    "lms.people.panels",
    "lms.coverage.panels",
    "courses.panels",
    "exams.panels",
    "certificates.panels",
    "content.panels",
)


def panels() -> list[ModuleType]:
    """The panel modules of all apps."""
    return [import_module(name) for name in PANEL_MODULES]


def cards(request: SanzhenRequest, kind: str) -> list[Card]:
    """All cards of a kind (`learner_cards` …), in order."""
    found: list[Card] = []
    for module in panels():
        found.extend(getattr(module, kind, lambda request: [])(request))
    return sorted(found, key=lambda card: card.position)


@dataclass(frozen=True)
class NavLine:
    """A sidebar line ready for the template."""

    label: str
    icon: str
    address: str
    current: bool
    count: int


@dataclass(frozen=True)
class NavGroup:
    """A heading with its lines."""

    title: str
    items: Sequence[NavLine]


def navigation(request: SanzhenRequest, place: Place) -> list[NavGroup]:
    """The sidebar of a place for this person, grouped by heading in order of position."""
    wanted: list[NavItem] = [
        item
        for module in panels()
        for item in getattr(module, "NAVIGATION", ())
        if item.place == place and item.rule(request)
    ]
    groups: dict[str, list[NavLine]] = {}
    here = request.resolver_match.view_name if request.resolver_match else ""
    for item in sorted(wanted, key=lambda item: item.position):
        count = item.count(request) if item.count else 0
        line = NavLine(str(item.label), item.icon, reverse(item.url_name), here == item.url_name, count)
        groups.setdefault(str(item.group), []).append(line)
    return [NavGroup(title, lines) for title, lines in groups.items()]


@allow(everybody)
def home(request: SanzhenRequest) -> HttpResponse:
    """今日 for a signed-in person, the public home page for a stranger."""
    if not request.user.is_authenticated:
        return render(request, "lms/public_home.html")
    shown = cards(request, "learner_cards")
    first = next((card for card in shown if card.next_step), None)
    context: dict[str, Any] = {"cards": shown, "first": first, "tab": "today", "today": current_date()}
    return render(request, "lms/today.html", context)


def greeting(hour: int) -> str:
    """早上好, 中午好, 下午好, 晚上好."""
    if hour < 5 or hour >= 18:
        return gettext("晚上好")
    return gettext("早上好") if hour < 11 else gettext("中午好") if hour < 14 else gettext("下午好")


@allow(workbench)
def workbench_home(request: SanzhenRequest) -> HttpResponse:
    """待办."""
    shown = cards(request, "workbench_cards")
    context = {
        "cards": shown,
        "to_do": sum(card.to_do for card in shown),
        "today": current_date(),
        "place": "workbench",
        "greeting": greeting(timezone.localtime(current_time()).hour),
    }
    return render(request, "lms/workbench.html", context)


@allow(supervision)
def supervision_home(request: SanzhenRequest) -> HttpResponseRedirect:
    """The supervision place opens on coverage."""
    return redirect("coverage:overview")


@require_POST
@allow(everybody)
def set_type_size(request: HttpRequest) -> HttpResponseRedirect:
    """大字版 on or off, kept in a cookie for a year."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    size = "large" if request.POST.get("size") == "large" else "normal"
    response.set_cookie("type", size, max_age=365 * 86400, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
