"""An editor draws hazards on a photo and writes a case; a reviewer reads both and lets them out."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import ROOT, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]
AXE = ROOT / "build" / "axe.min.js"
SERIOUS = """axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(
  (result) => result.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`))"""
STEM = "找出这个污水池边的隐患。"
STORED = """
from django.apps import apps
version = apps.get_model("exams", "QuestionVersion").objects.get(stem={stem!r})
print(version.question_id, version.picture_id is not None, version.key)
"""


def photo(path: Path) -> Path:
    """Something like a pit beside a machine, with a place of shooting that must not survive."""
    image = Image.new("RGB", (1600, 1000), "#9fb4bd")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 640, 1600, 1000), fill="#7a7469")
    pen.rectangle((120, 180, 620, 660), fill="#5f6f73")
    pen.ellipse((320, 700, 700, 880), fill="#1d2426")
    pen.rectangle((900, 420, 1080, 680), fill="#caa23a")
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 3.0), 3: "E", 4: (120.0, 9.0, 1.0)})
    image.save(path, quality=85, exif=exif.tobytes())
    return path


def accessible(visitor: Visitor) -> None:
    """No serious fault that a machine can find."""
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert visitor.page.evaluate(SERIOUS) == []


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw from one place of the picture to another; places are shares of its width and height."""
    overlay = page.locator("[data-overlay]")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    assert box
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(sum(p[0] for p in places) / 2, sum(p[1] for p in places) / 2)
    page.mouse.move(*places[1])
    page.mouse.up()


def box_of(row: Locator) -> list[float]:
    """Left, top, width, height of a region in percent."""
    return [float(row.locator(f"[data-box={name}]").input_value()) for name in ("x", "y", "width", "height")]


def draw_hazards(page: Page) -> None:
    """Two regions with the mouse, one by keyboard alone; one is moved and taken back, one deleted."""
    rows = page.locator("[data-region]")
    page.locator("[data-tool=ellipse]").click()
    drag(page, (0.20, 0.70), (0.44, 0.88))
    page.keyboard.insert_text("池口没有盖板和护栏")
    page.locator("[data-tool=rect]").click()
    drag(page, (0.56, 0.42), (0.68, 0.68))
    page.keyboard.insert_text("配电箱门开着")
    assert box_of(rows.nth(0)) == pytest.approx([20, 70, 24, 18], abs=0.5)
    assert box_of(rows.nth(1)) == pytest.approx([56, 42, 12, 26], abs=0.5)
    drag(page, (0.62, 0.55), (0.66, 0.60))
    assert box_of(rows.nth(1)) == pytest.approx([60, 47, 12, 26], abs=0.5)
    page.get_by_role("button", name="加矩形").focus()
    for key in ["Enter", *["ArrowLeft"] * 10, *["ArrowUp"] * 20, *["Shift+ArrowRight"] * 4, "Enter"]:
        page.keyboard.press(key)
    page.keyboard.insert_text("设备没有防护罩")
    assert box_of(rows.nth(2)) == [35, 30, 22, 20]
    page.locator('[value="region:add:polygon"]').click()
    expect(rows).to_have_count(4)
    page.keyboard.press("Delete")
    expect(rows).to_have_count(3)


def write_hotspot(editor: Visitor, picture: Path) -> str:
    page = editor.page
    editor.go("/exams/bank/new/")
    editor.picture("question-types")
    accessible(editor)
    page.get_by_role("link", name=re.compile("看图找隐患")).click()
    page.locator("[name=stem]").fill(STEM)
    page.locator("[name=topic]").select_option(label="重大事故隐患·有限空间")
    page.locator("[name=picture_file]").set_input_files(picture)
    page.locator("[data-board]:visible").wait_for()
    page.locator("[name=picture_alt]").fill("污水池边，左边是设备，中间有一个池口，右边有一个箱子")
    draw_hazards(page)
    page.locator("[name=explanation]").fill("池口要盖住或围住；箱门要锁上；转动的地方要有防护罩。")
    expect(page.locator(".phone")).to_contain_text("点出图中的 3 处隐患")
    expect(page.locator(".preview-pane")).to_contain_text("设备没有防护罩")
    accessible(editor)
    editor.fits()
    editor.picture("question-hotspot", guide=True)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/exams/bank/\d+/$"))
    return page.url


def write_case(editor: Visitor) -> str:
    """Three sub-questions; options pasted at once, a blank inserted by its button, one part moved by keyboard."""
    page = editor.page
    editor.go("/exams/bank/new/?type=case")
    page.locator("[name=stem]").fill("停产检修，班长安排两名工人清理三米深的污水池。两人带了手套，没有带检测仪。")
    page.locator("[name=topic]").select_option(label="重大事故隐患·有限空间")
    for kind in ("fill_in", "single", "short_answer"):
        page.locator(f'[value="part:add:{kind}"]').click()
    first, second, third = (page.locator("[data-part]").nth(n) for n in range(3))
    first.locator("[data-stem]").fill("下池前氧含量应不低于%。")
    first.locator("[data-stem]").press("End")
    first.locator("[data-stem]").press("ArrowLeft")
    first.locator("[data-stem]").press("ArrowLeft")
    first.get_by_role("button", name=re.compile("插入空格")).click()
    assert first.locator("[data-stem]").input_value() == "下池前氧含量应不低于____%。"
    first.locator("[data-forms]").fill("19.5..23.5")
    second.locator("[data-stem]").fill("班长第一步应当安排什么？")
    second.locator("[data-split]").first.click()
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""",  # noqa: E501
        "A. 先派一个人下去看看\nB．强制通风，再检测\n（C）戴好手套就下\nD、拍照留底\nE. 等天黑",
    )
    texts = [field.input_value() for field in second.locator("[data-split]").all()]
    assert texts == ["先派一个人下去看看", "强制通风，再检测", "戴好手套就下", "拍照留底", "等天黑"]
    second.get_by_role("radio", name="B 是答案").check(force=True)
    second.locator("[data-stem]").press("Alt+ArrowUp")
    expect(page.locator("[data-part]").first).to_contain_text("单选题")
    third.locator("[data-stem]").fill("说说监护人要做什么。")
    third.locator("[data-enter]").first.click()
    page.keyboard.insert_text("不离开洞口")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("出事先呼救，不盲目下池")
    expect(page.locator(".phone")).to_contain_text("第 3 小题")
    accessible(editor)
    editor.fits()
    editor.picture("question-case", guide=True)
    page.get_by_role("button", name="保存并提交审核").click()
    page.wait_for_url(re.compile(r"/exams/bank/\d+/$"))
    return page.url


def approve(reviewer: Visitor, address: str, shown: list[str]) -> None:
    reviewer.go(address)
    for text in shown:
        expect(reviewer.page.locator("main")).to_contain_text(text)
    accessible(reviewer)
    reviewer.fits()
    reviewer.page.locator("button[value=approve]").click()
    reviewer.page.wait_for_load_state()
    reviewer.go(address)
    expect(reviewer.page.locator(".page-head")).to_contain_text("已发布")


def test_an_editor_draws_hazards_and_writes_a_case_and_a_reviewer_lets_both_out(
    visitor: Callable[..., Visitor], tmp_path: Path
):
    editor, reviewer, phone = visitor(wide=True), visitor(wide=True), visitor()
    editor.sign_in("BL-0003")
    hotspot = write_hotspot(editor, photo(tmp_path / "IMG_2041.JPG"))
    stored = editor.product.shell(STORED.format(stem=STEM))
    assert "True" in stored
    assert stored.count("'shape'") == 3
    assert "[3500, 3000, 5700, 5000]" in stored
    case = write_case(editor)
    reviewer.sign_in("BL-0004")
    approve(reviewer, hotspot, ["池口没有盖板和护栏", "配电箱门开着", "设备没有防护罩", "1.5%"])
    approve(reviewer, case, ["强制通风，再检测", "19.5 到 23.5 之间", "出事先呼救，不盲目下池"])
    reviewer.picture("question-case-review")
    phone.sign_in("BL-0003")
    for address in ("/exams/bank/new/", hotspot, f"{hotspot}edit/", f"{case}edit/"):
        phone.go(address)
        phone.fits()
        accessible(phone)
    phone.picture("question-case-phone")
