"""System checks of the record's safety."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

APPEND_ONLY = ("exams_answerevent", "exams_checkin", "exams_mark", "exams_signal", "lms_auditentry")


@register(Tags.database)
def record_is_append_only(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """On PostgreSQL: warn when the application's role may rewrite what must only grow (deploy/append-only.sql)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor == "postgresql":
            found.extend(rewritable(alias))
    return found


def rewritable(alias: str) -> list[CheckMessage]:
    """One warning for all tables that the role may update, delete from or empty."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL AND"
            " has_table_privilege(current_user, name, 'UPDATE, DELETE, TRUNCATE')",
            [list(APPEND_ONLY)],
        )
        tables = [name for (name,) in cursor.fetchall()]
    if not tables:
        return []
    return [
        Warning(
            f"The database role may rewrite {', '.join(tables)}.",
            hint="Run deploy/append-only.sql and let the product sign in as that role (docs/operations.md).",
            id="exams.W001",
        )
    ]
