"""`manage.py index_questions`: builds the search index of the question bank anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from exams.bank.search import index_all


class Command(BaseCommand):
    """Needed only when rows came into the bank by another way than its actions, such as a restored dump."""

    help = "Build the search index of the question bank anew."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            count = index_all()
        self.stdout.write(f"{count} versions indexed")
