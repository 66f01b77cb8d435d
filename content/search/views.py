"""The search page of the library."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from content.library.queries import library_address
from content.search.queries import found_pages, hits_of
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody

PER_PAGE = 20
KIND_NAMES = {
    "": _("全部"),
    "clause": _("判定标准"),
    "card": _("晨会卡片"),
    "case": _("警示案例"),
    "practice": _("典型经验"),
    "mindset": _("四种心态"),
    "course": _("课程"),
    "lesson": _("课时"),
}


@allow(everybody)
def search(request: SanzhenRequest) -> HttpResponse:
    """Pages with the words asked for; lessons only for people signed in."""
    text = request.GET.get("q", "").strip()[:80]
    kind = request.GET.get("kind", "")
    members = request.user.is_authenticated
    page = Paginator(found_pages(text, kind=kind, members=members), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "kind": kind,
        "page_obj": page,
        "tab": "learn",
        "library_address": library_address(request),
        "kinds": [(code, name) for code, name in KIND_NAMES.items() if code != "lesson" or members],
        "hits": hits_of(list(page.object_list), text, request),
    }
    return render(request, "content/search/search.html", context)
