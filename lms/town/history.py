"""Two years, quarter by quarter: exams are published, people study and sit, certificates are issued."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from exams.papers.models import Exam
from lms.people.models import User
from lms.regulations.queries import rule_value
from lms.town.audiences import Audiences
from lms.town.blueprint import HISTORY_STARTS
from lms.town.calendar import Round, Season, at, seasons, some_days, working_days
from lms.town.characters import skips
from lms.town.chronicle import Chronicle
from lms.town.diplomas import issue_certificates
from lms.town.examinations import Kit, Wanted, draft_exam, fresh_kits, kits, publish
from lms.town.officials import assign_to_posts
from lms.town.people import Job, Person
from lms.town.records import Sitting, SittingWriter
from lms.town.roll import note_comings
from lms.town.sittings import Sitter, answers, copied, timeline
from lms.town.streams import Streams
from lms.town.studies import Material, StudyWriter, materials, plan_study
from lms.town.workforce import Staffed

# Programmes for principals (clause 1): whoever belongs to these fields was called up personally in that year.
CALLED_UP = {2024: ("confined-space", "mining"), 2025: ("ammonia",), 2026: ("dust",)}
MAKE_UP_SHARE, RETAKE_SHARE, HALF_DONE = 0.75, 0.85, 0.08


@dataclass(frozen=True, slots=True)
class Open:
    """A round with its exam and papers."""

    round: Round
    exam: Exam
    kits: Sequence[Kit]


class History:
    """Writes everything that happened before today."""

    def __init__(self, town: Sequence[Staffed], streams: Streams, *, today: date, office: User) -> None:
        self.town, self.streams, self.today, self.office = town, streams, today, office
        self.audiences, self.courses = Audiences(), materials()
        self.chronicle = Chronicle()
        self.exams: dict[tuple[str, int], Open] = {}
        self.studies = StudyWriter(rule_value("study.credit_minutes", on=today))
        self.sittings = SittingWriter(int(rule_value("exam.grace_seconds", on=today)))

    def write(self) -> None:
        """All seasons in order."""
        for season in seasons(self.today):
            held = [self.open(row, season) for row in season.rounds]
            for staffed in self.town:
                Quarter(self, staffed, season, held).write()
                if self.studies.full:
                    self.studies.write()
            self.studies.write()
            self.sittings.write()
            note_comings(self.town, season, self.chronicle)
            issue_certificates(season.first, season.last, self.chronicle, self.streams)
            self.chronicle.write()

    def open(self, row: Round, season: Season) -> Open:
        """Make and publish the exam of a round at the beginning of its quarter; late comers sit the same exam."""
        if row.make_up and row.key in self.exams:
            return replace(self.exams[row.key], round=row)
        moment = at(season.published_on, 9, 30)
        owner = next((staffed for staffed in self.town if staffed.plan.code == row.only), None)
        wanted = Wanted(
            row.subject, row.title, at(row.opens, 8), at(row.exam_closes, 18), owner.enterprise if owner else None,
            posts=row.posts,
        )  # fmt: skip
        exam = draft_exam(wanted, self.streams, by=self.office, now=moment)
        publish(exam, by=self.office, now=moment)
        opened = Open(row, exam, kits(exam, self.streams))
        if owner is None:
            self.exams[row.key] = opened
        else:
            assign_to_posts(row.subject, owner.enterprise, row.posts, by=self.office, now=moment)
        return opened


class Quarter:
    """What one enterprise did in one quarter."""

    def __init__(self, history: History, staffed: Staffed, season: Season, held: Sequence[Open]) -> None:
        self.history, self.staffed, self.season, self.held = history, staffed, season, held
        self.chance: Random = history.streams.of("quarter", season.first, staffed.plan.code)
        self.progress = (season.first - HISTORY_STARTS).days / max(1, (history.today - HISTORY_STARTS).days)

    def write(self) -> None:
        """Everybody's part in every round."""
        for slot, opened in enumerate(self.held):
            last = min(opened.round.closes, self.season.last)
            middle = opened.round.opens + (last - opened.round.opens) / 2
            for job in self.staffed.jobs:
                if self.meant(job, opened.round, middle):
                    self.part(job, opened, slot, last)

    def meant(self, job: Job, row: Round, day: date) -> bool:
        """Whether the round is for this job, and not yet done this year."""
        person = job.person
        if not job.on(day) or not person.activated or row.key in person.passed:
            return False
        if person.scripted and skips(person.staff_number, row.subject, self.history.today.year - row.year):
            return False
        if row.only:
            return row.only == self.staffed.plan.code and job.post in row.posts
        return self.history.audiences.fits(row.subject, job, self.staffed.plan.industries, day)

    def takes_part(self, job: Job, row: Round) -> float:
        """How far somebody goes: 1 does it all, between 0 and 1 begins, 0 does nothing."""
        share = self.staffed.plan.profile.takes_part(self.progress)
        if row.subject == "principals" and self.called_up(row.year):
            share = 1.0
        if row.make_up:
            if not job.person.scripted and row.key not in job.person.sat and row.subject != "principals":
                share *= MAKE_UP_SHARE
            return 1.0 if self.chance.random() < share else 0.0
        if job.person.diligence <= share:
            return 1.0
        return self.chance.uniform(0.1, 0.9) if share and job.person.diligence < share + HALF_DONE else 0.0

    def called_up(self, year: int) -> bool:
        """Whether the enterprise belongs to the year's special programme; the last one lacks those who lag behind."""
        fields = CALLED_UP.get(year, ())
        lagging = year == self.history.today.year and self.staffed.plan.profile.code == "lagging"
        return bool(set(fields) & set(self.staffed.plan.industries)) and not lagging

    def part(self, job: Job, opened: Open, slot: int, last: date) -> None:
        """Study, then the exam, then a second attempt where the first failed."""
        row, material = opened.round, self.history.courses.get(opened.round.subject)
        far = self.takes_part(job, row)
        if not far or material is None:
            return
        days = working_days(max(row.opens, job.started + timedelta(days=2)), min(last, job.ended or last))
        if not days:
            return
        sat_on = self.chance.choice(days)
        if not job.person.done.get(row.key) and not self.study(job, opened, slot, far, sat_on, material):
            return
        self.sit(job, opened, sat_on, last)

    def study(self, job: Job, opened: Open, slot: int, far: float, sat_on: date, material: Material) -> bool:
        """Take the course before the exam's day; whether it was finished. A course begun once is not begun again."""
        row = opened.round
        if row.key in job.person.done:
            return False
        first = max(row.study_from, job.started, self.season.first)
        days = some_days(self.chance, working_days(first, sat_on - timedelta(days=1)), self.chance.randint(2, 4))
        if not days:
            return False
        total = len(material.lessons)
        finished = total if far >= 1 else max(0, min(total - 1, int(far * total)))
        enterprise_id = self.staffed.enterprise.pk
        self.history.studies.add(
            plan_study(job, enterprise_id, material, days, slot, finished, self.chance)
        )  # fmt: skip
        job.person.done[row.key] = finished == total
        return finished == total

    def sit(self, job: Job, opened: Open, day: date, last: date) -> None:
        """An attempt, and with luck a second one some days later, as far as attempts are left."""
        exam, chance = opened.exam, self.chance
        used = job.person.sat.setdefault(opened.round.key, [])
        for number in range(len(used) + 1, exam.attempts_allowed + 1):
            kit = chance.choice(fresh_kits(opened.kits, used))
            used.append(kit.pk)
            attempt = self.history.sittings.add(self.sitting(job, exam, kit, number, day), chance)
            if attempt.passed:
                job.person.passed.add(opened.round.key)
                return
            later = working_days(day + timedelta(days=2), min(last, job.ended or last))
            if not later or chance.random() > RETAKE_SHARE:
                return
            day = chance.choice(later[:8])

    def sitting(self, job: Job, exam: Exam, kit: Kit, number: int, day: date) -> Sitting:
        """What happened in the sitting, by the enterprise's character and the person's."""
        chance, profile = self.chance, self.staffed.plan.profile
        seed = chance.getrandbits(62)
        if profile.copied:
            sheet = self.history.streams.of("sheet", self.staffed.plan.code, kit.pk)
            given, seconds = copied(kit.tasks, sheet, chance), chance.uniform(140, 215)
        else:
            sitter = self.sitter(job.person, exam, number)
            given, seconds = answers(kit.tasks, sitter, chance), sitter.seconds
        marks = timeline(kit.tasks, given, seed=seed, seconds=seconds, chance=chance)
        started = at(day, chance.choice([8, 9, 10, 13, 14, 15, 16]), chance.randint(1, 58), chance.randint(0, 59))
        return Sitting(exam, kit, job, self.staffed.enterprise.pk, number, seed, started, seconds, marks)

    def sitter(self, person: Person, exam: Exam, number: int) -> Sitter:
        """Skill grows with the retake; the time is a share of the limit."""
        profile = self.staffed.plan.profile
        skill = profile.skill + person.skill + 0.8 * (number - 1)
        share = min(1.04, max(0.12, self.chance.gauss(profile.effort, 0.16)))
        return Sitter(skill, exam.minutes * 60 * share)
