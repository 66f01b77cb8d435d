"""The device test: what a browser may report, what it means, who may store it."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.attempts.packets import BadPacket
from exams.proctoring.device_test import Results, findings, fit, parse_results
from exams.proctoring.device_test_actions import MOST_TESTS, CannotTest, store_test
from exams.proctoring.device_test_models import DeviceTest
from exams.proctoring.readiness import lines_of
from exams.proctoring.readiness_queries import DeviceFigures, readiness_of
from lms.kit.clock import current_time
from tests.factories.exams import NOW, exam_with_papers
from tests.factories.lms import EmploymentFactory, UserFactory

pytestmark = pytest.mark.django_db
SOUND = {"journal": True, "worker": True, "full_screen": True, "trip_ms": 40, "clock_ms": -900}


@pytest.fixture
def person(rules):
    return EmploymentFactory(person__name="孟庆舟").person


@pytest.fixture
def open_exam(rules):
    now = current_time()
    return exam_with_papers(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=5))


def titles(wants=False, in_seb=None, **changes):
    lines = findings(Results(**{**SOUND, **changes}), wants_full_screen=wants, in_seb=in_seb)
    return fit(lines), [line.title for line in lines if line.state != "ok"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, (True, [])),
        ({"journal": False}, (False, ["断网时答案存不住"])),
        ({"worker": False}, (True, ["断网时不能刷新"])),
        ({"trip_ms": 801}, (True, ["网络有点慢"])),
        ({"trip_ms": 5001}, (False, ["网络太慢"])),
        ({"clock_ms": 180_000}, (True, ["设备的钟不准"])),
        ({"full_screen": False}, (True, [])),
        ({"full_screen": False, "wants": True}, (True, ["不能全屏"])),
        ({"in_seb": False}, (False, ["不是 Safe Exam Browser"])),
        ({"in_seb": True}, (True, [])),
    ],
)
def test_what_the_results_mean(changes, outcome):
    assert titles(**changes) == outcome


@pytest.mark.parametrize(("ahead", "words"), [(180_000, "快了 3 分钟"), (-7_200_000, "慢了 120 分钟")])
def test_a_wrong_clock_is_told_by_how_much(ahead, words):
    lines = findings(Results(**{**SOUND, "clock_ms": ahead}), wants_full_screen=False, in_seb=None)
    assert any(words in line.detail for line in lines)


@pytest.mark.parametrize(
    "changes",
    [
        {"journal": "yes"}, {"journal": 1}, {"trip_ms": -1}, {"trip_ms": 60_001}, {"trip_ms": 4.5},
        {"clock_ms": 10**15}, {"in_seb": True}, {"more": "x" * 9},
    ],
)  # fmt: skip
def test_only_typed_and_bounded_results_are_read(changes):
    with pytest.raises(BadPacket):
        parse_results(json.dumps({**SOUND, **changes}).encode())
    assert parse_results(json.dumps(SOUND).encode()).trip_ms == 40


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"journal": true}'])
def test_what_is_no_result_is_refused(body):
    with pytest.raises(BadPacket):
        parse_results(body)


def post(client, exam, **changes):
    return client.post(
        reverse("exams:device_test", args=[exam.pk]), {**SOUND, **changes}, content_type="application/json"
    )


def test_the_page_stores_a_result_and_shows_it(person, client_of, open_exam):
    client, address = client_of(person), reverse("exams:device_test", args=[open_exam.pk])
    assert "看看这台设备能不能考" in client.get(address).text
    assert post(client, open_exam).json() == {"ok": True}
    page = client.get(address).text
    assert "这台设备可以考" in page
    assert "来回 40 毫秒" in page
    assert post(client, open_exam, journal=False).json() == {"ok": False}
    assert "这台设备还不行" in client.get(address).text
    assert post(client, open_exam, trip_ms=-1).status_code == 400
    assert [row.ok for row in DeviceTest.objects.filter(person=person, exam=open_exam)] == [True, False]


def test_an_exam_with_safe_exam_browser_wants_it_proven(person, client_of, open_exam, monkeypatch):
    open_exam.seb_required = True
    open_exam.save(update_fields=["seb_required"])
    assert post(client_of(person), open_exam).json() == {"ok": False}
    assert DeviceTest.objects.get().results["in_seb"] is False
    monkeypatch.setattr("exams.proctoring.device_test_views.proven", lambda pk, proof: pk == open_exam.pk)
    assert post(client_of(person), open_exam).json() == {"ok": True}


def test_nobody_tests_for_an_exam_that_is_not_meant_for_them(client_of, open_exam):
    outsider = client_of(UserFactory())
    assert outsider.get(reverse("exams:device_test", args=[open_exam.pk])).status_code == 404
    assert post(outsider, open_exam).status_code == 404
    assert DeviceTest.objects.count() == 0


def test_tests_end_with_the_exam_and_are_bounded(person, rules):
    exam = exam_with_papers()
    results = Results(**SOUND)
    store_test(exam_id=exam.pk, by=person, results=results, in_seb=False, now=NOW)
    with pytest.raises(CannotTest):
        store_test(exam_id=exam.pk, by=person, results=results, in_seb=False, now=exam.closes_at)
    DeviceTest.objects.bulk_create(
        DeviceTest(exam=exam, person=person, at=NOW, results={}, ok=True) for _ in range(MOST_TESTS)
    )
    with pytest.raises(CannotTest):
        store_test(exam_id=exam.pk, by=person, results=results, in_seb=False, now=NOW)


def test_the_ping_tells_the_time_and_asks_nothing_of_the_exams(person, client_of):
    client = client_of(person)
    before = int(current_time().timestamp() * 1000)
    with CaptureQueriesContext(connection) as asked:
        told = client.post(reverse("exams:device_ping"), {}, content_type="application/json").json()["now"]
    assert before <= told <= before + 60_000
    assert not [row for row in asked if "exams_" in row["sql"]]


def test_the_exams_page_leads_to_the_test_until_it_is_sat(person, client_of, open_exam):
    page = client_of(person).get(reverse("exams:exam", args=[open_exam.pk])).text
    assert reverse("exams:device_test", args=[open_exam.pk]) in page


def test_the_report_counts_people_not_tests(person, open_exam):
    now = current_time()
    other = EmploymentFactory().person
    for by, journal in [(person, False), (person, True), (other, False)]:
        results = Results(**{**SOUND, "journal": journal})
        store_test(exam_id=open_exam.pk, by=by, results=results, in_seb=False, now=now)
    EmploymentFactory()
    found = readiness_of(open_exam, now=now)
    assert found.devices == DeviceFigures(tested=2, fit=1)
    line = next(line for line in lines_of(found, now=now) if "设备检测通过" in line.title)
    assert (line.state, line.title) == ("warn", "3 人中 1 人的设备检测通过")
    assert "1 人检测没有通过" in line.detail
