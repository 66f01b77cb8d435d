"""The database role of deploy/append-only.sql, on a real PostgreSQL: it sits exams and rewrites nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import ProgrammingError, connection, transaction

from exams.attempts import actions
from exams.attempts.models import Attempt
from exams.attempts.packets import packet_of
from exams.attempts.verification import verify
from tests.factories.exams import NOW

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "append-only.sql"
ROLE = "sanzhen_test_app"
pytestmark = pytest.mark.xdist_group("database role")  # roles belong to the whole server


def warned():
    return [found.id for found in run_checks(databases=["default"], tags=["database"]) if found.id == "exams.W001"]


@pytest.fixture
def as_application():
    """Within the test the connection has only the rights of the application's role."""
    if connection.vendor != "postgresql":
        pytest.skip("database roles exist on PostgreSQL only (DATABASE_URL)")
    if shutil.which("psql") is None:
        pytest.skip("psql is not installed")
    place = connection.settings_dict
    address = f"postgres://{place['USER']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    subprocess.run(["psql", "-q", "-v", f"role={ROLE}", "-f", str(SCRIPT), address], check=True, capture_output=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP OWNED BY {ROLE}")


@pytest.mark.django_db(transaction=True)
def test_the_role_sits_an_exam_from_start_to_receipt(exam, person, as_application):
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    packet = packet_of({"client": 1, "changes": [{"number": 1, "position": 1, "response": ["o1"]}]})
    actions.save_answers(attempt_key=attempt.key, by=person, packet=packet, now=NOW)
    actions.submit_attempt(attempt_key=attempt.key, by=person, now=NOW)
    assert verify(Attempt.objects.select_related("exam").get()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE exams_answerevent SET response = '[]'",
        "DELETE FROM exams_answerevent",
        "TRUNCATE exams_answerevent CASCADE",
        "UPDATE exams_mark SET points = 0",
        "DELETE FROM lms_auditentry",
    ],
)
def test_the_role_rewrites_no_record(as_application, sql):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_the_check_warns_about_a_role_that_may_rewrite_and_not_about_this_one(request):
    if connection.vendor != "postgresql":
        pytest.skip("database roles exist on PostgreSQL only (DATABASE_URL)")
    assert warned() == ["exams.W001"]
    request.getfixturevalue("as_application")
    assert warned() == []
