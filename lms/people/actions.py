"""Writing people: categories, accounts, employments."""

from collections.abc import Iterable

from django.db import transaction

from lms.people.models import PersonnelCategory, PersonnelScheme
from lms.people.starter import CategoryRow, SchemeRow


@transaction.atomic
def load_categories(*, categories: Iterable[CategoryRow], schemes: Iterable[SchemeRow]) -> int:
    """Add the categories and schemes that are missing; edited ones stay. Returns the number added."""
    added = 0
    for row in categories:
        added += PersonnelCategory.objects.get_or_create(
            code=row.code, defaults={"name": row.name, "position": row.position}
        )[1]
    for scheme_row in schemes:
        scheme, created = PersonnelScheme.objects.get_or_create(
            code=scheme_row.code,
            defaults={
                "name": scheme_row.name, "source": scheme_row.source, "effective_from": scheme_row.effective_from
            },
        )
        if created:
            scheme.categories.set(PersonnelCategory.objects.filter(code__in=scheme_row.categories))
            added += 1
    return added
