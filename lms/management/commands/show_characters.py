"""`manage.py show_characters`: whom to sign in as."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lms.people.models import User
from lms.town.characters import CHARACTERS, PASSWORD

HEAD = ("角色", "姓名", "工号", "密码", "看什么")


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


class Command(BaseCommand):
    help = "List the people of the demo town whom a visitor signs in as."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("生产环境里没有演示人物。")
        known = set(
            User.objects.filter(username__in=[row.number for row in CHARACTERS]).values_list("username", flat=True)
        )
        rows = [(row.role, row.name, row.number, PASSWORD, row.look_at) for row in CHARACTERS if row.number in known]
        if not rows:
            raise CommandError("还没有小镇。先运行 manage.py build_town。")
        widths = [max(width(row[place]) for row in (HEAD, *rows)) for place in range(4)]
        for row in (HEAD, (*("─" * size for size in widths), "─" * 20), *rows):
            cells = [cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[4]]))
