"""The audit log cannot be changed without being found out."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lms.audit.actions import record
from lms.audit.models import AuditEntry
from lms.audit.queries import verify_chain
from lms.kit.append_only import AppendOnly
from tests.factories.lms import UserFactory

NOW = datetime(2026, 11, 24, 1, 48, 3, 250_001, tzinfo=UTC)


@pytest.fixture
def three_entries(db: None) -> None:
    person = UserFactory()
    for number in range(3):
        record(
            action="person.unmasked", by=person, now=NOW, target=person, reason="核对", detail={"n": number, "甲": "乙"}
        )


def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.usefixtures("three_entries")
class TestChain:
    def test_an_untouched_log_is_intact(self) -> None:
        assert [entry.sequence for entry in AuditEntry.objects.order_by("sequence")] == [1, 2, 3]
        assert verify_chain() is None

    @pytest.mark.parametrize(
        ("sql", "sequence", "reason"),
        [
            ("UPDATE lms_auditentry SET reason = 'x' WHERE sequence = 2", 2, "altered"),
            ("UPDATE lms_auditentry SET actor_id = NULL WHERE sequence = 1", 1, "altered"),
            ("UPDATE lms_auditentry SET address = '10.0.0.1' WHERE sequence = 3", 3, "altered"),
            ("DELETE FROM lms_auditentry WHERE sequence = 2", 2, "missing"),
            ("DELETE FROM lms_auditentry WHERE sequence = 3", 3, "missing"),
            ("DELETE FROM lms_auditentry", 3, "missing"),
        ],
    )
    def test_a_row_changed_or_removed_in_sql_is_found(self, sql: str, sequence: int, reason: str) -> None:
        run_sql(sql)
        found = verify_chain()
        assert found is not None
        assert (found.sequence, found.reason) == (sequence, reason)

    def test_the_command_says_where_it_is_broken(self) -> None:
        call_command("verify_audit", verbosity=0)
        run_sql("UPDATE lms_auditentry SET action = 'x' WHERE sequence = 2")
        with pytest.raises(CommandError, match="broken at entry 2 of 3"):
            call_command("verify_audit")

    def test_python_refuses_to_change_or_delete(self) -> None:
        entry = AuditEntry.objects.first()
        assert entry is not None
        for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
            with pytest.raises(AppendOnly):
                attempt()
        with pytest.raises(AppendOnly):
            AuditEntry.objects.update(reason="x")
