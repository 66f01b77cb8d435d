"""Finding questions by words: an index of every version in the words of `lms.kit.bigrams`.

The index is a table of the database's own full-text kind (FTS5, tsvector), one row for each version. Versions never
change, so it is only ever added to; `write_version` and the import do it in their transaction.
`manage.py index_questions` builds it anew.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from exams.bank.bodies import body_from, texts_of
from exams.bank.models import QuestionVersion, VersionClause
from lms.kit.bigrams import index_words, query_words

BATCH = 1000
# What is looked into besides the body and the codes of the clauses.
COLUMNS = ("pk", "type", "options", "key", "question__code", "stem", "explanation", "source", "picture_alt")
# Codes such as gm10-13-02 are one word.
CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")
LETTERS = re.compile(r"[A-Za-z0-9]{2,}")
TABLE = "exams_version_words"
INSERT = {
    "sqlite": f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)",  # noqa: S608 – names are ours
    "postgresql": f"INSERT INTO {TABLE} (version_id, words) VALUES (%s, array_to_tsvector(%s)) "  # noqa: S608
    "ON CONFLICT (version_id) DO UPDATE SET words = excluded.words",
}
FIND = {
    "sqlite": f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s",  # noqa: S608
    "postgresql": f"SELECT version_id FROM {TABLE} WHERE words @@ %s::tsquery",  # noqa: S608
}
CLEAR = {
    "sqlite": f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')",  # noqa: S608
    "postgresql": f"DELETE FROM {TABLE}",  # noqa: S608
}


def joined_codes(text: str) -> str:
    """`text` with its codes as one word each: gm10-13-02 → gm10x13x02."""
    return CODE.sub(lambda found: found.group().replace("-", "x"), text)


def index_versions(version_ids: Iterable[int]) -> int:
    """Take versions, with the codes of their clauses, into the index; returns their number. Call once for each."""
    done = 0
    ids = iter(version_ids)
    while batch := list(islice(ids, BATCH)):
        codes: dict[int, list[str]] = {}
        for pk, code in VersionClause.objects.filter(version__in=batch).values_list("version_id", "clause__code"):
            codes.setdefault(pk, []).append(code)
        rows = [
            (pk, stored(words_of([*texts, *texts_of(body_from(kind, options, key)), *codes.get(pk, ())])))
            for pk, kind, options, key, *texts in QuestionVersion.objects.filter(pk__in=batch).values_list(*COLUMNS)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(INSERT[connection.vendor], rows)
        done += len(rows)
    return done


def words_of(texts: Iterable[str]) -> list[str]:
    """Every word by which a version with these texts is found."""
    return list(dict.fromkeys(index_words(joined_codes("\n".join(texts))).casefold().split()))


def stored(words: list[str]) -> Any:
    """Words as the database takes them."""
    return " ".join(words) if connection.vendor == "sqlite" else words


def index_all() -> int:
    """Build the index anew; returns the number of versions."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR[connection.vendor])
    return index_versions(QuestionVersion.objects.order_by("pk").values_list("pk", flat=True).iterator())


def versions_with(text: str) -> RawSQL | None:
    """The ids of versions that hold every word of `text`, for `__in`; None for a text without words.

    Latin words and numbers are looked for by their beginning: q0001 finds Q000123.
    """
    words = list(asked(text))
    if not words:
        return None
    return RawSQL(FIND[connection.vendor], [" ".join(words) if connection.vendor == "sqlite" else " & ".join(words)])  # noqa: S611


def asked(text: str) -> Iterator[str]:
    """The words of a query in the language of the database; they hold letters and digits only, so nothing to escape."""
    for word in query_words(joined_codes(text).casefold().replace("_", " ")):
        begins = LETTERS.fullmatch(word)
        if connection.vendor == "sqlite":
            yield f'"{word}"*' if begins else f'"{word}"'
        else:
            yield f"'{word}':*" if begins else f"'{word}'"
