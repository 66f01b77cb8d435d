"""What a browser reports of itself before an exam, typed and bounded, and what that means (pure)."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exams.attempts.packets import BadPacket, problems_of

LONGEST_TRIP = 60_000  # ms; the page gives up earlier
SLOW_TRIP, SLOWEST_TRIP = 800, 5_000  # ms
WRONG_CLOCK = 120_000  # ms
BIGGEST_DIFFERENCE = 10 * 366 * 86_400_000  # ms: phones that begin in 1970 are wrong by more, and are cut off


class Results(BaseModel):
    """Times in milliseconds; `clock_ms`: how much the device's clock is ahead of the server's."""

    model_config = ConfigDict(extra="forbid", strict=True)

    journal: bool  # an answer was written to the disk and read again
    worker: bool  # a service worker keeps the paper for a reload without network
    full_screen: bool
    trip_ms: int = Field(ge=0, le=LONGEST_TRIP)
    clock_ms: int = Field(ge=-BIGGEST_DIFFERENCE, le=BIGGEST_DIFFERENCE)


def parse_results(body: bytes) -> Results:
    """Read the JSON of a request; raises BadPacket with every problem."""
    try:
        return Results.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise BadPacket(problems_of(error)) from None


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result; `bad`: the exam should not be sat on this device as it is."""

    state: Literal["ok", "warn", "bad"]
    title: str
    detail: str = ""


def findings(results: Results, *, wants_full_screen: bool, in_seb: bool | None) -> list[Finding]:
    """What the results mean for an exam. `in_seb`: None where Safe Exam Browser is not asked for."""
    lines = [journal_finding(results), trip_finding(results), worker_finding(results), clock_finding(results)]
    if wants_full_screen:
        lines.append(full_screen_finding(results))
    if in_seb is not None:
        lines.append(seb_finding(in_seb=in_seb))
    return lines


def fit(lines: list[Finding]) -> bool:
    """Whether the exam can be sat on the device."""
    return not any(line.state == "bad" for line in lines)


def journal_finding(results: Results) -> Finding:
    """Without a journal answers are lost with the page when the network is away."""
    if results.journal:
        return Finding("ok", _("断网时答案存得住"), _("写进这台设备又读了出来。"))
    return Finding("bad", _("断网时答案存不住"), _("请退出无痕模式，给浏览器留出存储空间，或者换一个浏览器再检测。"))


def trip_finding(results: Results) -> Finding:
    """How long an answer travels."""
    words = _("答案送到服务器来回 %(n)s 毫秒。") % {"n": results.trip_ms}
    if results.trip_ms > SLOWEST_TRIP:
        return Finding("bad", _("网络太慢"), words + _("请换一个网络，再检测一次。"))
    if results.trip_ms > SLOW_TRIP:
        return Finding("warn", _("网络有点慢"), words + _("能考，保存会慢一些。"))
    return Finding("ok", _("网络通畅"), words)


def worker_finding(results: Results) -> Finding:
    """The service worker."""
    if results.worker:
        return Finding("ok", _("断网时刷新也能接着答"))
    return Finding("warn", _("断网时不能刷新"), _("断网时请不要刷新、不要关掉答题页，等网络恢复。"))


def clock_finding(results: Results) -> Finding:
    """A wrong clock does no harm, but explains what looks odd."""
    if abs(results.clock_ms) <= WRONG_CLOCK:
        return Finding("ok", _("设备的钟是准的"))
    minutes = round(abs(results.clock_ms) / 60_000)
    ahead = results.clock_ms > 0
    words = _("快了 %(n)s 分钟。") if ahead else _("慢了 %(n)s 分钟。")
    return Finding("warn", _("设备的钟不准"), words % {"n": minutes} + _("考试按服务器的钟计时，不受影响。"))


def full_screen_finding(results: Results) -> Finding:
    """Asked for on computers only."""
    if results.full_screen:
        return Finding("ok", _("可以全屏"))
    return Finding("warn", _("不能全屏"), _("手机不要求全屏；用电脑考，请换一个浏览器。"))


def seb_finding(*, in_seb: bool) -> Finding:
    """The program that locks the computer."""
    if in_seb:
        return Finding("ok", _("正在用 Safe Exam Browser"))
    return Finding(
        "bad", _("不是 Safe Exam Browser"), _("这场考试必须用它：回到考试页，按上面的步骤打开，再检测一次。")
    )
