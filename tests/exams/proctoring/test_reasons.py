"""The list of reasons: who keeps it, what may be changed, what stays."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.attempts.models import Attempt
from exams.proctoring.actions import Order, intervene
from exams.proctoring.models import Intervention, InterventionKind, Reason
from exams.proctoring.reason_actions import change_reason, create_reason
from lms.access.roles import Role
from lms.audit.labels import action_label
from lms.audit.models import AuditEntry
from tests.factories.exams import NOW
from tests.factories.lms import RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(rules):
    person = UserFactory(name="薛明海")
    RoleAssignmentFactory(person=person, role=Role.ADMINISTRATOR)
    return person


def test_a_new_reason_is_last_and_audited(administrator):
    last = max(Reason.objects.values_list("position", flat=True))
    made = create_reason(code="fire", label="火警", fits=["pause"], by=administrator, now=NOW)
    assert (made.position, made.active) == (last + 1, True)
    entry = AuditEntry.objects.get(action="reason.created")
    assert entry.detail == {"code": "fire", "label": "火警", "fits": ["pause"]}
    assert action_label("reason.created") == "新建监考理由"


def test_other_words_are_audited_with_the_old_ones_and_records_keep_theirs(administrator, attempts, reason):
    order = Order(InterventionKind.PAUSE, reason)
    intervene(exam=attempts[0].exam, order=order, attempt_ids=[attempts[0].pk], by=administrator, now=NOW)
    assert change_reason(reason=reason, changes={"label": "断网"}, by=administrator, now=NOW)
    entry = AuditEntry.objects.get(action="reason.changed")
    assert entry.detail == {"code": "network", "before": {"label": "网络故障"}, "after": {"label": "断网"}}
    assert AuditEntry.objects.get(action="attempt.pause").reason == "网络故障"
    assert Intervention.objects.get().reason.label == "断网"
    assert not change_reason(reason=reason, changes={"label": "断网"}, by=administrator, now=NOW)
    assert AuditEntry.objects.filter(action="reason.changed").count() == 1


def change(client, reason, **changes):
    data = {"label": reason.label, "fits": reason.fits, "position": reason.position, "active": "on", **changes}
    return client.post(reverse("exams:reason", args=[reason.pk]), {k: v for k, v in data.items() if v is not None})


def test_a_retired_reason_is_offered_no_more(administrator, client_of, attempts, reason):
    client, attempt = client_of(administrator), attempts[0]
    seat = reverse("exams:seat", args=[attempt.exam_id, attempt.pk])
    assert "网络故障" in client.get(seat).text
    change(client, reason, active=None)
    assert "网络故障" not in client.get(seat).text
    data = {"kind": "pause", "reason": reason.pk, "attempts": [attempt.pk]}
    client.post(reverse("exams:order", args=[attempt.exam_id]), data)
    assert Attempt.objects.get(pk=attempt.pk).paused_at is None
    change(client, reason)
    assert "网络故障" in client.get(seat).text


def test_the_code_of_a_reason_stays(administrator, client_of, reason):
    change(client_of(administrator), reason, code="another", label="断网")
    reason.refresh_from_db()
    assert (reason.code, reason.label) == ("network", "断网")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"code": "network"}, "这个代码已经有了"),
        ({"code": "有 空格"}, "code"),
        ({"label": ""}, "label"),
        ({"label": "长" * 61}, "label"),
        ({"fits": ["dance"]}, "fits"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(administrator, client_of, fields, problem):
    before = Reason.objects.count()
    page = client_of(administrator).post(reverse("exams:reasons"), {"code": "fire", "label": "火警", **fields})
    errors = page.context["form"].errors
    assert problem in errors or problem in errors["code"]
    assert Reason.objects.count() == before


def test_the_page_adds_one_and_lists_all_with_their_use(administrator, client_of, attempts, reason):
    client = client_of(administrator)
    order = Order(InterventionKind.PAUSE, reason)
    intervene(exam=attempts[0].exam, order=order, attempt_ids=[a.pk for a in attempts], by=administrator, now=NOW)
    client.post(reverse("exams:reasons"), {"code": "fire", "label": "火警", "fits": ["pause", "resume"]})
    rows = {row.code: (row.used, kinds) for row, kinds in client.get(reverse("exams:reasons")).context["rows"]}
    assert rows["network"][0] == 3
    assert rows["fire"] == (0, ["暂停", "继续"])
    assert rows["other"][1] == []


def test_the_list_costs_the_same_however_long(administrator, client_of):
    client = client_of(administrator)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("exams:reasons"))
        return len(asked)

    few = cost()
    Reason.objects.bulk_create(Reason(code=f"c{n}", label=f"理由{n}", fits=["pause"]) for n in range(30))
    assert cost() == few
