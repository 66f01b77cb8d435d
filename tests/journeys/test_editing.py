"""An editor adds a clause and a question on it; a reviewer lets both out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]
SECTION = """
from django.apps import apps
section = apps.get_model("content", "StandardSectionPage").objects.get(code="gm10-13")
print(section.pk)
"""
CLAUSE_TEXTS = {
    "title": "有限空间救援器材没有随队带到现场",
    "code": "gm10-13-99",
    "article": "第十三条（演练稿）",
    "rule": "进入有限空间作业，救援三脚架、呼吸器没有带到洞口。",
    "plain": "救人的家伙不在洞口，等于没有。",
    "on_site": "三脚架还锁在仓库里，洞口只有一根绳子。",
    "common_errors": "以为随叫随取来得及。",
}
CLAUSE = """
from django.apps import apps
page = apps.get_model("content", "ClausePage").objects.filter(code="gm10-13-99").first()
print(page.pk if page else "", page.live if page else "")
"""


def press(visitor: Visitor, selector: str) -> None:
    """Press a button that Wagtail keeps in a folded menu."""
    visitor.page.locator(selector).first.evaluate("button => button.click()")
    visitor.page.wait_for_load_state("networkidle")


def write_clause(editor: Visitor) -> None:
    """A new clause, sent to review: the editor alone cannot publish it."""
    section = editor.product.shell(SECTION)
    page = editor.page
    editor.go(f"/editing/pages/add/content/clausepage/{section}/")
    for name, text in CLAUSE_TEXTS.items():
        page.locator(f"[name='{name}']").first.fill(text)
    editor.picture("editor-clause-form", guide=True, full=False)
    assert page.locator("button[name=action-publish]").count() == 0
    press(editor, "button[name=action-submit]")


def approve_clause(reviewer: Visitor) -> None:
    pk = reviewer.product.shell(CLAUSE).split()[0]
    reviewer.go(f"/editing/pages/{pk}/edit/")
    reviewer.picture("reviewer-clause", full=False)
    press(reviewer, "[data-workflow-action-name=approve]")


def write_question(editor: Visitor) -> str:
    """A true/false question on the new clause, sent to review; returns its address."""
    page = editor.page
    editor.go("/exams/bank/new/?type=true_false")
    page.locator("[name=topic]").select_option(label="重大事故隐患·有限空间")
    page.locator("[name=stem]").fill("进入有限空间作业，救援三脚架放在仓库里、随叫随取，就算准备好了。")
    page.locator("[name=truth][value=false]").check(force=True)
    page.locator("[name=explanation]").fill("救援器材要在洞口伸手可及。放在仓库里，人倒下后的几分钟就没了。")
    page.locator("[data-clause-filter]").fill("gm10-13-99")
    page.locator("label[data-clause]:visible input").first.check(force=True)
    editor.picture("question-form")
    editor.fits()
    page.locator("button[name=submit]").click()
    page.wait_for_load_state()
    editor.go("/exams/bank/?status=review")
    page.get_by_text("救援三脚架放在仓库里").first.click()
    page.wait_for_load_state()
    expect(page.locator("button[value=approve]")).to_have_count(0)
    return page.url


def approve_question(reviewer: Visitor, address: str) -> None:
    reviewer.go(address)
    reviewer.picture("question-review", guide=True)
    reviewer.page.locator("button[value=approve]").click()
    reviewer.page.wait_for_load_state()
    reviewer.go(address)
    expect(reviewer.page.locator(".page-head")).to_contain_text("已发布")


def test_an_editor_publishes_a_new_clause_and_a_question_on_it(visitor: Callable[..., Visitor]):
    editor, reviewer, reader = visitor(wide=True), visitor(wide=True), visitor()
    editor.sign_in("BL-0003")
    editor.go("/editing/")
    editor.picture("editing-home", guide=True, full=False)
    write_clause(editor)
    assert editor.product.shell(CLAUSE).endswith("False")
    reviewer.sign_in("BL-0004")
    approve_clause(reviewer)
    assert editor.product.shell(CLAUSE).endswith("True")
    editor.go("/exams/bank/")
    editor.picture("bank", guide=True)
    editor.fits()
    approve_question(reviewer, write_question(editor))
    reader.go("/library/search/?q=三脚架")
    reader.picture("library-search", guide=True)
    reader.fits()
    reader.page.locator("main a", has_text="演练稿").first.click()
    expect(reader.page.locator("main")).to_contain_text("救人的家伙不在洞口")
    reader.picture("clause", guide=True)
    reader.fits()
