"""Why somebody counts or not."""

from datetime import date

from lms.coverage.evidence import Achievement, evidence
from lms.coverage.yardstick import CategoryRule, Yardstick

RULE = CategoryRule(1, ("principals",), "principal", "主要负责人")
STICK = Yardstick((RULE,), ("certificate_held",), date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 24)


def had(on: str, *, subject: str = "principals", until: str | None = None, withdrawn: str | None = None) -> Achievement:
    return Achievement(
        subject,
        "主要负责人安全生产培训",
        date.fromisoformat(on),
        date.fromisoformat(until) if until else None,
        date.fromisoformat(withdrawn) if withdrawn else None,
    )


def test_what_stands_is_named_with_its_dates():
    found = evidence([had("2026-05-12", until="2027-05-11")], RULE, STICK, on=TODAY)
    assert (found.met, found.state) == (True, "ok")
    assert found.detail == "主要负责人安全生产培训 · 2026-05-12，有效期至 2027-05-11"


def test_nothing_at_all():
    found = evidence([had("2026-05-12", subject="safety-managers")], RULE, STICK, on=TODAY)
    assert (found.met, found.state, found.words, found.detail) == (False, "off", "没有记录", "")


def test_only_the_year_before():
    found = evidence([had("2025-05-12")], RULE, STICK, on=TODAY)
    assert (found.met, found.words, found.detail) == (False, "本期未取得", "上次 2025-05-12，不在本期")


def test_expired():
    found = evidence([had("2026-05-12", until="2026-10-31")], RULE, STICK, on=TODAY)
    assert (found.words, found.detail) == ("已过期", "主要负责人安全生产培训，2026-10-31 到期")


def test_withdrawn():
    found = evidence([had("2026-05-12", withdrawn="2026-07-01")], RULE, STICK, on=TODAY)
    assert (found.words, found.detail) == ("已撤回", "主要负责人安全生产培训，2026-07-01 撤回")


def test_as_of_an_earlier_day_the_withdrawal_is_not_known_yet():
    assert evidence([had("2026-05-12", withdrawn="2026-07-01")], RULE, STICK, on=date(2026, 6, 30)).met


def test_a_later_achievement_is_not_known_yet():
    assert evidence([had("2026-05-12")], RULE, STICK, on=date(2026, 5, 11)).words == "没有记录"


def test_a_standing_one_outweighs_a_later_one_that_fell():
    rows = [had("2026-03-01"), had("2026-05-12", withdrawn="2026-07-01")]
    assert evidence(rows, RULE, STICK, on=TODAY).achieved_on == date(2026, 3, 1)
