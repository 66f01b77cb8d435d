"""Finding near-duplicates in the bank, and deciding about them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from exams.bank.actions import retire
from exams.bank.bodies import body_from, texts_of
from exams.bank.models import Question, QuestionStatus
from exams.bank.similarity import SimilarTexts, text_of
from exams.bank.states import NotAllowed
from exams.bank.twin_models import TwinDecision, TwinPair
from lms.audit.actions import record
from lms.jobs.actions import start_job
from lms.jobs.models import Job
from lms.jobs.registry import JobResult, Progress
from lms.kit.db import compare_and_set
from lms.people.models import User

TWIN_JOB = "bank.twins"
BATCH = 2000


def start_scan(*, by: User) -> Job:
    """Look through the whole bank in the background."""
    return start_job(kind=TWIN_JOB, title=_("查找相近的题"), by=by)


def bank_texts() -> Iterator[tuple[str, str]]:
    """Id and comparable text of every question in use."""
    questions = Question.objects.exclude(status=QuestionStatus.RETIRED).filter(current__isnull=False).order_by("pk")
    columns = ("pk", "current__type", "current__stem", "current__options", "current__key")
    for pk, kind, stem, options, key in questions.values_list(*columns).iterator(chunk_size=BATCH):
        yield str(pk), text_of(stem, texts_of(body_from(kind, options, key)))


def scan_twins(*, now: datetime, by: User | None, progress: Progress) -> JobResult:
    """Compare every question in use with all others; new pairs wait for a decision, decided ones stay as they are."""
    total = Question.objects.exclude(status=QuestionStatus.RETIRED).filter(current__isnull=False).count()
    known = SimilarTexts()
    texts = bank_texts()
    found = done = 0
    while batch := list(islice(texts, BATCH)):
        found += keep_pairs(known, batch, now)
        done += len(batch)
        progress(done, total)
    # What was found by an earlier scan and not by this one has been revised or retired.
    TwinPair.objects.filter(decision=TwinDecision.OPEN, found_at__lt=now).delete()
    record(action="questions.compared", by=by, now=now, detail={"questions": done, "pairs": found})
    return JobResult(summary={"questions": done, "pairs": found})


def keep_pairs(known: SimilarTexts, batch: list[tuple[str, str]], now: datetime) -> int:
    """Store the pairs that a batch makes with what came before; returns their number."""
    rows = [
        TwinPair(
            first_id=min(int(label), int(match.label)),
            second_id=max(int(label), int(match.label)),
            likeness=Decimal(str(round(match.likeness, 3))),
            found_at=now,
        )
        for (label, _text), matches in zip(batch, known.all_many(batch), strict=True)
        for match in matches
    ]
    TwinPair.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["likeness", "found_at"],
    )
    return len(rows)


def decide_different(*, pair: TwinPair, by: User, now: datetime) -> None:
    """They are two questions; the pair is never shown again. Raises StaleState when decided meanwhile."""
    decide(pair, TwinDecision.DIFFERENT, by, now)


@transaction.atomic
def decide_same(*, pair: TwinPair, retired_id: int, by: User, now: datetime) -> None:
    """They are one question: retire one of them. Raises StaleState, NotAllowed for a question of another pair."""
    if retired_id not in (pair.first_id, pair.second_id):
        raise NotAllowed("pair")
    goes, stays = (pair.first, pair.second) if retired_id == pair.first_id else (pair.second, pair.first)
    decide(pair, TwinDecision.SAME, by, now, retired=goes.code)
    retire(question=goes, reason=_("与 %(code)s 重复") % {"code": stays.code}, by=by, now=now)


@transaction.atomic
def decide_enemies(*, pair: TwinPair, by: User, now: datetime) -> str:
    """They are near but both worth keeping: one enemy group, so that no paper holds both. Returns its name.

    When both have a group already, the two groups become one. Raises StaleState when decided meanwhile.
    """
    first, second = pair.first, pair.second
    group = first.enemy_group or second.enemy_group or _("相近 %(code)s") % {"code": first.code}
    decide(pair, TwinDecision.ENEMIES, by, now, group=group)
    joined = {first.pk, second.pk}
    if second.enemy_group and second.enemy_group != group:
        joined |= set(Question.objects.filter(enemy_group=second.enemy_group).values_list("pk", flat=True))
    join_group(joined, group, now)
    return group


def join_group(question_ids: Iterable[int], group: str, now: datetime) -> None:
    """Put questions into an enemy group."""
    others = Question.objects.filter(pk__in=list(question_ids)).exclude(enemy_group=group)
    others.update(enemy_group=group, changed_at=now)


@transaction.atomic
def decide(pair: TwinPair, decision: TwinDecision, by: User, now: datetime, **detail: str) -> None:
    """Note a decision once, with its audit entry."""
    change = {"decision": decision, "decided_by_id": by.pk, "decided_at": now}
    compare_and_set(pair, expect={"decision": TwinDecision.OPEN}, change=change)
    record(
        action="twins.decided", by=by, now=now, target=pair,
        detail={"decision": decision, "questions": [pair.first_id, pair.second_id], **detail},
    )  # fmt: skip
