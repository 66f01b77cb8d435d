"""The home screens: one clear next step, at a cost that does not grow."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.papers.models import Exam
from tests.factories.courses import AssignmentRuleFactory, CourseFactory, LessonFactory
from tests.factories.exams import exam_with_papers


def given_work(number: int) -> None:
    """So many courses assigned to everybody, so many exams to sit."""
    today, now = timezone.localdate(), timezone.now()
    for _ in range(number):
        course = LessonFactory(course=CourseFactory()).course
        AssignmentRuleFactory(course=course, valid_from=today - timedelta(days=9))
        exam = exam_with_papers(singles=2)
        Exam.objects.filter(pk=exam.pk).update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("number", [1, 3])
def test_the_learners_home_costs_twelve_queries_whatever_there_is_to_do(
    number, characters, client_of, django_assert_max_num_queries
):
    given_work(number)
    client = client_of(characters.own_learner)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("home"))
    assert page.status_code == 200
    assert page.content.decode().count("btn-signal") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_nothing_to_do_says_what_comes_next(characters, client_of):
    page = client_of(characters.own_learner).get(reverse("home")).content.decode()
    assert "btn-signal" not in page
    assert page.count("<h1") == 1


@pytest.mark.django_db
def test_a_stranger_sees_the_public_home(client):
    page = client.get(reverse("home")).content.decode()
    assert reverse("account_login") in page
    assert reverse("certificates:verify_form") in page


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_the_workbench_heading_counts_the_things_to_do_not_the_cards(characters, client_of):
    page = client_of(characters.own_manager).get(reverse("workbench"))
    waiting = page.content.decode().count('<li class="item">')
    assert waiting == page.context["to_do"]
    assert f"先处理这 {waiting} 件事" in page.content.decode()
