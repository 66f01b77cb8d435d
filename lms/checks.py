"""System checks: unsafe production settings and missing parts stop the start, not an exam."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from lms.kit.crypto import parse_keys


@register(Tags.security)
def production_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse development secrets, open hosts and debug pages in production."""
    problems: list[CheckMessage] = []
    try:
        parse_keys(settings.FIELD_KEYS)
    except ValueError as error:
        problems.append(Error(f"FIELD_KEYS: {error}", id="sanzhen.E001"))
    if not settings.PRODUCTION:
        return problems
    for name in ("SECRET_KEY", "LOOKUP_KEY", "EVENT_CHAIN_KEY", "FIELD_KEYS", "RECEIPT_KEY"):
        value = getattr(settings, name)
        if "development-only" in value or value in (settings.DEVELOPMENT_FIELD_KEYS, settings.DEVELOPMENT_RECEIPT_KEY):
            problems.append(Error(f"{name} is the development value", id="sanzhen.E002"))
    if settings.DEBUG:
        problems.append(Error("DEBUG is on in production", id="sanzhen.E003"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        problems.append(Error("ALLOWED_HOSTS must name the hosts", id="sanzhen.E004"))
    if not settings.PUBLIC_ORIGIN.startswith("https://"):
        problems.append(Error("PUBLIC_ORIGIN must be an https:// address", id="sanzhen.E005"))
    if not settings.REQUIRE_SECOND_FACTOR:
        problems.append(
            Warning("REQUIRE_SECOND_FACTOR is off: supervisors sign in by password alone", id="sanzhen.W002")
        )
    if settings.SQLITE:
        problems.append(Warning("SQLite in production: one machine, a few thousand people", id="sanzhen.W001"))
    return problems
