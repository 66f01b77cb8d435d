"""What this part contributes to home screens and sidebars."""

from django.utils.translation import gettext_lazy as _

from lms.access.panels import NavItem, Place
from lms.access.rules import editing, supervision, workbench


def entries(place: Place) -> list[NavItem]:
    """The same lines in both places: the sidebar shows the place that the person works in."""
    return [
        NavItem(place, _("晨会卡片"), "today", "content:cards", workbench, 70, group=_("资料")),
        NavItem(place, _("资料库"), "book", "content:library", workbench | supervision, 71, group=_("资料")),
        NavItem(place, _("编辑台"), "edit", "wagtailadmin_home", editing, 72, group=_("资料")),
    ]


NAVIGATION: list[NavItem] = [*entries("workbench"), *entries("supervision")]
