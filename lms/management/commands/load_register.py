"""`manage.py load_register`: industries, personnel schemes, categories, rule values."""

from typing import Any

from django.core.management.base import BaseCommand

from lms.organisations.actions import load_industries
from lms.people.actions import load_categories
from lms.people.starter import starter_register
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules


class Command(BaseCommand):
    help = "Add the starter industries, personnel schemes, categories and rule values that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        register = starter_register()
        industries = load_industries(rows=register.industries)
        people = load_categories(categories=register.categories, schemes=register.schemes)
        rules = load_rules(rows=starter_rules())
        self.stdout.write(f"added: {industries} industries, {people} schemes and categories, {rules} rule values")
