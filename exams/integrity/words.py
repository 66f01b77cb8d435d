"""Signals and traits in plain words, always with the innocent explanations beside them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exams.integrity.models import Behaviour, Signal, SignalKind, Trait


@dataclass(frozen=True, slots=True)
class Words:
    """What was noticed, and how it can have come about without anything wrong. `kind` tells marks apart."""

    kind: str
    text: str
    innocent: str


def describe(signal: Signal) -> Words:
    """One signal for the live board and the timeline."""
    return Words(signal.kind, text_of(signal), innocent(signal.kind))


def seconds(signal: Signal) -> str:
    """How long, without a useless zero."""
    return "" if signal.seconds is None else f"{signal.seconds.normalize():f}"


def left_page(signal: Signal) -> str:
    """A leave with its length, and whether it counts."""
    if signal.seconds is None:
        text = _("离开页面，不知道多久")
    else:
        text = _("离开页面 %(seconds)s 秒") % {"seconds": seconds(signal)}
    return text if signal.counted else _("%(text)s，太短，不计次") % {"text": text}


def address(signal: Signal) -> str:
    """The first one, or another one."""
    shown = {"address": signal.detail.get("shown", "?")}
    return (_("网络地址变成 %(address)s") if signal.counted else _("网络地址 %(address)s")) % shown


def text_of(signal: Signal) -> str:
    """What happened, in a few words."""
    if signal.kind == SignalKind.LEFT_PAGE:
        return left_page(signal)
    if signal.kind == SignalKind.ADDRESS:
        return address(signal)
    if signal.detail.get("blocked"):
        return {
            SignalKind.COPY: _("想复制页面上的内容，已拦下"),
            SignalKind.PASTE: _("想往答案里粘贴，已拦下"),
            SignalKind.CONTEXT_MENU: _("想打开右键菜单，已拦下"),
            SignalKind.PRINT: _("想打印页面，打出来是空白"),
        }[SignalKind(signal.kind)]
    return {
        SignalKind.FULL_SCREEN_LEFT: _("退出全屏"),
        SignalKind.COPY: _("复制了页面上的内容"),
        SignalKind.PASTE: _("往答案里粘贴"),
        SignalKind.CONTEXT_MENU: _("打开右键菜单"),
        SignalKind.PRINT: _("打印页面"),
        SignalKind.SECOND_SCREEN: _("电脑接着第二块屏幕"),
        SignalKind.NETWORK_CHANGED: _("网络类型变了"),
        SignalKind.SECOND_DEVICE: _("另一台设备想保存答案，没有收"),
        SignalKind.TAKE_OVER: _("换了一台设备继续答"),
        SignalKind.SEB_REFUSED: _("不是从 Safe Exam Browser 来的，没有收"),
        SignalKind.NO_CAMERA: _("同意了拍照，但照不成"),
        SignalKind.MANY: _("信号太多，后面的不再逐条记"),
    }[SignalKind(signal.kind)]


def innocent(kind: str) -> str:
    """How a signal of this kind comes about without anything wrong."""
    return {
        SignalKind.LEFT_PAGE: _("来电、弹窗、输入法、锁屏也会触发。"),
        SignalKind.FULL_SCREEN_LEFT: _("误按 Esc、系统弹窗也会退出全屏。"),
        SignalKind.COPY: _("有人习惯选中文字边看边读，也可能是误触。"),
        SignalKind.PASTE: _("可能是把自己写的一段挪个地方，或者输入法的剪贴板。"),
        SignalKind.CONTEXT_MENU: _("手机长按、误点右键都会触发。"),
        SignalKind.PRINT: _("快捷键按错也会触发。"),
        SignalKind.SECOND_SCREEN: _("办公室的电脑常接两块屏幕。"),
        SignalKind.NETWORK_CHANGED: _("手机在无线网和流量之间自动切换很常见。"),
        SignalKind.ADDRESS: _("无线网换流量、运营商换地址都会变。"),
        SignalKind.SECOND_DEVICE: _("可能是原来的设备断网后又连上了。"),
        SignalKind.TAKE_OVER: _("没电、死机、换电脑都要换设备。"),
        SignalKind.SEB_REFUSED: _("可能点错了浏览器，或者用了旧的配置文件。"),
        SignalKind.NO_CAMERA: _("没有摄像头、没给权限、被别的程序占用，都会这样。请当面确认本人。"),
        SignalKind.MANY: _("可能是浏览器或者设备出了毛病。"),
    }[SignalKind(kind)]


def describe_behaviour(behaviour: Behaviour) -> list[Words]:
    """What stands out of a record, in the order of `Trait`."""
    texts = trait_texts(behaviour.figures)
    return [Words(trait, *texts[Trait(trait)]) for trait in Trait.values if trait in behaviour.traits]


def trait_texts(figures: dict[str, Any]) -> dict[Trait, tuple[str, str]]:
    """Each trait with its figures and its innocent explanation."""
    values = {name: figures.get(name, 0) for name in ("rapid", "timed", "slow", "turned", "first_wrong", "expected")}
    values["effort"] = round(100 * float(figures.get("effort", 0)))
    values["chance"] = f"{100 * float(figures.get('chance', 1)):.2g}"
    known = _("先想好再点、以前做过同样的题，也会快。时间按服务器收到的算，网络慢会不准。")
    return {
        Trait.RAPID: (_("%(timed)s 题里有 %(rapid)s 题答得太快，不像读过题") % values, known),
        Trait.LOW_EFFORT: (_("用时正常的题只占 %(effort)s%%") % values, known),
        Trait.SLOW: (
            _("%(slow)s 题用时远超同场的人") % values,
            _("断网、离开一会儿、读题慢、反复检查，都会长。"),
        ),
        Trait.REVISIONS: (
            _("先答错 %(first_wrong)s 题，改对 %(turned)s 题；照同场的人看约 %(expected)s 题，碰巧的可能 %(chance)s%%")
            % values,
            _("先快速过一遍再认真答的人，改对的自然多。"),
        ),
    }
