"""Writing anchors, and checking the record against them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.core.files.base import ContentFile
from django.db import transaction

from exams.attempts.anchor_models import Anchor
from exams.attempts.anchoring import BadAnchor, Head, anchor_text, digest_of, heads_in
from exams.attempts.models import AnswerEvent
from lms.audit.actions import record

# Rows get their numbers before they are committed: what is younger may still have gaps below it.
SETTLED = timedelta(minutes=10)
BATCH = 500


def write_anchor(*, now: datetime) -> Anchor | None:
    """Anchor every chain that went on since the last anchor; None when none did."""
    before = Anchor.objects.last()
    first = before.last_event if before else 0
    settled = AnswerEvent.objects.filter(received_at__lt=now - SETTLED, pk__gt=first).order_by("-pk")
    last = settled.values_list("pk", flat=True).first()
    if last is None:
        return None
    heads = heads_between(first, last)
    text = anchor_text(heads, previous=before.digest if before else "")
    anchor = Anchor(
        made_at=now, last_event=last, attempts=len(heads), digest=digest_of(text),
        previous=before.digest if before else "",
    )  # fmt: skip
    with transaction.atomic():
        anchor.file.save(f"{now:%Y-%m-%d}-{anchor.digest[:12]}.txt", ContentFile(text.encode()), save=False)
        anchor.save()
        record(
            action="attempts.anchored", by=None, now=now, target=anchor,
            detail={"attempts": anchor.attempts, "digest": anchor.digest, "previous": anchor.previous},
        )  # fmt: skip
    return anchor


def heads_between(first: int, last: int) -> list[Head]:
    """The newest event of each attempt among the rows after `first` up to `last`."""
    rows = AnswerEvent.objects.filter(pk__gt=first, pk__lte=last).order_by("pk")
    heads: dict[int, Head] = {}
    for attempt, key, sequence, value in rows.values_list("attempt_id", "attempt__key", "sequence", "hash").iterator(
        chunk_size=5000
    ):
        if attempt not in heads or heads[attempt].sequence < sequence:
            heads[attempt] = Head(str(key), sequence, value)
    return list(heads.values())


def anchor_faults() -> Iterator[str]:
    """Every anchor whose file, digest or heads do not agree with the record, in words."""
    previous = ""
    for anchor in Anchor.objects.all():
        with anchor.file.open("rb") as handle:
            text = handle.read().decode(errors="replace")
        if digest_of(text) != anchor.digest or anchor.previous != previous:
            yield f"anchor {anchor.pk}: file or digest altered"
        previous = anchor.digest
        try:
            yield from (f"anchor {anchor.pk}: {fault}" for fault in head_faults(heads_in(text)))
        except BadAnchor as error:
            yield f"anchor {anchor.pk}: {error}"


def head_faults(heads: Iterator[Head]) -> Iterator[str]:
    """Heads that the record does not hold any more; one query for each batch."""
    while batch := list(islice(heads, BATCH)):
        wanted = {(head.attempt, head.sequence): head.hash for head in batch}
        rows = AnswerEvent.objects.filter(
            attempt__key__in={head.attempt for head in batch}, sequence__in={head.sequence for head in batch}
        ).order_by()
        for key, sequence, value in rows.values_list("attempt__key", "sequence", "hash"):
            if wanted.get((str(key), sequence)) == value:
                del wanted[str(key), sequence]
        yield from (f"attempt {key}: event {sequence} is not what was anchored" for key, sequence in wanted)
