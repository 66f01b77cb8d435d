"""Loading designs and rules from starter data."""

import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction

from certificates.designs.models import Design
from certificates.issuing.models import IssuingRule
from lms.regulations.queries import rule_value

STARTER = Path(__file__).resolve().parent.parent / "starter" / "designs.toml"


@transaction.atomic
def load_designs(*, on: date, path: Path = STARTER) -> int:
    """Make the designs and rules of the starter file that do not exist yet; returns how many designs."""
    months = int(rule_value("certificate.valid_months", on=on))
    made = 0
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["design"]:
        subjects = row.pop("subjects")
        design, created = Design.objects.get_or_create(code=row["code"], defaults={**row, "valid_months": months})
        made += created
        for subject in subjects:
            IssuingRule.objects.get_or_create(subject=subject, defaults={"design": design})
    return made
