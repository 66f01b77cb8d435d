"""Template tags of the visual language: icons, badges, masks, numbers."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from lms.kit.masking import mask_id, mask_name, mask_phone

register = template.Library()
register.filter("mask_id", mask_id)
register.filter("mask_phone", mask_phone)
register.filter("mask_name", mask_name)

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "clock" "sm" %}`: a decorative icon from the sprite; sizes sm, lg."""
    css = f"i i-{size}" if size else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("lms/icons.svg"), name
    )


@register.simple_tag
def badge(state: str, text: str) -> SafeString:
    """`{% badge "warn" _("今天截止") %}`: shape + word + colour; states ok, warn, bad, part, info, off."""
    css = {"part": "badge-ok"}.get(state, f"badge-{state}")
    return format_html(
        '<span class="badge {}"><svg aria-hidden="true"><use href="{}#badge-{}"/></svg>{}</span>',
        css,
        static("lms/icons.svg"),
        state,
        text,
    )


@register.simple_tag
def mark() -> SafeString:
    """The three slanted bars."""
    return format_html('<svg aria-hidden="true"><use href="{}#mark"/></svg>', static("lms/icons.svg"))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """`{% query page=2 %}`: the page's query string with changes; None or "" removes a key."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def long_day(day: date | datetime) -> str:
    """`11 月 24 日 星期二` or `Tuesday, 24 November`."""
    local = timezone.localdate(day) if isinstance(day, datetime) else day
    if get_language() == "en":
        return local.strftime("%A, %-d %B")
    return f"{local.month} 月 {local.day} 日 {WEEKDAYS[local.weekday()]}"


@register.filter
def cn_date(day: date | datetime | None) -> str:
    """`2026 年 11 月 24 日`, in English `2026-11-24`."""
    if day is None:
        return ""
    local = timezone.localdate(day) if isinstance(day, datetime) else day
    return local.isoformat() if get_language() == "en" else f"{local.year} 年 {local.month} 月 {local.day} 日"


@register.filter
def iso(moment: date | datetime | None) -> str:
    """`2026-11-24` or `2026-11-24 09:48`."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    return moment.isoformat()


@register.filter
def duration(value: timedelta | int | float | None) -> str:
    """Seconds or a timedelta in words: `48 分 20 秒`."""
    if value is None:
        return ""
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    minutes, rest = divmod(seconds, 60)
    if minutes and rest:
        return gettext("%(minutes)d 分 %(seconds)d 秒") % {"minutes": minutes, "seconds": rest}
    if minutes:
        return gettext("%(minutes)d 分钟") % {"minutes": minutes}
    return gettext("%(seconds)d 秒") % {"seconds": rest}


@register.filter
def plain(number: Decimal | float | int | None) -> str:
    """A number without superfluous zeros: 14.50 → 14.5, 80.00 → 80."""
    if number is None:
        return ""
    return f"{Decimal(str(number)):f}".rstrip("0").rstrip(".") if "." in f"{Decimal(str(number)):f}" else str(number)


@register.filter
def styled(field: BoundField) -> SafeString:
    """A form field's control with the class of our style sheets."""
    widget = field.field.widget
    css = "check" if isinstance(widget, CheckboxInput) else "select" if isinstance(widget, Select) else "input"
    attributes: dict[str, str | bool] = {"class": f"{css} {widget.attrs.get('class', '')}".strip(), **sizes(field)}
    return field.as_widget(attrs=attributes)


def sizes(field: BoundField) -> dict[str, str]:
    """Attributes that phones need: no capitals and no corrections in codes."""
    name = field.name
    if name in ("login", "username", "id_tail", "code"):
        return {"autocapitalize": "none", "spellcheck": "false"}
    return {}


@register.filter
def page_numbers(page: Page) -> list[int]:
    """The numbers of a pager, 0 for a gap: 1 2 3 0 9."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    shown: list[int] = []
    for number in wanted:
        if shown and number > shown[-1] + 1:
            shown.append(0)
        shown.append(number)
    return shown
