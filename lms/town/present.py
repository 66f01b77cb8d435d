"""What is going on today: the characters' half-finished course, exams to sit, to retake, to come, to finish writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from certificates.issuing.actions import revoke
from certificates.issuing.models import Certificate
from courses.catalogue.models import Lesson
from courses.progress.actions import answer_checkpoint, open_session, take_beat
from courses.progress.honesttime import Claim
from exams.papers.models import AssemblyMethod, Exam
from lms.organisations.models import Enterprise
from lms.people.models import User
from lms.town.calendar import at, working_days
from lms.town.characters import HOME
from lms.town.examinations import Kit, Wanted, draft_exam, kits, publish
from lms.town.people import Job
from lms.town.records import Sitting, SittingWriter
from lms.town.sittings import Sitter, answers, exact_score, timeline
from lms.town.streams import Streams
from lms.town.workforce import Staffed

LEARNER, MANAGER = "HF-0127", "HF-0006"
BEAT = timedelta(seconds=15)
TEAM_SHARE, LEARNER_LOST = 0.72, 26
REVOKED = 2


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts on this stage."""

    learner: User
    manager: User
    office: User

    @classmethod
    def find(cls, office: User) -> "Cast":
        """The characters by their staff numbers."""
        return cls(User.objects.get(username=LEARNER), User.objects.get(username=MANAGER), office)


def study_half_a_course(learner: User, *, today: date) -> None:
    """Two lessons finished and one begun, heartbeat by heartbeat, on the last three evenings."""
    lessons = list(Lesson.objects.filter(course__code="confined-space", published=True).order_by("position")[:3])
    for days_ago, lesson, share in zip((4, 3, 1), lessons, (1.0, 1.0, 0.55), strict=False):
        study_lesson(learner, lesson, at(today - timedelta(days=days_ago), 19, 40), share)


def study_lesson(learner: User, lesson: Lesson, now: datetime, share: float) -> None:
    """One evening: a session with its heartbeats, checkpoints answered on the way."""
    session = open_session(person=learner, lesson=lesson, phone=True, now=now)
    beats = int(lesson.seconds_required * share / BEAT.total_seconds()) + 2
    for number in range(1, beats + 1):
        moment = now + BEAT * number
        if share >= 1 and number == beats - 1:
            pass_checkpoints(learner, lesson, moment)
        take_beat(person=learner, token=session.token, claim=claim(lesson, number), resume_at="", now=moment)


def claim(lesson: Lesson, number: int) -> Claim:
    """Reading, with the hand on the screen; a film runs from its start."""
    begun = (number - 2) * 15.0
    running = [(film, float(length)) for film, length in lesson.films.items() if 0 <= begun < length]
    played = {film: [(begun, min(begun + 15.0, length))] for film, length in running}
    return Claim(number=number, visible=True, idle_seconds=float(number * 7 % 40), played=played)


def pass_checkpoints(learner: User, lesson: Lesson, now: datetime) -> None:
    """The first question wrong at the first try, everything right in the end."""
    for place, checkpoint in enumerate(lesson.checkpoints):
        tries = [1, 0] if place == 0 else [0]
        for choice in tries:
            answer_checkpoint(person=learner, lesson=lesson, checkpoint=checkpoint, choice=choice, key=0, now=now)


class Stage:
    """Exams of 恒丰味业 and of the town around today."""

    def __init__(self, cast: Cast, home: Staffed, streams: Streams, *, today: date) -> None:
        self.cast, self.home, self.streams, self.today = cast, home, streams, today
        self.chance = streams.of("present")

    def write(self, sittings: SittingWriter) -> None:
        """A draft, one to come, one to be tried, one to practise with, one with a retake."""
        self.draft()
        self.upcoming()
        self.all_types()
        self.mock()
        self.quarterly(sittings)

    def days(self, count: int) -> date:
        """A day from today."""
        return self.today + timedelta(days=count)

    def draft(self) -> None:
        """The manager has not finished this one."""
        self.own_exam("恒丰味业班组长能力测试", 16, 30, drafted=at(self.days(-1), 15, 10))

    def upcoming(self) -> None:
        """Announced, not yet open."""
        moment = at(self.days(-2), 9, 15)
        publish(self.own_exam("恒丰味业冬季疏散逃生测试", 9, 23, drafted=moment), by=self.cast.manager, now=moment)

    def all_types(self) -> None:
        """Open since yesterday, nobody has sat it: all nine types, written answers to be marked by hand."""
        moment = at(self.days(-1), 16, 20)
        drafted = self.own_exam("恒丰味业全员安全能力测试（九种题型）", -1, 21, drafted=moment, all_types=True)
        publish(drafted, by=self.cast.manager, now=moment)

    def mock(self) -> None:
        """Open for two months, as often as people like; it counts for nothing."""
        moment = at(self.days(-3), 10, 5)
        drafted = self.own_exam("恒丰味业班组安全模拟考试", -2, 60, drafted=moment, mock=True)
        publish(drafted, by=self.cast.manager, now=moment)

    def own_exam(
        self, title: str, opens: int, closes: int, *, drafted: datetime, all_types: bool = False, mock: bool = False
    ) -> Exam:
        """A draft of the enterprise, open between two days counted from today."""
        enterprise = Enterprise.objects.get(pk=self.home.enterprise.pk)
        window = at(self.days(opens), 8), at(self.days(closes), 18)
        method = AssemblyMethod.DRAW if all_types or mock else AssemblyMethod.PARALLEL
        wanted = Wanted(
            "team-safety", title, *window, enterprise,
            prerequisite=False, method=method, all_types=all_types, mock=mock,
        )  # fmt: skip
        return draft_exam(wanted, self.streams, by=self.cast.manager, now=drafted)

    def quarterly(self, sittings: SittingWriter) -> None:
        """Most have passed, the learner has 74 points and one more attempt."""
        moment = at(self.days(-55), 14)
        drafted = self.own_exam("恒丰味业三季度全员安全考试", -50, 12, drafted=moment)
        exam = publish(drafted, by=self.cast.manager, now=moment)
        papers = kits(exam, self.streams)
        days = working_days(self.days(-49), self.days(-20))
        for job in self.sitters():
            self.sit(job, exam, papers, self.chance.choice(days), sittings)

    def sitters(self) -> list[Job]:
        """The learner and most of the workers and leaders."""
        workers = [job for job in self.home.on(self.days(-15)) if job.manual and job.person.activated]
        return [
            job
            for job in workers
            if job.started < self.days(-60)
            and (job.person.staff_number == LEARNER or self.chance.random() < TEAM_SHARE)
        ]

    def sit(self, job: Job, exam: Exam, papers: Sequence[Kit], day: date, sittings: SittingWriter) -> None:
        """One attempt."""
        chance = self.chance
        kit, seed = chance.choice(papers), chance.getrandbits(62)
        sitter = Sitter(0.75 + job.person.skill, exam.minutes * 60 * chance.uniform(0.3, 0.7))
        learner = job.person.staff_number == LEARNER
        given = exact_score(kit.tasks, LEARNER_LOST, chance) if learner else answers(kit.tasks, sitter, chance)
        marks = timeline(kit.tasks, given, seed=seed, seconds=sitter.seconds, chance=chance)
        started = at(day, chance.choice([8, 13, 16]), chance.randint(1, 55))
        row = Sitting(exam, kit, job, self.home.enterprise.pk, 1, seed, started, sitter.seconds, marks)
        sittings.add(row, chance)


def revoke_fakes(town: Sequence[Staffed], *, by: User, today: date) -> None:
    """Passed in three minutes: the town withdraws the newest certificates of the enterprises concerned."""
    fakes = [staffed.enterprise.pk for staffed in town if staffed.plan.profile.copied]
    found = Certificate.objects.filter(enterprise__in=fakes[:1], issued_on__lt=today - timedelta(days=20))
    heads = found.filter(subject="principals", person__employments__category_periods__category__code="principal")
    chosen = [*heads.order_by("-number")[:1], *found.exclude(subject="principals").order_by("-number")[:REVOKED]]
    moment = at(today - timedelta(days=1), 16, 30)
    for place, certificate in enumerate(chosen):
        revoke(
            certificate=certificate,
            by=by,
            now=moment + timedelta(minutes=2 * place),
            reason="考试用时不足四分钟，答卷与同厂多人雷同，核实为代答，成绩作废。",
        )


def home_of(town: Sequence[Staffed]) -> Staffed:
    """The enterprise of the characters."""
    return next(staffed for staffed in town if staffed.plan.code == HOME)
