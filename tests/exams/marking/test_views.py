"""阅卷: progress, one answer after another, who may."""

import pytest
from django.urls import reverse

from exams.attempts.models import Attempt, Mark, OpenAnswer
from exams.marking.queries import blind_order, marking_progress
from exams.papers.models import Exam
from tests.exams.marking.test_actions import submitted
from tests.factories.exams import KEY_CANARY, AttemptFactory, QuestionFactory, exam_of_all_types
from tests.factories.lms import EmploymentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def exam(characters):
    return exam_of_all_types(enterprise=characters.enterprise, pass_percent=60)


@pytest.fixture
def sit(exam):
    """`sit()`: one more candidate hands in."""

    def one(person=None):
        person = person or EmploymentFactory(person__name="考生一号").person
        return submitted(AttemptFactory(exam=exam, person=person))

    return one


@pytest.fixture
def client(characters, client_of):
    return client_of(characters.own_manager)


def short_answers():
    return OpenAnswer.objects.filter(part="").order_by("pk")


def test_from_the_sidebar_to_the_last_mark(client, exam, sit, characters):
    attempt = sit()
    assert "2 份主观题待阅卷" in client.get(reverse("workbench")).content.decode()
    assert reverse("exams:marking", args=[exam.pk]) in client.get(reverse("exams:to_mark")).content.decode()
    progress = client.get(reverse("exams:marking", args=[exam.pk])).content.decode()
    assert "还有 2 份答案待阅" in progress
    for line in marking_progress(exam, person_id=characters.own_manager.pk):
        step = client.get(reverse("exams:mark_next", args=[exam.pk, line.version_id]), {"part": line.part})
        page = client.get(step.url).content.decode()
        assert KEY_CANARY in page
        assert "考生一号" not in page
        assert attempt.person.username not in page
        client.post(step.url, {"points": "5", "met": ["0"], "comment": "", "seen": "0"})
    done = Attempt.objects.get(pk=attempt.pk)
    assert done.score is not None
    assert "全部阅完" in client.get(reverse("exams:marking", args=[exam.pk])).content.decode()
    assert set(Mark.objects.values_list("marker", flat=True)) == {characters.own_manager.pk}


def test_after_a_mark_comes_the_next_answer_of_the_same_question(client, exam, sit):
    for _ in range(3):
        sit()
    version = short_answers()[0].version_id
    order = [pk for pk, _ in blind_order(exam, version_id=version, part="", person_id=0)]
    assert set(order) == set(short_answers().values_list("pk", flat=True))
    address = reverse("exams:mark", args=[exam.pk, order[1]])
    assert client.post(address, {"points": "3", "seen": "0"}).url == reverse("exams:mark", args=[exam.pk, order[2]])
    last = client.post(reverse("exams:mark", args=[exam.pk, order[2]]), {"points": "3", "seen": "0"})
    assert last.url == reverse("exams:mark", args=[exam.pk, order[0]])  # round to what was passed over
    done = client.post(last.url, {"points": "3", "seen": "0"})
    assert done.url == reverse("exams:marking", args=[exam.pk])


@pytest.mark.parametrize("points", ["10.5", "-1", "", "多"])
def test_points_that_make_no_sense_are_said_and_what_was_typed_stays(client, exam, sit, points):
    sit()
    address = reverse("exams:mark", args=[exam.pk, short_answers()[0].pk])
    page = client.post(address, {"points": points, "met": ["1"], "comment": "写得少", "seen": "0"})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'class="error"' in text
    assert "写得少" in text
    assert 'value="1" data-points="4.00" checked' in text
    assert not Mark.objects.exists()


def test_a_mark_given_meanwhile_is_shown_instead_of_overwritten(client, exam, sit):
    sit()
    address = reverse("exams:mark", args=[exam.pk, short_answers()[0].pk])
    client.post(address, {"points": "3", "seen": "0"})
    page = client.post(address, {"points": "9", "seen": "0"}, follow=True).content.decode()
    assert "别人刚刚给这份答案打了分" in page
    assert 'value="3"' in page
    client.post(address, {"points": "9", "seen": "1"})
    assert list(Mark.objects.values_list("points", flat=True)) == [3, 9]


def test_who_sat_the_exam_sees_no_answer_and_gives_no_mark(client, exam, sit, characters):
    sit()
    AttemptFactory(exam=exam, person=characters.own_manager)
    address = reverse("exams:mark", args=[exam.pk, short_answers()[0].pk])
    for response in (client.get(address), client.post(address, {"points": "3", "seen": "0"})):
        assert response.url == reverse("exams:marking", args=[exam.pk])
    progress = client.get(reverse("exams:marking", args=[exam.pk])).content.decode()
    assert "你考过这场考试，不能阅卷" in progress
    assert KEY_CANARY not in progress
    assert "份主观题待阅卷" not in client.get(reverse("workbench")).content.decode()
    assert not Mark.objects.exists()


def test_exams_of_others_cannot_be_marked(exam, sit, characters, client_of):
    sit()
    answer = short_answers()[0]
    stranger = client_of(characters.other_manager)
    assert stranger.get(reverse("exams:marking", args=[exam.pk])).status_code == 404
    assert stranger.get(reverse("exams:mark_next", args=[exam.pk, answer.version_id])).status_code == 404
    assert stranger.post(reverse("exams:mark", args=[exam.pk, answer.pk]), {"points": 1, "seen": 0}).status_code == 404
    assert client_of(characters.own_learner).get(reverse("exams:marking", args=[exam.pk])).status_code == 403
    own = exam_of_all_types(enterprise=characters.other_enterprise)
    assert stranger.get(reverse("exams:mark", args=[own.pk, answer.pk])).status_code == 404


def test_progress_and_sheet_cost_the_same_for_one_and_three_answers(client, exam, sit, counted):
    sit()
    addresses = [
        reverse("exams:to_mark"),
        reverse("exams:marking", args=[exam.pk]),
        reverse("exams:mark", args=[exam.pk, short_answers()[0].pk]),
    ]
    first = []
    for address in addresses:
        client.get(address)
        with counted() as done:
            client.get(address)
        first.append(done.count)
    sit()
    sit()
    Exam.objects.filter(pk=exam_of_all_types(enterprise=exam.enterprise).pk).update(title="另一场")
    for address, before in zip(addresses, first, strict=True):
        with counted() as done:
            client.get(address)
        assert done.count == before, done.sql
        assert done.count <= 14, done.sql


def test_the_try_out_marks_and_stores_nothing(characters, client_of):
    exam = exam_of_all_types()
    browser = client_of(characters.editor)
    for item in exam.papers.get().items.select_related("version__question"):
        address = reverse("exams:question_try", args=[item.version.question_id])
        asked = browser.get(address).content.decode()
        assert KEY_CANARY not in asked
        answered = browser.post(address, {"response": "[]"}).content.decode()
        assert "这题没有作答" in answered
        assert "CANARY-explanation" in answered
    assert browser.post(address, {"response": '["p1=o2", "p2=30", "p3=x"]'}).content.decode().count("0.5 / 0.5") == 2
    assert browser.post(address, {"q1.p1": "o2", "q1.p2.b1": "30"}).content.decode().count("0.5 / 0.5") == 2
    for wrong in ("{", '["\\u0000"]', '"o1"'):
        assert browser.post(address, {"response": wrong}).status_code == 400
    assert not Attempt.objects.exists()
    assert client_of(characters.own_manager).get(address).status_code == 403


def test_a_draft_without_a_version_cannot_be_tried(characters, client_of):
    address = reverse("exams:question_try", args=[QuestionFactory().pk])
    assert client_of(characters.editor).get(address).status_code == 404
