"""`manage.py build_town`: the demo town 柏岭镇."""

import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.kit.clock import current_date
from lms.town.blueprint import HISTORY_STARTS, Size
from lms.town.build import StarterProblem, build, exists


class Command(BaseCommand):
    help = "Build the invented town 柏岭镇 with two years of history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="1: 30 enterprises, 2,000 people; 100: 200,000 people")
        parser.add_argument("--seed", type=int, default=20241101, help="the same seed and day give the same town")
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which the town stands; default today")
        parser.add_argument("--enterprises", type=int, help="another number of enterprises")
        parser.add_argument("--people", type=int, help="another number of people")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the town exists")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("生产环境里不建演示小镇。")
        if exists():
            if options["if_empty"]:
                return
            raise CommandError("小镇已经建好。要重建，请换一个空的数据库。")
        today = options["today"] or current_date()
        if (today - HISTORY_STARTS).days < 60:
            raise CommandError(f"--today 要在 {HISTORY_STARTS} 之后至少两个月。")
        if options["scale"] < 1:
            raise CommandError("--scale 至少是 1。")
        usual = Size.of_scale(options["scale"])
        size = Size(options["enterprises"] or usual.enterprises, options["people"] or usual.people)
        began = time.monotonic()
        try:
            build(size, seed=options["seed"], today=today, say=self.stdout.write)
        except StarterProblem as problem:
            raise CommandError(f"起始资料有问题：\n{problem}") from problem
        self.stdout.write(self.style.SUCCESS(f"柏岭镇建好了，用时 {time.monotonic() - began:.0f} 秒。"))
