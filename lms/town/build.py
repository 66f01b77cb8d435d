"""Building the town, step by step, in one transaction: a half-built town would mislead."""

from collections.abc import Callable
from datetime import date

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from certificates.issuing.starter import load_designs
from courses.catalogue.actions import sync_courses
from exams.bank.actions import load_topics
from exams.bank.starter import load_file, starter_files, starter_topics
from exams.proctoring.starter import load_reasons
from lms.access.roles import Role
from lms.organisations.models import Region
from lms.people.models import User
from lms.town.blueprint import HISTORY_STARTS, Size, plan_enterprises
from lms.town.calendar import at
from lms.town.characters import PASSWORD
from lms.town.geography import write_area, write_enterprises
from lms.town.history import History
from lms.town.names import starter
from lms.town.officials import assign_courses, write_officials
from lms.town.present import Cast, Stage, home_of, revoke_fakes, study_half_a_course
from lms.town.reviewing import write_questions
from lms.town.streams import Streams
from lms.town.workforce import Workforce

Say = Callable[[str], None]


class StarterProblem(Exception):
    """The starter material could not be loaded."""


def exists() -> bool:
    """Whether the town has been built."""
    return Region.objects.filter(code=starter("enterprises")["town"]["code"]).exists()


def load_starters(say: Say) -> None:
    """Register, requirements, library, courses, questions, designs: what every installation starts with."""
    for command in ("load_register", "load_requirements", "load_library"):
        say(f"  {command}")
        call_command(command, verbosity=0, stdout=Silence())
    now = at(HISTORY_STARTS, 8)
    say("  courses, questions, designs")
    sync_courses(by=None, now=now)
    load_topics(names=starter_topics())
    problems = [problem for path in starter_files() for problem in load_file(path=path, now=now).problems]
    if problems:
        raise StarterProblem("\n".join(problems))
    load_reasons()
    load_designs(on=HISTORY_STARTS)


class Silence:
    """Takes the output of commands that need not be heard."""

    def write(self, text: str) -> None:
        """Nothing."""


@transaction.atomic
def build(size: Size, *, seed: int, today: date, say: Say) -> None:
    """Everything; `say` is told what is being done."""
    streams = Streams(seed)
    say("载入起始资料")
    load_starters(say)
    say(f"登记 {size.enterprises} 家单位，{size.people} 人")
    area = write_area()
    plans = plan_enterprises(size, streams)
    enterprises = write_enterprises(plans, area)
    password = make_password(PASSWORD)
    officials = write_officials(area, password=password)
    town = Workforce(streams, today=today, password=password).write(plans, enterprises)
    office = officials[Role.TOWN_SUPERVISOR]
    assign_courses(by=office)
    say("写入两年的学习、考试和证书")
    history = History(town, streams, today=today, office=office)
    history.write()
    say("布置今天")
    cast = Cast.find(office)
    Stage(cast, home_of(town), streams, today=today).write(history.sittings)
    history.sittings.write()
    study_half_a_course(cast.learner, today=today)
    write_questions(author=officials[Role.EDITOR], today=today)
    revoke_fakes(town, by=office, today=today)


def population() -> tuple[int, int]:
    """Accounts and regions, for the last line of the command."""
    return User.objects.count(), Region.objects.count()
