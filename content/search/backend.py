"""The search backend for the database in use (setting WAGTAILSEARCH_BACKENDS)."""

from typing import Any

from django.db import connection
from django.utils.module_loading import import_string


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 – the name that Wagtail looks up
    """Our backend for SQLite or PostgreSQL; only the one in use can be imported."""
    return import_string(f"content.search.{connection.vendor}.SearchBackend")(params)
