"""Two people mark each answer blind; where they lie apart, a third one decides."""

from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from exams.attempts.models import Attempt, EventKind, Mark, OpenAnswer
from exams.attempts.results import marked_questions
from exams.attempts.verification import verify
from exams.marking.actions import CannotMark
from exams.marking.queries import answers_to_mark, exams_to_mark, marking_progress, next_to_mark
from exams.papers.models import Exam
from lms.access.queries import standing_of
from lms.kit.db import StaleState
from tests.exams.marking.test_actions import mark, submitted
from tests.factories.exams import AttemptFactory, exam_of_all_types
from tests.factories.lms import EmploymentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def exam(characters):
    return exam_of_all_types(
        enterprise=characters.enterprise, pass_percent=60, marking="double", marking_tolerance=20
    )  # fmt: skip


@pytest.fixture
def attempt(exam):
    return submitted(AttemptFactory(exam=exam, person=EmploymentFactory(person__name="考生一号").person))


@pytest.fixture
def short(attempt):
    """Worth ten points."""
    return OpenAnswer.objects.get(part="")


@pytest.fixture
def other(attempt):
    """The short answer inside the case, worth five points."""
    return OpenAnswer.objects.exclude(part="").get()


@pytest.fixture
def people():
    return [UserFactory(name=name) for name in ("仲伟", "宫艳", "初强")]


def fresh(attempt):
    return Attempt.objects.select_related("exam").get(pk=attempt.pk)


def test_two_who_agree_give_the_mean(attempt, short, other, people):
    mark(short, 7, by=people[0])
    assert fresh(attempt).score is None
    mark(short, 8, seen=1, by=people[1])
    mark(other, 5, by=people[1])
    mark(other, 5, seen=1, by=people[0])
    done = fresh(attempt)
    assert done.answers.get(position=8).points == Decimal("7.50")
    assert done.score == Decimal("17.17") + Decimal("7.50") + 5
    assert verify(done) == []


def test_two_who_lie_apart_are_decided_between_by_a_third(attempt, short, other, people):
    mark(short, 2, by=people[0])
    mark(short, 9, seen=1, by=people[1])
    for somebody in people[:2]:
        with pytest.raises(CannotMark, match="settled"):
            mark(short, 5, seen=2, by=somebody)
    mark(short, 4, seen=2, by=people[2])
    mark(other, 5, by=people[0])
    mark(other, 5, seen=1, by=people[2])
    done = fresh(attempt)
    assert done.answers.get(position=8).points == 4
    assert list(Mark.objects.filter(open_answer=short).values_list("stage", "points")) == [(1, 2), (2, 9), (3, 4)]
    stages = [event.response.get("stage", 1) for event in done.events.filter(kind=EventKind.MARK)]
    assert stages == [1, 2, 3, 1, 2]
    assert verify(done) == []


def test_the_second_marker_needs_not_know_of_the_first(short, people):
    mark(short, 7, seen=0, by=people[0])
    mark(short, 8, seen=0, by=people[1])  # opened before the first mark was given
    short.refresh_from_db()
    assert short.points == Decimal("7.50")


def test_who_decides_has_seen_both(short, people):
    mark(short, 1, by=people[0])
    mark(short, 9, seen=1, by=people[1])
    with pytest.raises(StaleState):
        mark(short, 5, seen=1, by=people[2])


def test_an_own_mark_may_be_changed_until_the_other_is_there(short, people):
    mark(short, 1, by=people[0])
    mark(short, 8, seen=1, by=people[0])
    mark(short, 9, seen=2, by=people[1])
    short.refresh_from_db()
    assert short.points == Decimal("8.50")


def test_lists_offer_each_answer_to_each_marker_once(exam, attempt, short, other, people):
    manager, colleague, third = people

    def mine(person):
        [line] = [line for line in marking_progress(exam, person_id=person.pk) if line.part == ""]
        return line

    assert mine(manager).mine == 1
    mark(short, 1, by=manager)
    line = mine(manager)
    assert (line.mine, line.first, line.second, line.apart, line.agreed_percent) == (0, 1, 0, 0, None)
    assert next_to_mark(exam, version_id=short.version_id, part="", person_id=manager.pk) is None
    assert next_to_mark(exam, version_id=short.version_id, part="", person_id=colleague.pk) == short.pk
    mark(short, 9, seen=1, by=colleague)
    line = mine(third)
    assert (line.mine, line.marked, line.second, line.apart, line.agreed_percent) == (1, 0, 1, 1, 0)
    mark(short, 5, seen=2, by=third)
    line = mine(third)
    assert (line.mine, line.marked, line.apart, line.adjudicated, line.waiting) == (0, 1, 0, 1, 0)


def test_pages_keep_the_other_mark_to_themselves(exam, attempt, short, people, characters, client_of):
    client = client_of(characters.own_manager)
    page = reverse("exams:mark", args=[exam.pk, short.pk])
    mark(short, "2.25", by=people[0], comment="只写了停工")
    text = client.get(page).content.decode()
    assert "2.25" not in text
    assert "只写了停工" not in text
    assert people[0].name not in text
    assert client.post(page, {"points": "9", "seen": "0"}).status_code == 302
    text = client.get(reverse("exams:marking", args=[exam.pk])).content.decode()
    assert "待仲裁 1" in text
    assert "两人一致 0%" in text
    text = client.get(page).content.decode()
    assert "已经有两个人阅过" in text
    assert "给分，下一份" not in text


def test_the_third_person_sees_both_marks(exam, attempt, short, people, characters, client_of):
    mark(short, "2.25", by=people[0], comment="只写了停工")
    mark(short, 9, seen=1, by=people[1])
    text = client_of(characters.own_manager).get(reverse("exams:mark", args=[exam.pk, short.pk])).content.decode()
    assert "第 1 评 2.25 分" in text
    assert "只写了停工" in text
    assert "第 2 评 9 分" in text
    assert "定这个分，下一份" in text
    assert people[0].name not in text


def test_the_candidate_reads_what_counts(attempt, short, other, people):
    for row, given in ((short, (6, 8)), (other, (5, 5))):
        mark(row, given[0], by=people[0])
        mark(row, given[1], seen=1, by=people[1], comment="再写上报告")
    [question] = [one for one in marked_questions(fresh(attempt)) if one.position == 8]
    assert question.earned == 7
    assert question.body.remarked


def test_points_altered_behind_the_marks_are_named(attempt, short, other, people):
    for row in (short, other):
        mark(row, 5, by=people[0])
        mark(row, 5, seen=1, by=people[1])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exams_openanswer SET points = 3 WHERE id = %s", [short.pk])
    assert "points of answer 8 altered" in [finding.reason for finding in verify(fresh(attempt))]


def test_the_sidebar_counts_what_waits_for_the_person(exam, attempt, short, other, characters):
    manager = characters.own_manager
    standing = standing_of(manager.pk, on=timezone.localdate())
    assert answers_to_mark(standing, person_id=manager.pk) == 2
    mark(short, 5, by=manager)
    assert answers_to_mark(standing, person_id=manager.pk) == 1
    mark(other, 5, by=manager)
    assert list(exams_to_mark(standing, person_id=manager.pk)) == []
    assert Exam.objects.get(pk=exam.pk).marking == "double"
