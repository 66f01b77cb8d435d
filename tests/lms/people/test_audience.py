"""The facts of a person that assignment rules look at."""

from datetime import date

import pytest

from lms.people.audience import PersonFacts, facts_of
from tests.conftest import Characters
from tests.factories.lms import CategoryFactory, EmploymentCategoryFactory, EmploymentFactory, IndustryFactory

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


def test_facts_of_a_person_take_one_query(characters: Characters, django_assert_num_queries) -> None:
    c = characters
    dust = IndustryFactory(code="dust", high_risk_hours=True)
    c.enterprise.industries.add(dust)
    past = EmploymentCategoryFactory(
        employment=c.own_employment, category=CategoryFactory(code="principal"), valid_until=date(2026, 11, 23)
    )
    leader = EmploymentCategoryFactory(employment=c.own_employment, category=CategoryFactory(code="team_leader"))
    with django_assert_num_queries(1):
        found = facts_of(c.own_learner.pk, on=TODAY)
    assert past.category_id not in found.category_ids
    assert found == PersonFacts(
        person_id=c.own_learner.pk,
        enterprise_ids=frozenset({c.enterprise.pk}),
        post_ids=frozenset({c.post.pk}),
        category_ids=frozenset({c.category.pk, leader.category_id}),
        category_codes=frozenset({"frontline", "team_leader"}),
        industry_ids=frozenset({c.industry.pk, dust.pk}),
        industry_codes=frozenset({"machinery", "dust"}),
        high_risk_hours=True,
        region_paths=frozenset({"/bailing/east/"}),
        committee_ids=frozenset({c.committee.pk}),
    )


def test_ended_employments_are_not_looked_at(characters: Characters) -> None:
    EmploymentFactory(
        person=characters.own_learner, enterprise=characters.other_enterprise, ended_on=date(2026, 11, 23)
    )
    assert facts_of(characters.own_learner.pk, on=TODAY).enterprise_ids == {characters.enterprise.pk}


def test_person_without_category_keeps_the_other_facts(characters: Characters) -> None:
    person = EmploymentFactory(enterprise=characters.enterprise).person
    found = facts_of(person.pk, on=TODAY)
    assert (found.category_ids, found.enterprise_ids) == (frozenset(), {characters.enterprise.pk})


def test_person_without_employment_has_no_facts(characters: Characters) -> None:
    assert facts_of(characters.auditor.pk, on=TODAY) == PersonFacts(
        characters.auditor.pk, frozenset(), frozenset(), frozenset(), frozenset()
    )
