"""A reviewer fills the bank from a messy sheet and passes it on; then makes, checks, publishes and prints an exam."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]
TITLE = "冬季全员安全考试（平行卷）"
PAPERS = 6
SHARE = "重大事故隐患·粉尘涉爆"
MOMENT = "%Y-%m-%dT%H:%M"
HEADER = ["序号", "试题类型", "题目", "备选项", "正确答案", "考点", "难易程度", "录入人"]
NEW, TOPIC = "演练：配电室", "安全生产法律法规"
ROWS = [
    [
        1,
        "单选题",
        f"{NEW}的门应当怎样？",
        "A.常年敞开透气 B.锁好并专人管钥匙 C.用铁丝拧住",
        "Ｂ",
        "安全生产法律法规",
        "易",
        "张",
    ],
    [2, "多选", f"{NEW}里不应放什么？", "纸箱**油漆桶**绝缘手套", "A、B", TOPIC, 2, "张"],
    [3, "判断", f"{NEW}可以兼作更衣室。", "", "×", TOPIC, "", "张"],
    [4, "填空题", f"{NEW}巡查时先看____，再看温度。", "", "表计|仪表", TOPIC, 3, "李"],
    [5, "单选题", f"{NEW}着火先做什么？", "断电|泼水|开窗", "E", TOPIC, 3, "李"],
    [6, "单选题", f"{NEW}钥匙由谁管？", "值班电工|谁都行", "A", "配电管理", 3, "李"],
]
EXAM = """
from django.apps import apps
exam = apps.get_model("exams", "Exam").objects.get(title={title!r})
papers = exam.papers.prefetch_related("items")
sets = [{{item.version_id for item in paper.items.all()}} for paper in papers]
families = [paper.family for paper in papers]
shared = max(len(a & b) for n, a in enumerate(sets) for b in sets[:n])
across = sum(len(a & b) for n, a in enumerate(sets) for m, b in enumerate(sets[:n]) if families[n] != families[m])
prints = apps.get_model("lms", "AuditEntry").objects.filter(action="paper.printed").count()
print(exam.pk, len(sets), {{len(s) for s in sets}}, shared, across, prints)
"""


def messy_sheet(path: Path) -> Path:
    """As enterprises keep it: a title above, other names for columns, options in one cell, two rows that are wrong."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("题库2026")
        sheet.merge_range(0, 0, 0, len(HEADER) - 1, "某某公司安全考试题库（内部资料）")
        for number, row in enumerate([HEADER, *ROWS], start=1):
            sheet.write_row(number, 0, row)
    return path


def job_done(page: Page, address: str) -> None:
    """Wait on the page of the job until it leads on to its result."""
    page.wait_for_url(re.compile(address), timeout=60_000)


# --- the bank --------------------------------------------------------------------------------------


def import_sheet(reviewer: Visitor, path: Path) -> None:
    page = reviewer.page
    reviewer.go("/exams/bank/import/")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并核对").click()
    job_done(page, r"/exams/bank/import/\d+/$")
    expect(page.locator("h1")).to_have_text("6 题里有 4 题可以导入")
    expect(page.locator("main")).to_contain_text("这是试算，还没有改动题库")
    expect(page.locator("tbody")).to_contain_text("答案超出选项")
    expect(page.locator("tbody")).to_contain_text("知识点不存在")
    expect(page.locator("main")).to_contain_text("这些列没有用到：录入人")
    reviewer.fits()
    reviewer.picture("bank-import", guide=True)
    page.get_by_role("button", name="导入 4 题").click()
    job_done(page, r"/exams/bank/import/\d+/$")
    expect(page.locator("h1")).to_have_text("已导入 4 道题")


def export_as_moodle(reviewer: Visitor) -> None:
    page = reviewer.page
    reviewer.go(f"/exams/bank/?q={NEW}&status=review")
    reviewer.picture("bank-imported")
    page.get_by_role("link", name=re.compile("导出")).first.click()
    expect(page.locator("h1")).to_have_text("导出 4 道题")
    page.locator("[name=format][value=moodle]").check(force=True)
    reviewer.picture("bank-export", guide=True)
    page.get_by_role("button", name="生成文件").click()
    job_done(page, r"/exams/bank/export/job/\d+/$")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载文件").click()
    quiz = ElementTree.parse(waiting.value.path()).getroot()
    stems = [text.text or "" for text in quiz.findall("question/questiontext/text")]
    assert sorted(one.get("type") for one in quiz.findall("question") if one.get("type") != "category") == [
        "multichoice", "multichoice", "shortanswer", "truefalse",
    ]  # fmt: skip
    assert sum(NEW in stem for stem in stems) == 4


# --- the exam --------------------------------------------------------------------------------------


def say_what_and_when(officer: Visitor) -> None:
    """Title, subject, window; the audience stays as proposed: everybody."""
    page, today = officer.page, datetime.now(ZoneInfo("Asia/Shanghai"))
    page.fill("[name=title]", TITLE)
    page.fill("[name=subject]", page.locator("#subjects option").first.get_attribute("value") or "")
    page.fill("[name=opens_at]", (today + timedelta(hours=1)).strftime(MOMENT))
    page.fill("[name=closes_at]", (today + timedelta(days=7)).strftime(MOMENT))
    page.fill("[name=paper_count]", str(PAPERS))


def section(page: Page, number: int) -> Locator:
    return page.locator("[data-section]").nth(number)


def ask_for_too_much(officer: Visitor) -> None:
    """A fourth part that the bank cannot fill: the panel says so in words while nothing is saved yet."""
    page = officer.page
    expect(page.locator("#live-words")).to_contain_text("每套 60 题，100 分")
    section(page, 2).locator("[name$=-count]").fill("20")
    page.get_by_role("button", name="加一个部分").click()
    expect(page.locator("[data-section]")).to_have_count(4)
    page.select_option("[name=section-3-type]", label="看图找隐患")
    page.fill("[name=section-3-count]", "9")
    page.fill("[name=section-3-points]", "10")
    expect(page.locator("#live-words")).to_contain_text("还差")
    expect(page.locator("#live-body .live-bad")).to_contain_text(re.compile(r"看图找隐患·全部知识点 还差 \d+ 题"))
    officer.fits()
    section(page, 3).scroll_into_view_if_needed()
    officer.picture("exam-shortage", guide=True)


def mend_it(officer: Visitor) -> None:
    """One picture a paper is what the bank can give to two families of papers; a share of one topic on top."""
    page = officer.page
    page.fill("[name=section-3-count]", "1")
    page.get_by_role("button", name="加一条占比").click()
    page.select_option("[name=share-0-of]", label=SHARE)
    page.fill("[name=share-0-min_percent]", "20")
    expect(page.locator("#live-words")).to_contain_text("每套 51 题，100 分")
    expect(page.locator("#live-body .live-bad")).to_have_count(0)
    expect(page.locator(".live-card.htmx-request")).to_have_count(0)
    page.evaluate("window.scrollTo(0, 0)")
    officer.picture("exam-editor", guide=True)
    page.get_by_role("button", name="保存并核对").last.click()
    page.wait_for_url(re.compile(r"/exams/office/\d+/$"))
    expect(page.locator("h1")).to_have_text("核对无误，可以发布")
    officer.fits()
    officer.picture("exam-check", guide=True)


def publish(officer: Visitor) -> str:
    """The background worker makes the papers; the page of the job leads back to the exam. Returns its address."""
    page = officer.page
    page.get_by_role("button", name=f"组 {PAPERS} 套卷并发布").click()
    page.wait_for_url(re.compile(r"/jobs/\d+/$|/exams/office/\d+/$"))
    job_done(page, r"/exams/office/\d+/$")
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator("tbody tr")).to_have_count(PAPERS)
    officer.picture("exam-published")
    return page.url


def read_report(officer: Visitor) -> None:
    """Figures and drawings of overlap, exposure and difficulty."""
    page = officer.page
    page.get_by_role("link", name="组卷报告").click()
    expect(page.locator("h1")).to_have_text(re.compile(rf"{PAPERS} 套卷，难度相差 0\.0(0\d|10)$"))
    expect(page.locator(".strip")).to_contain_text("组间没有一题相同")
    assert page.locator(".strip").inner_text().count("守住上限") == 2
    for drawing in (".plot-heat", ".plot-wide"):
        expect(page.locator(drawing).first).to_be_visible()
    expect(page.locator("#h-exposure ~ .defn")).to_contain_text("每道题最多进 3 套")
    expect(page.locator("section[aria-labelledby=h-difficulty]")).to_contain_text("相差 0.0")
    officer.fits()
    officer.picture("exam-report", guide=True)


def print_first_paper(officer: Visitor, address: str) -> str:
    """Read the first paper and print its questions; returns the text of the PDF."""
    page = officer.page
    officer.go(f"{address}papers/1/")
    expect(page.locator("ol.form-wide > li")).to_have_count(51)
    officer.fits()
    page.locator("figure.q-picture").scroll_into_view_if_needed()
    officer.picture("exam-paper", guide=True, full=False)
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="试题").click()
    assert waiting.value.suggested_filename == f"{TITLE}-第1套-试题.pdf"
    return "\n".join(sheet.extract_text() for sheet in PdfReader(waiting.value.path()).pages)


def test_a_reviewer_fills_the_bank_from_a_messy_sheet_and_passes_it_on(visitor: Callable[..., Visitor], tmp_path: Path):
    reviewer = visitor(wide=True)
    reviewer.sign_in("BL-0004")
    import_sheet(reviewer, messy_sheet(tmp_path / "题库（最终版2）.xlsx"))
    export_as_moodle(reviewer)


def test_an_exam_officer_makes_parallel_papers_and_prints_one(visitor: Callable[..., Visitor]):
    officer = visitor(wide=True)
    officer.sign_in("BL-0004")
    officer.go("/exams/office/new/")
    say_what_and_when(officer)
    ask_for_too_much(officer)
    mend_it(officer)
    address = publish(officer)
    read_report(officer)
    text = print_first_paper(officer, address)
    assert TITLE in text
    assert "第 1 页" in text
    pk, *facts = officer.product.shell(EXAM.format(title=TITLE)).split(maxsplit=1)
    papers, sizes, shared, across, prints = facts[0].split()
    assert (papers, sizes, across, prints) == (str(PAPERS), "{51}", "0", "1")
    assert int(shared) <= 51 * 30 // 100
    assert f"exam {pk}: {PAPERS} papers agree" in officer.product.manage("replay_paper", pk)
    look_from_a_phone(visitor(), address)


def look_from_a_phone(supervisor: Visitor, address: str) -> None:
    """A supervisor of the town, who may not read papers, sees editor and report on a small screen."""
    supervisor.sign_in("BL-0001")
    supervisor.go("/exams/office/new/")
    expect(supervisor.page.locator("#live-words")).to_contain_text("每套 60 题，100 分")
    supervisor.fits()
    supervisor.page.locator("#live").scroll_into_view_if_needed()
    supervisor.picture("exam-editor-phone", guide=True)
    supervisor.go(f"{address}report/")
    supervisor.fits()
    supervisor.picture("exam-report-phone")
    answer = supervisor.page.goto(f"{address}papers/1/")
    assert answer is not None
    assert answer.status == 403
