"""The starter requirements and what is said beside a number."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from lms.coverage.actions import load_requirements
from lms.coverage.definition import definition_lines
from lms.coverage.models import Requirement
from lms.coverage.queries import current, definitions
from lms.coverage.starter import starter_requirements


@pytest.fixture
def loaded(db: None) -> None:
    call_command("load_register", verbosity=0)
    call_command("load_requirements", verbosity=0)


def test_loading_again_adds_nothing_and_keeps_edits(loaded):
    Requirement.objects.filter(code="clause-11-2026").update(name="改过的名称")
    assert load_requirements(rows=starter_requirements()) == 0
    assert Requirement.objects.get(code="clause-11-2026").name == "改过的名称"


def test_every_year_of_the_plan_has_its_requirement(loaded):
    codes = set(Requirement.objects.values_list("code", flat=True))
    assert {f"clause-11-{year}" for year in (2024, 2025, 2026)} <= codes
    assert {f"programme-{year}" for year in (2024, 2025, 2026)} <= codes


def test_the_special_operator_may_hold_any_of_three(loaded):
    found = {row.code: row for row in definitions()}["clause-11-2026"]
    assert found.rule_of("special_operator").subjects == ("electric-welding", "confined-space", "work-at-height")
    assert found.yardstick.kinds == ("certificate_held",)


def test_injury_prevention_has_the_two_targets_of_clause_12(loaded):
    found = next(row for row in definitions() if row.scheme_code == "clause-12")
    assert [(goal.percent, goal.due_on, goal.source) for goal in found.goals] == [
        (Decimal("60.00"), date(2024, 12, 31), "西政发〔2024〕20号 第12条"),
        (Decimal("100.00"), date(2025, 12, 31), "西政发〔2024〕20号 第12条"),
    ]


def test_a_day_shows_the_requirement_that_runs_or_the_last_one_that_ended(loaded):
    found = definitions()

    def code(day: date, scheme: str) -> str | None:
        shown = current(found, on=day, scheme=scheme)
        return shown.code if shown else None

    assert code(date(2025, 6, 1), "clause-11") == "clause-11-2025"
    assert code(date(2026, 6, 1), "clause-12") == "clause-12-2025"
    assert code(date(2023, 6, 1), "clause-11") is None


def test_the_definition_is_composed_from_the_data(loaded):
    found = current(definitions(), on=date(2026, 11, 24), scheme="clause-11")
    lines = definition_lines(found, on=date(2026, 11, 24))
    assert lines[0] == (
        "覆盖率 = 2026-11-24 仍持有有效“持有培训合格证明”记录的人数 ÷ 当日在册应训人数，"
        "2026-01-01 至 2026-12-31 取得的算数。"
    )
    assert lines[2].startswith("满足条件：主要负责人：主要负责人培训合格证明；")
    assert lines[-1] == "依据：西政发〔2024〕20号 第11条。"


def test_the_definition_of_an_ended_requirement_names_its_last_day(loaded):
    found = current(definitions(), on=date(2026, 11, 24), scheme="clause-12")
    assert definition_lines(found, on=date(2026, 11, 24))[0].startswith("覆盖率 = 2025-12-31 ")
