"""Those who organise and those who supervise, at a desk."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from lms.kit.identifiers import id_check_digit
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]
HEADER = ("姓名", "身份证号", "手机号", "单位名称", "车间/部门", "班组", "岗位", "人员类别", "用工形式", "入职日期")
ENTERPRISE = "柏岭恒丰味业有限公司"


def id_number(serial: int) -> str:
    first = f"99012319880101{serial:03d}"
    return first + id_check_digit(first)


def staff(number: int, **changes: str) -> list[str]:
    """One good row, or a spoilt one."""
    row = {
        "姓名": "匡丙丁戊己庚"[number % 6] + "新" + "桐楠榕枫桦松"[number % 6],
        "身份证号": id_number(700 + number),
        "手机号": f"1990007{number:04d}",
        "单位名称": ENTERPRISE,
        "车间/部门": "发酵车间",
        "班组": "一班",
        "岗位": "电焊工",
        "人员类别": "特种作业人员",
        "用工形式": "正式工",
        "入职日期": "2026-11-02",
    } | changes
    return [row[name] for name in HEADER]


def workbook(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("人员")
        for index, row in enumerate([list(HEADER), *rows]):
            for column, value in enumerate(row):
                sheet.write_string(index, column, value)
    return path


def sheet_text(data: bytes) -> str:
    rows = CalamineWorkbook.from_object(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return "\n".join(" ".join(str(cell) for cell in row) for row in rows)


def covered(visitor: Visitor, category: str) -> tuple[int, int]:
    """The two numbers of a category's tile."""
    visitor.go("/coverage/own/")
    text = visitor.page.locator(".stat", has_text=category).first.inner_text()
    found = re.search(r"(\d[\d,]*) / (\d[\d,]*)", text)
    assert found, text
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def upload(manager: Visitor, file: Path) -> None:
    manager.go("/workbench/people/import/")
    manager.page.set_input_files("input[type=file]", file)
    manager.page.get_by_role("button", name="上传并试算").click()
    manager.page.wait_for_url(re.compile(r"/workbench/people/import/\d+/$"), timeout=60_000)


def write(manager: Visitor) -> None:
    manager.page.get_by_role("button", name=re.compile(r"导入 \d+ 行")).click()
    manager.page.wait_for_url(re.compile(r"/import/\d+/report/$"), timeout=60_000)


def test_a_safety_manager_imports_staff_corrects_assigns_and_sees_coverage_move(
    visitor: Callable[..., Visitor], tmp_path: Path
):
    manager = visitor(wide=True)
    manager.sign_in("HF-0006")
    manager.go("/workbench/")
    manager.picture("workbench", guide=True)
    before = covered(manager, "特种作业人员")
    manager.picture("workbench-coverage", guide=True)
    spoilt = [
        staff(1),
        staff(2),
        staff(3, 身份证号=id_number(703)[:-1] + ("0" if id_number(703)[-1] != "0" else "1")),
        staff(4, 手机号="12345"),
        staff(5, 人员类别="飞行员"),
    ]
    upload(manager, workbook(tmp_path / "花名册.xlsx", spoilt))
    expect(manager.page.locator("h1")).to_contain_text("5 行里有 2 行可以导入")
    manager.picture("import-check", guide=True)
    manager.fits()
    with manager.page.expect_download() as waiting:
        manager.page.get_by_role("link", name=re.compile("下载这 3 行")).click()
    bad_rows = sheet_text(waiting.value.path().read_bytes())
    assert "校验" in bad_rows
    assert "飞行员" in bad_rows
    write(manager)
    manager.picture("import-report")
    upload(manager, workbook(tmp_path / "改好的.xlsx", [staff(3), staff(4), staff(5)]))
    expect(manager.page.locator("h1")).to_contain_text("3 行里有 3 行可以导入")
    write(manager)
    after = covered(manager, "特种作业人员")
    assert after == (before[0], before[1] + 5)
    assign(manager)
    manager.go("/workbench/people/?q=新桐")
    manager.picture("roster", guide=True)
    manager.fits()


def assign(manager: Visitor) -> None:
    """A course for everybody in a category."""
    manager.go("/learn/manage/assign/")
    page = manager.page
    page.locator("select[name=course]").select_option(
        label=page.locator("select[name=course] option").filter(has_text="高处作业").first.inner_text()
    )
    page.locator("input[name=target][value=category]").check()
    page.locator("select[name=category]").select_option(label="特种作业人员")
    manager.picture("assign", guide=True)
    page.get_by_role("button", name="安排", exact=True).click()
    page.wait_for_load_state()
    manager.go("/learn/manage/rules/")
    expect(page.locator("main")).to_contain_text("高处作业")
    manager.picture("rules")


def test_a_supervisor_drills_from_the_towns_number_to_the_name_and_exports(visitor: Callable[..., Visitor]):
    supervisor = visitor(wide=True)
    supervisor.sign_in("BL-0001")
    supervisor.go("/supervision/")
    page = supervisor.page
    expect(page.locator("h1")).to_contain_text("覆盖")
    supervisor.picture("supervision", guide=True)
    supervisor.fits()
    page.locator(".stat", has_text="特种作业人员").first.click()
    expect(page.locator("h1")).to_contain_text("未覆盖")
    supervisor.picture("supervision-list", guide=True)
    supervisor.fits()
    shown = int(re.search(r"未覆盖 (\d+) 人", page.locator("h1").inner_text())[1])  # type: ignore[index]
    name = page.locator(".table-people tbody tr a").first.inner_text().strip()
    listed = page.url
    page.get_by_role("button", name=re.compile(r"导出 \d+ 人")).click()
    expect(page.get_by_role("link", name="下载结果")).to_be_visible(timeout=60_000)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载结果").click()
    exported = sheet_text(waiting.value.path().read_bytes())
    assert name in exported
    assert "覆盖率" in exported
    assert (
        sum(
            "特种作业人员" in line or re.search(r"\b[A-Z]{2,4}-\d{4}\b", line) is not None
            for line in exported.splitlines()
        )
        >= shown
    )
    page.goto(listed)
    page.locator(".table-people tbody tr a", has_text=name).first.click()
    expect(page.locator("main")).to_contain_text(name)
    supervisor.picture("person", guide=True)
    tablet = visitor()
    tablet.sign_in("BL-0001")
    tablet.go("/supervision/")
    tablet.fits()
    tablet.picture("supervision-phone")


def test_looking_back_at_an_earlier_day_gives_that_days_number(visitor: Callable[..., Visitor]):
    supervisor = visitor(wide=True)
    supervisor.sign_in("BL-0001")
    supervisor.go("/coverage/?on=2025-06-30")
    expect(supervisor.page.locator("main")).to_contain_text("2025-06-30")
    supervisor.picture("supervision-earlier")
