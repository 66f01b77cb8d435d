"""Who works in an enterprise, in which workshop, team and post, since when, until when (pure)."""

from datetime import date, timedelta
from random import Random

from lms.town.blueprint import HISTORY_STARTS, EnterprisePlan, Workplace
from lms.town.names import person_name, starter
from lms.town.people import Job, Person, Spell
from lms.town.streams import Streams, whole_parts

OFFICE, SAFETY = "综合办公室", "安全环保部"
MANAGEMENT_TEAMS = {OFFICE: "管理组", SAFETY: "安全组"}
HIGH_RISK = frozenset({"metallurgy", "nonferrous", "hazchem", "mining", "construction", "transport"})
PUBLIC_PLACES = frozenset({"health", "heritage", "catering", "commerce"})
TEAM_SIZE, SMALLEST_LED_TEAM, WITHOUT_TEAM_DAYS = 11, 4, 45
TEAM_NAMES = "一二三四五六七八九十"
# Share of the workers by employment type: labour hire, flexible, contractors.
TYPES = {"construction": (0.08, 0.05, 0.26), "warehousing": (0.16, 0.14, 0.04), "transport": (0.05, 0.16, 0.05)}
USUAL_TYPES = (0.10, 0.06, 0.05)
LEAVES, JOINS = 0.10, 0.13
# Managers do what is assigned sooner than others, and know more.
MANAGERS_DILIGENCE, MANAGERS_SKILL = 0.55, 0.5


def plan_is_alive(plan: EnterprisePlan) -> bool:
    """Whether anybody there uses the platform."""
    return plan.profile.activated > 0


class RosterMaker:
    """Makes the people of one enterprise; the same enterprise of the same seed gets the same people."""

    def __init__(self, plan: EnterprisePlan, streams: Streams, *, first_number: int, today: date) -> None:
        self.plan, self.today = plan, today
        self.chance: Random = streams.of("roster", plan.code)
        self.next_number = first_number
        self.jobs: list[Job] = []

    def make(self) -> list[Job]:
        """All jobs, management first."""
        self.management()
        self.workers(self.plan.people - len(self.jobs))
        return self.jobs

    # --- single people ---------------------------------------------------------------

    def person(self, *, age: tuple[int, int]) -> Person:
        """A new person whose age today lies between two figures."""
        chance = self.chance
        female = chance.random() < (0.62 if self.plan.plant in ("textile", "catering", "shop", "clinic") else 0.34)
        born = self.today - timedelta(days=chance.randint(age[0] * 365 + 90, age[1] * 365))
        person = Person(
            number=self.next_number,
            name=person_name(chance, female=female),
            female=female,
            born=born,
            skill=chance.gauss(0.0, 0.5),
            diligence=chance.random(),
            activated=chance.random() < self.plan.profile.activated,
        )
        self.next_number += 1
        return person

    def long_ago(self) -> date:
        """A first working day before the history, more often a recent one."""
        years = self.chance.triangular(0.1, 15.0, 1.5)
        return max(self.plan.registered_on, HISTORY_STARTS - timedelta(days=int(years * 365)))

    def during(self, first: date | None = None) -> date:
        """A working day of the history."""
        start = max(first or HISTORY_STARTS, HISTORY_STARTS) + timedelta(days=20)
        span = max(1, (self.today - timedelta(days=6) - start).days)
        day = start + timedelta(days=self.chance.randrange(span))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def add(self, workshop: str, post: str, categories: list[str], *, age: tuple[int, int] = (32, 57)) -> Job:
        """Somebody of the management, there since before the history."""
        started = self.long_ago()
        job = Job(person=self.person(age=age), workshop=workshop, post=post, trade="", started=started)
        job.person.diligence *= MANAGERS_DILIGENCE
        job.person.skill += MANAGERS_SKILL
        job.person.activated = plan_is_alive(self.plan)
        job.team = MANAGEMENT_TEAMS.get(workshop, "")
        job.spells = [Spell(category, started) for category in categories]
        self.jobs.append(job)
        return job

    # --- management -----------------------------------------------------------------

    def management(self) -> None:
        """Principal, deputies, safety people, office."""
        plan, size = self.plan, self.plan.people
        principal = ["principal", *(["fire_responsible"] if plan.industry in PUBLIC_PLACES else [])]
        first = self.add(OFFICE, "总经理" if size >= 30 else "负责人", principal)
        if size >= 60 and self.chance.random() < 0.3:
            self.hand_over(first, principal)
        for _ in range(2 if size >= 120 else 1 if size >= 36 else 0):
            self.add(OFFICE, "副总经理", ["deputy_in_charge"])
        self.safety_people()
        if plan.industry == "construction":
            for name in ("一项目部", "二项目部")[: 2 if size >= 60 else 1]:
                self.add(name, "项目经理", ["project_lead"])
        for _ in range(size // 55):
            self.add(OFFICE, self.chance.choice(["会计", "人事专员", "采购员", "文员"]), [], age=(23, 52))

    def hand_over(self, first: Job, categories: list[str]) -> None:
        """The principal was replaced during the history; there is one on every day."""
        day = self.during()
        first.leave(day - timedelta(days=1))
        follower = self.add(OFFICE, first.post, categories)
        follower.started = day
        for spell in follower.spells:
            spell.start = day

    def safety_people(self) -> None:
        """Safety managers by size; full-time ones where the size or the risk asks for them."""
        size, risky = self.plan.people, self.plan.industry in HIGH_RISK
        full_time = ["full_time_safety"] if size >= 60 or risky else []
        count = (1 if size < 60 else 2 if size < 120 else 3) + (1 if risky and size >= 40 else 0)
        for place in range(count):
            job = self.add(SAFETY, "安全主管" if place == 0 else "安全员", ["safety_manager", *full_time], age=(26, 55))
            job.roles = ["safety_manager"] if place < 2 else []
        if size >= 50:
            trainer = self.add(SAFETY, "内训师", full_time, age=(28, 54))
            trainer.roles = ["trainer"]

    # --- workers --------------------------------------------------------------------

    def workers(self, count: int) -> None:
        """Everybody else, workshop by workshop."""
        places = self.plan.workplaces
        for place, people in zip(places, whole_parts(count, [place.share for place in places]), strict=True):
            self.workshop(place, people)

    def workshop(self, place: Workplace, count: int) -> None:
        """The workers of a workshop: posts in proportion, teams of about eleven, each with a leader."""
        shares = whole_parts(count, [post[2] for post in place.posts])
        posts = [post for post, people in zip(place.posts, shares, strict=True) for _ in range(people)]
        teams = max(1, round(count / TEAM_SIZE))
        for index, (name, trade, _, licence) in enumerate(posts):
            team = index * teams // len(posts)
            job = self.worker(place.name, name, trade, licence)
            job.team = f"{TEAM_NAMES[team]}班" if team < len(TEAM_NAMES) else f"{team + 1}班"
            leads = index == 0 or (index - 1) * teams // len(posts) != team
            if leads and len(posts) // teams >= SMALLEST_LED_TEAM:
                self.promote(job)
            else:
                self.turn_over(job)

    def worker(self, workshop: str, post: str, trade: str, licence: str) -> Job:
        """One worker with the categories of the post."""
        started = self.long_ago()
        job = Job(self.person(age=(20, 58)), workshop, post, trade, started, licence=licence)
        job.spells = [Spell("frontline", started)]
        if licence:
            since = self.during(started) if self.chance.random() < 0.15 else started
            job.spells.append(Spell("special_operator", since))
        self.choose_type(job)
        self.jobs.append(job)
        return job

    def choose_type(self, job: Job) -> None:
        """Own, dispatched, flexible or a contractor's worker."""
        dispatched, flexible, contractor = TYPES.get(self.plan.industry, USUAL_TYPES)
        draw = self.chance.random()
        if draw < contractor:
            job.type, job.employer = "contractor", self.chance.choice(starter("names")["contractors"])
        elif draw < contractor + dispatched:
            job.type, job.employer = "dispatched", self.chance.choice(starter("names")["agencies"])
        elif draw < contractor + dispatched + flexible:
            job.type = "flexible"

    def promote(self, job: Job) -> None:
        """Make a worker the leader of the team, in some cases during the history."""
        job.type, job.employer, job.roles = "own", "", ["team_leader"]
        since = self.during(job.started) if self.chance.random() < 0.14 else job.started
        others = [spell for spell in job.spells if spell.category != "frontline"]
        before = [Spell("frontline", job.started, since - timedelta(days=1))] if since > job.started else []
        job.spells = [*before, Spell("team_leader", since), *others]

    def turn_over(self, job: Job) -> None:
        """Some leave during the history, some come."""
        draw, factor = self.chance.random(), 1.0 if job.type == "own" else 2.2
        if draw < JOINS * factor:
            self.start_later(job)
        elif draw < (JOINS + LEAVES) * factor:
            job.leave(self.during(job.started))

    def start_later(self, job: Job) -> None:
        """Move the first day into the history; who came just now is not in a team yet."""
        job.started = self.during()
        if (self.today - job.started).days < WITHOUT_TEAM_DAYS:
            job.team = ""
        for spell in job.spells:
            spell.start = max(spell.start, job.started)
