"""Changing many questions at once, in the background, some hundred at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exams.bank.bulk import COLUMN, DATES, RETIRE, SETS, SUBMIT, Change, dates_of
from exams.bank.bulk_models import BulkEdit, BulkEditRow, RowOutcome
from exams.bank.bulk_queries import iso, membership, outcome_counts, selected, sets_of
from exams.bank.models import Question
from exams.bank.states import TRANSITIONS, NotAllowed
from lms.audit.actions import record
from lms.jobs.actions import start_job
from lms.jobs.registry import JobResult, Progress
from lms.people.models import User

BATCH = 500
BULK_JOB = "bank.bulk_edit"


@transaction.atomic
def start_bulk_edit(
    *, change: Change, selection: Mapping[str, Any], seen_at: datetime, title: str, by: User, now: datetime
) -> BulkEdit:
    """Make the change in the background; what changed after `seen_at` is left alone.

    Raises NotAllowed("reason") for a retirement without a reason.
    """
    if change.what == RETIRE and not change.reason.strip():
        raise NotAllowed("reason")
    edit = BulkEdit.objects.create(
        owner=by, change=asdict(change), selection=dict(selection), seen_at=seen_at, created_at=now
    )
    edit.job = start_job(kind=BULK_JOB, title=title[:120], by=by, params={"edit": edit.pk})
    edit.save(update_fields=["job"])
    return edit


def apply_bulk_edit(*, edit: BulkEdit, now: datetime, progress: Progress) -> JobResult:
    """Note the rows once, then change them batch by batch; a broken-off edit goes on where it stopped."""
    prepare(edit)
    change = Change(**edit.change)
    total = edit.rows.count()
    while batch := list(edit.rows.filter(outcome=RowOutcome.WAITING).order_by("pk")[:BATCH]):
        change_batch(edit=edit, change=change, rows=batch, now=now)
        progress(total - edit.rows.filter(outcome=RowOutcome.WAITING).count(), total)
    return JobResult(summary={"edit": edit.pk, **outcome_counts(edit)})


@transaction.atomic
def prepare(edit: BulkEdit) -> None:
    """Write down which questions are meant; does nothing when that is done."""
    if edit.prepared:
        return
    ids = selected(edit.selection).order_by("pk").values_list("pk", flat=True)
    BulkEditRow.objects.bulk_create(
        (BulkEditRow(edit=edit, question_id=pk) for pk in list(ids)), batch_size=2000, ignore_conflicts=True
    )
    edit.prepared = True
    edit.save(update_fields=["prepared"])


@transaction.atomic
def change_batch(*, edit: BulkEdit, change: Change, rows: Sequence[BulkEditRow], now: datetime) -> None:
    """Change the questions of these rows, with what they had before in the rows and in the audit log."""
    ids = [row.question_id for row in rows]
    locked = Question.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    questions = {question.pk: question for question in locked}
    sets = sets_of(change.what, ids) if change.what in SETS else {}
    changed: list[int] = []
    for row in rows:
        question = questions[row.question_id]
        row.before = value_of(change, question, sets)
        row.outcome = outcome_of(change, question, row.before, edit.seen_at)
        if row.outcome == RowOutcome.CHANGED:
            changed.append(question.pk)
    write(change, changed, sets, now)
    BulkEditRow.objects.bulk_update(rows, ["outcome", "before"])
    if changed:
        record(
            action="questions.bulk_edited", by=edit.owner, now=now, target=edit, reason=change.reason,
            detail={
                "change": edit.change, "selection": named(edit.selection), "count": len(changed),
                "before": undo(rows), "skipped": sum(row.outcome == RowOutcome.STALE for row in rows),
            },
        )  # fmt: skip


def named(selection: Mapping[str, Any]) -> dict[str, Any]:
    """The selection for the log: how many were ticked, or the filters that are set."""
    if "ids" in selection:
        return {"ticked": len(selection["ids"])}
    return {name: value for name, value in selection["filters"].items() if value not in (None, "")}


def undo(rows: Sequence[BulkEditRow]) -> list[dict[str, Any]]:
    """What the changed questions had, grouped: enough to put it back."""
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.outcome == RowOutcome.CHANGED:
            group = groups.setdefault(str(row.before), {"value": row.before, "questions": []})
            group["questions"].append(row.question_id)
    return list(groups.values())


def value_of(change: Change, question: Question, sets: Mapping[int, tuple[int, ...]]) -> Any:
    """What the question has now of what is to be changed, as plain data."""
    if change.what in SETS:
        return list(sets[question.pk])
    if change.what == DATES:
        return [iso(question.effective_from), iso(question.effective_to)]
    return getattr(question, COLUMN.get(change.what, "status"))


def outcome_of(change: Change, question: Question, before: Any, seen_at: datetime) -> RowOutcome:
    """What is to become of a question."""
    if question.changed_at > seen_at:
        return RowOutcome.STALE
    if not change.fits(question.status, has_version=question.current_id is not None):
        return RowOutcome.UNFIT
    if change.what not in TRANSITIONS and change.after(before) == before:
        return RowOutcome.SAME
    return RowOutcome.CHANGED


def write(change: Change, ids: Sequence[int], sets: Mapping[int, tuple[int, ...]], now: datetime) -> None:
    """The change itself; the rows are locked."""
    columns: dict[str, Any] = {"changed_at": now}
    if change.what in COLUMN:
        columns[COLUMN[change.what]] = change.value
    elif change.what == DATES:
        columns["effective_from"], columns["effective_to"] = dates_of(change.value)
    elif change.what in TRANSITIONS:
        columns["status"] = TRANSITIONS[change.what][1]
        if change.what == SUBMIT:
            columns["returned_reason"] = ""
    else:
        write_sets(change, ids, sets)
    Question.objects.filter(pk__in=ids).update(**columns)


def write_sets(change: Change, ids: Sequence[int], sets: Mapping[int, tuple[int, ...]]) -> None:
    """Industries or categories: what is too much goes, what is missing comes."""
    through, column = membership(change.what)
    after = {pk: set(change.after(sets[pk])) for pk in ids}
    for member in {member for pk in ids for member in set(sets[pk]) - after[pk]}:
        holders = [pk for pk in ids if member in sets[pk] and member not in after[pk]]
        through.objects.filter(question__in=holders, **{column: member}).delete()
    through.objects.bulk_create(
        through(question_id=pk, **{column: member}) for pk in ids for member in sorted(after[pk] - set(sets[pk]))
    )


def bulk_title(count: int, what: str) -> str:
    """The name of the job."""
    return _("批量修改 %(count)s 道题：%(what)s") % {"count": count, "what": what}
