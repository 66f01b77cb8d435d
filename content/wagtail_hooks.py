"""The editing place: our menus, our lists, our colours; what our editors do not need is gone."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.viewsets.pages import PageListingViewSet

from content.cases.models import CasePage, PracticePage
from content.lessons.models import CoursePage
from content.library.models import CodedPage
from content.meetings.models import CardPage
from content.mindsets.models import MindsetPage
from content.standards.models import ClausePage
from lms.access.decorators import sign_in_first

HIDDEN_MENUS = frozenset({"help", "settings"})
HIDDEN_REPORTS = frozenset({"aging-pages", "page-types-usage", "workflow-tasks"})


class ListColumn(Column):
    """A plain column that sorts by the field it shows."""

    def __init__(self, name: str, label: Any, **kwargs: Any) -> None:
        super().__init__(name, label=label, sort_key=name, width="12%", **kwargs)


def columns(*extra: Column) -> list[Column]:
    """Title, the given columns, last change, status."""
    return [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("标题"), sort_key="title", classname="title"),
        *extra,
        ListColumn("code", _("编号")),
        PageStatusColumn("status", label=_("状态"), sort_key="live", width="12%"),
    ]


def listing(
    model: type[CodedPage],
    *,
    name: str,
    label: Any,
    icon: str,
    order: int,
    extra: Sequence[Column] = (),
    filters: Sequence[str] = (),
) -> PageListingViewSet:
    """A flat list of all pages of a type, with a line in the menu."""
    attributes = {
        "model": model,
        "url_namespace": f"library_{name}",
        "url_prefix": f"library/{name}",
        "menu_label": label,
        "icon": icon,
        "menu_order": order,
        "add_to_admin_menu": True,
        "list_display": columns(*extra),
        "list_filter": list(filters),
    }
    return type(f"{model.__name__}ViewSet", (PageListingViewSet,), attributes)(f"library_{name}")


@hooks.register("register_admin_viewset")
def library_lists() -> list[PageListingViewSet]:
    """One list for each kind of material, in the order of the public library."""
    return [
        listing(
            ClausePage,
            name="clauses",
            label=_("判定标准"),
            icon="clipboard-list",
            order=110,
            extra=[ListColumn("determination", _("判定方式"), accessor="get_determination_display")],
            filters=["determination", "industries"],
        ),
        listing(MindsetPage, name="mindsets", label=_("四种心态"), icon="group", order=120),
        listing(
            CardPage,
            name="cards",
            label=_("晨会卡片"),
            icon="comment",
            order=130,
            extra=[ListColumn("minutes", _("分钟"))],
            filters=["minutes", "industries", "mindset"],
        ),
        listing(
            CasePage,
            name="cases",
            label=_("警示案例"),
            icon="warning",
            order=140,
            extra=[ListColumn("happened_on", _("发生日期"))],
            filters=["industries"],
        ),
        listing(PracticePage, name="practices", label=_("典型经验"), icon="pick", order=150, filters=["industries"]),
        listing(
            CoursePage,
            name="courses",
            label=_("课程"),
            icon="list-ul",
            order=160,
            extra=[ListColumn("credit_hours", _("学时"))],
            filters=["must_study", "categories", "industries"],
        ),
    ]


@hooks.register("construct_main_menu")
def leave_out_menus(request: Any, menu_items: list[MenuItem]) -> None:
    """No help of a foreign product, no settings: people and roles are kept elsewhere."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_MENUS]


@hooks.register("construct_reports_menu")
def leave_out_reports(request: Any, menu_items: list[MenuItem]) -> None:
    """What is under review, what is locked, what happened: the rest says nothing here."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_REPORTS]


@hooks.register("construct_homepage_summary_items", order=10_000)
def leave_out_counts(request: Any, summary_items: list[Any]) -> None:
    """The first page opens with the work, not with counts of files."""
    summary_items.clear()


@hooks.register("register_admin_menu_item")
def way_back() -> MenuItem:
    """Back to the person's own pages."""
    return MenuItem(_("回到三真"), "/", name="sanzhen", icon_name="home", order=20)


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    """Our palette over Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("content/editing.css"))


@hooks.register("construct_explorer_page_queryset")
def in_their_order(parent_page: Any, pages: Any, request: Any) -> Any:
    """The explorer shows pages in the order in which readers meet them, unless asked otherwise."""
    return pages if request.GET.get("ordering") else pages.order_by("path")


@hooks.register("before_copy_page")
def no_copies(request: Any, page: Any) -> Any:
    """A copy would carry the code of another page."""
    if isinstance(page.specific, CodedPage):
        messages.error(request, _("带编号的页面不能复制：编号只能有一个。请新建一页。"))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_serve_document")
def documents_for_members(document: Any, request: Any) -> Any:
    """Files belong to lessons: who is not signed in signs in first, as for the film in its lesson."""
    return None if request.user.is_authenticated else sign_in_first(request)
