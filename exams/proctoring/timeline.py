"""The story of one attempt in one list: answers, signals, gaps, what proctors did, how it ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from exams.attempts.models import AnswerEvent, Attempt, EventKind
from exams.attempts.moments import span
from exams.integrity.models import SignalKind
from exams.integrity.queries import signals_of
from exams.integrity.words import describe
from exams.proctoring.models import Intervention, InterventionKind, Message, MessageKind

SILENCE = timedelta(minutes=5)  # without an answer, from which on it is told
LATE = timedelta(minutes=1)  # between the making of an answer and its arrival, from which on it is told
RUN = timedelta(minutes=1)  # answers closer than this are told in one line


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `tone`: ok, info, warn, bad; `detail`: what helps to judge it fairly."""

    at: datetime
    text: str
    detail: str = ""
    tone: str = "info"


def timeline(attempt: Attempt) -> list[Entry]:
    """All that is known, oldest first; five queries. Positions and times of answers only, never what was answered."""
    events = list(attempt.events.order_by("sequence"))
    entries = [
        Entry(attempt.started_at, _("开考"), _("第 %(n)s 次考试") % {"n": attempt.number}, "ok"),
        *answer_entries(events),
        *gap_entries(attempt, events),
        *event_entries(events),
        *signal_entries(attempt),
        *intervention_entries(attempt),
        *message_entries(attempt),
        *held_entries(attempt),
    ]
    return sorted(entries, key=lambda entry: entry.at)


def runs_of(events: Sequence[AnswerEvent]) -> Iterator[list[AnswerEvent]]:
    """Answers that came one after the other without a long rest."""
    run: list[AnswerEvent] = []
    for event in events:
        if event.kind != EventKind.ANSWER:
            continue
        if run and event.received_at - run[-1].received_at > RUN:
            yield run
            run = []
        run.append(event)
    if run:
        yield run


def answer_entries(events: Sequence[AnswerEvent]) -> Iterator[Entry]:
    """A line for each run of answers."""
    for run in runs_of(events):
        positions = sorted({event.position for event in run if event.position is not None})
        shown = "、".join(str(position) for position in positions[:12]) + ("…" if len(positions) > 12 else "")
        lag = max((e.received_at - e.made_at for e in run if e.made_at), default=timedelta(0))
        late = _("最多晚到 %(span)s") % {"span": span(lag)} if lag > LATE else ""
        text = _("作答 %(n)s 次：第 %(places)s 题") % {"n": len(run), "places": shown}
        yield Entry(run[0].received_at, text, late, "ok")


def gap_entries(attempt: Attempt, events: Sequence[AnswerEvent]) -> Iterator[Entry]:
    """Long silences between two events while the attempt was open."""
    moments = [attempt.started_at, *(event.received_at for event in events if event.kind in OPEN_KINDS)]
    for before, after in pairwise(moments):
        if after - before > SILENCE:
            text = _("%(span)s 没有新的作答") % {"span": span(after - before)}
            yield Entry(before, text, _("可能在想题、在检查，也可能断网。"), "info")


OPEN_KINDS = {EventKind.ANSWER, EventKind.SUBMIT}


def event_entries(events: Sequence[AnswerEvent]) -> Iterator[Entry]:
    """What the chain says besides answers."""
    for event in events:
        facts = event.response
        if event.kind == EventKind.SUBMIT:
            reason = {"person": _("本人交卷"), "expired": _("到时自动交卷"), "forced": _("强制交卷")}
            yield Entry(event.received_at, reason.get(facts["reason"], facts["reason"]), "", "ok")
        elif event.kind == EventKind.DEVICE and "to" in facts:
            yield Entry(event.received_at, _("换到另一台设备"), "", "warn")
        elif event.kind == EventKind.GRADE:
            yield Entry(event.received_at, _("评定成绩 %(score)s 分") % {"score": facts["score"] or "—"}, "", "info")
        elif event.kind == EventKind.LATE:
            yield Entry(event.received_at, _("补传的第 %(n)s 题计入") % {"n": event.position}, "", "info")


def signal_entries(attempt: Attempt) -> Iterator[Entry]:
    """Signals with their innocent explanations."""
    for signal in signals_of(attempt).exclude(kind=SignalKind.TAKE_OVER):  # the chain tells of it
        words = describe(signal)
        yield Entry(signal.made_at or signal.at, words.text, words.innocent, "warn" if signal.counted else "info")


def intervention_entries(attempt: Attempt) -> Iterator[Entry]:
    """What proctors did to this attempt."""
    rows = Intervention.objects.filter(attempt=attempt).exclude(kind__in=[InterventionKind.MESSAGE])
    for row in rows.select_related("reason", "by"):
        who = row.by.name if row.by else _("考试规则")
        minutes = _(" %(n)s 分钟") % {"n": row.minutes} if row.minutes else ""
        reason = "：".join(part for part in (str(row.reason or ""), row.note) if part)
        yield Entry(row.at, f"{row.get_kind_display()}{minutes} · {who}", reason, "bad" if row.kind in HARD else "info")


HARD = {InterventionKind.FORCE_SUBMIT, InterventionKind.VOID}


def message_entries(attempt: Attempt) -> Iterator[Entry]:
    """What the candidate was told."""
    until = attempt.submitted_at
    rows = Message.objects.filter(exam_id=attempt.exam_id, at__gte=attempt.started_at)
    for row in rows.order_by("pk"):
        if row.attempt_id in (None, attempt.pk) and (until is None or row.at <= until):
            tone = "warn" if row.kind == MessageKind.WARNING else "info"
            yield Entry(row.at, f"{row.get_kind_display()}：{row.text}", "", tone)


def held_entries(attempt: Attempt) -> Iterator[Entry]:
    """Changes that came too late."""
    for row in attempt.held_changes.all():
        text = _("第 %(n)s 题晚到 %(span)s，留待裁定") % {
            "n": row.position, "span": span(timedelta(seconds=row.lag_seconds)),
        }  # fmt: skip
        yield Entry(row.received_at, text, row.get_ruling_display() if row.ruling else "", "warn")
