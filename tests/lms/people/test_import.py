"""The staff import from upload to written rows, with real workbooks."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.audit.models import AuditEntry
from lms.jobs.actions import run_job
from lms.jobs.models import Job, JobStatus
from lms.kit.clock import current_date, current_time
from lms.kit.sheets import read_rows
from lms.people import import_run
from lms.people.columns import COLUMNS
from lms.people.models import Employment, LicenceDeclaration, User
from tests.conftest import Characters
from tests.factories.lms import EmploymentFactory, invented_id, invented_phone

pytestmark = pytest.mark.django_db
IMPORT = "/workbench/people/import/"


def line(number: int, **changes: Any) -> list[Any]:
    values = {
        "name": f"工人{number}",
        "id_number": invented_id(300_000 + number),
        "phone": invented_phone(80_000 + number),
        "enterprise": "柏岭恒丰机械有限公司",
        "workshop": "装配车间",
        "team": "一班",
        "post": "装配工",
        "categories": "一线从业人员",
        "started_on": "2026-03-01",
    } | changes
    return [values.get(column.key, "") for column in COLUMNS]


def line_of(person: User, **changes: Any) -> list[Any]:
    """The row of somebody who is on the roster already."""
    return line(0, name=person.name, id_number=person.id_number, phone=person.phone, **changes)


def workbook(rows: list[list[Any]], *, title: str = "") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    top = 1 if title else 0
    if title:
        sheet.write(0, 0, title)
    for index, row in enumerate([[column.title for column in COLUMNS], *rows]):
        sheet.write_row(top + index, 0, row)
    book.close()
    return SimpleUploadedFile("花名册.xlsx", buffer.getvalue())


@pytest.fixture
def upload(characters: Characters, client_of, django_capture_on_commit_callbacks):
    """Upload as the own manager; the job runs at once."""

    def send(rows: list[list[Any]], *, by: User | None = None, title: str = "") -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            answer = client_of(by or characters.own_manager).post(IMPORT, {"file": workbook(rows, title=title)})
        assert answer.status_code == 302, answer.content.decode()
        return Job.objects.latest("pk")

    return send


@pytest.fixture
def write(characters: Characters, client_of, django_capture_on_commit_callbacks):
    """Press "import" on a dry run."""

    def press(check: Job, *, by: User | None = None) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            client_of(by or characters.own_manager).post(f"{IMPORT}{check.pk}/write/")
        return Job.objects.latest("pk")

    return press


def test_the_dry_run_changes_nothing_and_says_everything(characters: Characters, upload, client_of) -> None:
    before = User.objects.count()
    job = upload([line(1), line(2, phone="123"), line(3, name="")], title="恒丰花名册 2026-11")
    assert User.objects.count() == before
    assert (job.result["rows"], job.result["good"], job.result["bad"]) == (3, 1, 2)
    assert [(problem["row"], problem["key"]) for problem in job.result["problems"]] == [(4, "phone"), (5, "name")]
    assert job.result["absent"] == 5
    page = client_of(characters.own_manager).get(f"{IMPORT}{job.pk}/").content.decode()
    assert "3 行里有 1 行可以导入" in page
    assert "要 11 位，现在是 3 位" in page
    assert invented_id(300_002) not in page


def test_the_bad_rows_come_back_with_their_reasons(characters: Characters, upload, client_of) -> None:
    job = upload([line(1), line(2, phone="123", post="")])
    answer = client_of(characters.own_manager).get(f"{IMPORT}{job.pk}/bad-rows/")
    rows = list(read_rows(io.BytesIO(b"".join(answer.streaming_content))))
    assert rows[0] == ["行号", *(column.title for column in COLUMNS), "问题"]
    assert rows[1][0] == 3
    assert rows[1][-1] == "岗位：不能空着。；手机号：要 11 位，现在是 3 位。"
    assert len(rows) == 2


def test_good_rows_are_written(characters: Characters, upload, write) -> None:
    special = line(
        2, categories="一线从业人员", licence_category="电焊", licence_number="T990", licence_until="2028-05-31"
    )
    job = write(upload([line(1, email="A@b.example"), special, line(3, phone="1")]))
    assert (job.status, job.result["good"], job.result["bad"]) == ("done", 2, 1)
    person = User.objects.get(name="工人1")
    assert (person.username, person.id_number, person.phone, person.email) == (
        "HF-0001",
        invented_id(300_001),
        invented_phone(80_001),
        "a@b.example",
    )
    assert person.awaits_activation
    employment = Employment.objects.get(person=person)
    assert (str(employment.workshop), str(employment.team), str(employment.post)) == ("装配车间", "一班", "装配工")
    assert (employment.started_on, employment.employment_type) == (date(2026, 3, 1), "own")
    assert [(str(period), period.valid_from) for period in employment.category_periods.all()] == [
        (f"{employment.pk} {characters.category.pk}", date(2026, 3, 1))
    ]
    licence = LicenceDeclaration.objects.get(person__name="工人2")
    assert (licence.trade_category, licence.number, licence.valid_until) == (
        "焊接与热切割作业",
        "T990",
        date(2028, 5, 31),
    )
    entry = AuditEntry.objects.get(action="people.imported")
    assert (entry.actor, entry.enterprise, entry.detail["new"]) == (characters.own_manager, characters.enterprise, 2)


def test_the_report_lists_the_staff_numbers(upload, write) -> None:
    job = write(upload([line(1), line(2)]))
    rows = list(read_rows(job.result_file.file))
    assert [row[:2] for row in rows[2:]] == [["工人1", "HF-0001"], ["工人2", "HF-0002"]]


def test_an_imported_person_activates_and_learns(characters: Characters, upload, write, client) -> None:
    write(upload([line(1)]))
    client.post(
        "/accounts/first/",
        {
            "username": "HF-0001",
            "id_tail": invented_id(300_001)[-6:],
            "phone": invented_phone(80_001),
            "password1": "Xin-Mima-2027",
            "password2": "Xin-Mima-2027",
        },
    )
    assert "工人1" in client.get("/me/").content.decode()


def test_importing_the_same_file_again_changes_nothing(upload, write) -> None:
    rows = [line(1, licence_category="电工作业", licence_number="T1"), line(2)]
    write(upload(rows))
    entries = AuditEntry.objects.filter(action="people.imported").count()
    check = upload(rows)
    assert check.result["kinds"] == {"new": 0, "joins": 0, "changed": 0, "same": 2}
    write(check)
    assert Employment.objects.filter(person__name__startswith="工人").count() == 2
    assert LicenceDeclaration.objects.filter(person__name="工人1").count() == 1
    assert AuditEntry.objects.filter(action="people.imported").count() == entries


def test_a_run_that_was_killed_half_way_is_finished_without_doubling(
    characters: Characters, upload, write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "CHUNK", 2)
    check = upload([line(number) for number in range(1, 6)])
    job = Job.objects.create(kind="people.import", title="x", owner=characters.own_manager, params={"check": check.pk})
    real, written = import_run.StaffFile.chunks, []

    def dying(self):
        for chunk in real(self):
            if written:
                raise KeyboardInterrupt  # the worker is killed after the first chunk
            written.append(chunk)
            yield chunk

    monkeypatch.setattr(import_run.StaffFile, "chunks", dying)
    with pytest.raises(KeyboardInterrupt):
        run_job(job_id=job.pk, now=current_time())
    assert Employment.objects.filter(person__name__startswith="工人").count() == 2
    monkeypatch.setattr(import_run.StaffFile, "chunks", real)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.QUEUED)
    run_job(job_id=job.pk, now=current_time())
    job.refresh_from_db()
    assert (job.status, job.result["good"], job.result["kinds"]["new"]) == ("done", 5, 3)
    assert list(User.objects.filter(name__startswith="工人").order_by("pk").values_list("username", flat=True)) == [
        f"HF-000{number}" for number in range(1, 6)
    ]
    assert len(list(read_rows(job.result_file.file))) == 7


def test_known_people_are_changed_where_the_row_says_so(characters: Characters, upload, write) -> None:
    person = characters.own_learner
    row = line_of(
        person, workshop="", team="", post="叉车工", started_on="", employment_type="劳务派遣", employer="顺达劳务"
    )
    row[3] = "13911112222"
    check = upload([row])
    assert check.result["kinds"]["changed"] == 1
    assert set(check.result["changes"]) == {"phone", "post", "employment_type", "employer_name"}
    write(check)
    employment = Employment.objects.get(person=person)
    assert (str(employment.team), str(employment.post), employment.employment_type, employment.employer_name) == (
        "甲班",
        "叉车工",
        "dispatched",
        "顺达劳务",
    )
    assert User.objects.get(pk=person.pk).phone == "13911112222"


def test_changed_categories_keep_their_history(characters: Characters, upload, write) -> None:
    from tests.factories.lms import CategoryFactory

    leader = CategoryFactory(code="team_leader", name="班组长")
    write(
        upload([line_of(characters.own_learner, categories="班组长", workshop="", team="", post="焊工", started_on="")])
    )
    today = current_date()
    periods = characters.own_employment.category_periods.order_by("valid_from")
    assert [(period.category, period.valid_until is None) for period in periods] == [
        (characters.category, False),
        (leader, True),
    ]
    assert [period.category for period in characters.own_employment.category_periods.on(today)] == [leader]


@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        (lambda c: line(1, name="别人", id_number=c.own_learner.id_number), "name", "登记的是另一个姓名"),
        (lambda c: line(1, phone=c.own_learner.phone), "phone", "登记在别人名下"),
        (lambda c: line(1, enterprise="清河兴源机械有限公司"), "enterprise", "不在你管的单位里"),
        (lambda c: line(1, uscc=c.other_enterprise.uscc), "enterprise", "别的单位"),
    ],
)
def test_what_the_register_knows_better(characters: Characters, upload, row, kind: str, words: str) -> None:
    job = upload([row(characters)])
    assert [(problem["kind"], words in problem["reason"]) for problem in job.result["problems"]] == [(kind, True)]
    assert job.result["good"] == 0


def test_the_second_of_two_equal_rows_is_refused(upload) -> None:
    job = upload([line(1), line(2, id_number=invented_id(300_001)), line(3, phone=invented_phone(80_001))])
    assert [(problem["row"], problem["kind"]) for problem in job.result["problems"]] == [
        (3, "duplicate"),
        (4, "duplicate"),
    ]


def test_somebody_who_works_elsewhere_joins_and_keeps_the_phone(characters: Characters, upload, write) -> None:
    person = characters.other_learner
    row = line_of(person)
    row[3] = "13911112222"
    check = upload([row])
    assert check.result["kinds"]["joins"] == 1
    assert {problem["kind"] for problem in check.result["problems"]} == {"elsewhere", "phone"}
    assert check.result["bad"] == 0
    write(check)
    assert Employment.objects.filter(person=person, ended_on__isnull=True).count() == 2
    assert User.objects.get(pk=person.pk).phone == person.phone


def test_people_missing_from_the_file_are_counted_not_dismissed(characters: Characters, upload, write) -> None:
    check = upload([line_of(characters.own_learner, workshop="", team="", post="焊工", started_on="")])
    assert check.result["absent"] == 4
    write(check)
    assert Employment.objects.filter(enterprise=characters.enterprise, ended_on__isnull=True).count() == 5


def test_pressing_import_twice_writes_once(upload, write) -> None:
    check = upload([line(1)])
    assert write(check).pk == write(check).pk
    assert Job.objects.filter(kind="people.import").count() == 1


def test_a_right_that_was_lost_in_between_stops_the_job(characters: Characters, upload) -> None:
    check = upload([line(1)])
    characters.own_manager.role_assignments.all().delete()
    job = Job.objects.create(kind="people.import", title="x", owner=characters.own_manager, params={"check": check.pk})
    run_job(job_id=job.pk, now=current_time())
    job.refresh_from_db()
    assert (job.status, job.message) == ("failed", "没有导入人员的权限了。")


def test_an_administrator_imports_into_any_enterprise_by_code(characters: Characters, upload, write) -> None:
    by = characters.administrator
    rows = [line(1), line(2, enterprise="兴源机械", uscc=characters.other_enterprise.uscc)]
    write(upload(rows, by=by), by=by)
    assert list(User.objects.filter(name__startswith="工人").order_by("name").values_list("username", flat=True)) == [
        "HF-0001",
        "XY-0001",
    ]


def test_taken_staff_numbers_are_left_out(characters: Characters, upload, write) -> None:
    EmploymentFactory(person__username="HF-0001", enterprise=characters.enterprise)
    write(upload([line(1), line(2)]))
    assert set(User.objects.filter(name__startswith="工人").values_list("username", flat=True)) == {
        "HF-0002",
        "HF-0003",
    }


@pytest.mark.parametrize("content", [b"name,id\n1,2", b"\xd0\xcf\x11\xe0 old excel", b""])
def test_what_is_no_workbook_is_refused_at_once(characters: Characters, client_of, content: bytes) -> None:
    answer = client_of(characters.own_manager).post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 200
    assert not Job.objects.exists()


def test_a_table_without_header_is_explained(
    characters: Characters, client_of, django_capture_on_commit_callbacks
) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet().write_row(0, 0, ["甲", "乙"])
    book.close()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(characters.own_manager).post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", buffer.getvalue())})
    job = Job.objects.get()
    assert job.status == "failed"
    assert "没有找到表头" in job.message


def test_others_neither_import_nor_see_my_dry_run(characters: Characters, upload, client_of) -> None:
    check = upload([line(1)])
    for name in ("trainer", "team_leader", "town_supervisor", "auditor", "own_learner", "editor"):
        assert client_of(getattr(characters, name)).get(IMPORT).status_code == 403
    for address in (f"{IMPORT}{check.pk}/", f"{IMPORT}{check.pk}/bad-rows/"):
        assert client_of(characters.other_manager).get(address).status_code == 404
        assert client_of(characters.administrator).get(address).status_code == 404
    assert client_of(characters.other_manager).post(f"{IMPORT}{check.pk}/write/").status_code == 404


def test_the_template_can_be_filled_and_read(characters: Characters, client_of, tmp_path: Path) -> None:
    answer = client_of(characters.own_manager).get(f"{IMPORT}template/")
    rows = list(read_rows(io.BytesIO(b"".join(answer.streaming_content))))
    assert [str(cell).rstrip("*") for cell in rows[0]] == [column.title for column in COLUMNS]
    assert not any(any(row) for row in rows[1:])


def test_the_import_is_no_slower_in_queries_for_more_rows(
    characters: Characters, upload, write, django_assert_max_num_queries
) -> None:
    check = upload([line(number) for number in range(1, 41)])
    job = Job.objects.create(kind="people.import", title="x", owner=characters.own_manager, params={"check": check.pk})
    with django_assert_max_num_queries(50):
        run_job(job_id=job.pk, now=current_time())
