"""Writing checked questions into the bank, a batch in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import OuterRef, Subquery

from exams.bank.actions import take_codes
from exams.bank.bodies import stored
from exams.bank.formats.pictures import ENDINGS
from exams.bank.importing import CheckedRow, QuestionDraft
from exams.bank.models import (
    Question,
    QuestionImport,
    QuestionPicture,
    QuestionStatus,
    QuestionVersion,
    VersionClause,
)
from exams.bank.search import index_versions
from lms.audit.actions import record
from lms.people.models import User


@transaction.atomic
def write_questions(
    *,
    rows: Sequence[CheckedRow],
    source: QuestionImport | None,
    status: QuestionStatus,
    origin: str,
    by: User | None,
    now: datetime,
) -> list[str]:
    """Write good rows as questions with their first version; returns their codes.

    A fixed number of queries, and a file for each picture that is new. `origin` is the source of questions that name
    none.
    """
    good = [(row, row.draft) for row in rows if row.draft is not None]
    drafts = [draft for _, draft in good]
    codes = take_codes(len(drafts))
    questions = Question.objects.bulk_create(
        question_of(draft, code, row.number if source else None, source, by, now)
        for code, (row, draft) in zip(codes, good, strict=True)
    )
    pictures = store_pictures(drafts, now)
    versions = QuestionVersion.objects.bulk_create(
        first_version(question, draft, pictures, origin, by, now)
        for question, draft in zip(questions, drafts, strict=True)
    )
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).values("pk")[:1]
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(
        current_id=Subquery(newest), status=status
    )
    file_questions(questions, drafts)
    VersionClause.objects.bulk_create(
        VersionClause(version=version, clause_id=pk)
        for version, draft in zip(versions, drafts, strict=True)
        for pk in draft.clause_ids
    )
    index_versions(version.pk for version in versions)
    record(
        action="questions.imported", by=by, now=now, target=source,
        detail={"count": len(codes), "first": codes[0], "last": codes[-1], "origin": origin},
    )  # fmt: skip
    return codes


def question_of(
    draft: QuestionDraft, code: str, row: int | None, source: QuestionImport | None, by: User | None, now: datetime
) -> Question:
    """The unsaved question of a draft."""
    return Question(
        code=code, type=draft.content.type, topic_id=draft.topic_id, difficulty=draft.difficulty,
        cognitive=draft.cognitive, enemy_group=draft.enemy_group, effective_from=draft.effective_from,
        effective_to=draft.effective_to, author=by, stem_hash=draft.fingerprint, created_at=now, changed_at=now,
        imported_in=source, import_row=row,
    )  # fmt: skip


def first_version(
    question: Question,
    draft: QuestionDraft,
    pictures: dict[str, QuestionPicture],
    origin: str,
    by: User | None,
    now: datetime,
) -> QuestionVersion:
    """The unsaved first version of an imported question."""
    content = draft.content
    options, key = stored(content.body)
    return QuestionVersion(
        question=question, number=1, type=content.type, stem=content.stem, options=options, key=key,
        explanation=content.explanation, default_points=content.points, picture=pictures.get(content.picture),
        picture_alt=content.picture_alt, source=content.source or origin[:200], created_at=now, created_by=by,
    )  # fmt: skip


def store_pictures(drafts: Sequence[QuestionDraft], now: datetime) -> dict[str, QuestionPicture]:
    """The stored pictures of the drafts by their digests; those that the bank lacks are added."""
    brought = {draft.content.picture: draft for draft in drafts if draft.picture and draft.picture_facts}
    found = QuestionPicture.objects.in_bulk(list(brought), field_name="digest") if brought else {}
    for digest, draft in brought.items():
        facts = draft.picture_facts
        if digest in found or facts is None:
            continue
        picture = QuestionPicture(
            digest=digest, media_type=facts.media_type, width=facts.width, height=facts.height, created_at=now
        )
        picture.file.save(f"{digest}.{ENDINGS[facts.media_type]}", ContentFile(draft.picture), save=False)
        picture.save()
        found[digest] = picture
    return found


def file_questions(questions: Sequence[Question], drafts: Sequence[QuestionDraft]) -> None:
    """Industries and categories."""
    industries, categories = Question.industries.through, Question.categories.through
    pairs = list(zip(questions, drafts, strict=True))
    industries.objects.bulk_create(
        industries(question_id=question.pk, industry_id=pk) for question, draft in pairs for pk in draft.industry_ids
    )
    categories.objects.bulk_create(
        categories(question_id=question.pk, personnelcategory_id=pk)
        for question, draft in pairs
        for pk in draft.category_ids
    )
