"""The check while an exam is being written, and the questions to choose from: nothing is saved here."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exams.bank.models import Question
from exams.papers.blueprint_forms import topic_choices
from exams.papers.checks import blueprint_checks
from exams.papers.editor import BLUEPRINT_FIELDS, ExamForms, exam_forms, posted_exam
from exams.papers.forms import FindForm
from exams.papers.live import LivePanel, live_panel, unsound_panel
from exams.papers.live_queries import pickable, stock_on
from exams.papers.queries import managed_exams, names_for
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office, question_reviewers
from lms.kit.clock import current_date


@require_POST
@allow(exam_office)
def exam_check(request: SanzhenRequest) -> HttpResponse:
    """What the bank says to the form as it stands; counts and names only, never a question."""
    exam = posted_exam(request, managed_exams(request.standing))
    panel = panel_of(exam_forms(request, exam))
    return render(request, "exams/papers/editor/_panel.html", {"panel": panel, "swap": True})


@require_GET
@allow(question_reviewers)
def question_find(request: SanzhenRequest) -> HttpResponse:
    """Questions to choose by hand, with their stems: for reviewers only."""
    found = found_questions(FindForm(request.GET, topics=topic_choices()))
    return render(request, "exams/papers/editor/_found.html", {"found": found})


def found_questions(form: FindForm) -> list[Question]:
    """What was looked for; what is not well filled in limits nothing."""
    form.is_valid()
    data = form.cleaned_data
    text, topic = data.get("find_q") or "", data.get("find_topic") or None
    return pickable(text.strip(), data.get("find_type") or "", topic, on=current_date())


def panel_of(forms: ExamForms) -> LivePanel:
    """The panel of bound forms."""
    blueprint = forms.blueprint(today=current_date())
    if blueprint is None:
        return unsound_panel(problems_of(forms))
    names, stock = names_for(blueprint), stock_on(blueprint.on, blueprint.category_id)
    return live_panel(
        blueprint,
        blueprint_checks(blueprint),
        title=names.section,
        stock=lambda row: stock.of(row.type, row.topic_ids),
    )


def problems_of(forms: ExamForms) -> Iterator[str]:
    """Every mistake in what decides about the papers, with its place."""
    yield from problems_in(forms.exam, _("%(field)s：%(problem)s"), only=BLUEPRINT_FIELDS)
    titles = {
        id(forms.sections): _("第 %(place)s 部分 %(field)s：%(problem)s"),
        id(forms.shares): _("第 %(place)s 条占比 %(field)s：%(problem)s"),
        id(forms.fixed): _("第 %(place)s 题 %(field)s：%(problem)s"),
    }
    for rows in forms.parts:
        yield from (str(problem) for problem in rows.non_form_errors())
        for place, form in enumerate(rows.forms, start=1):
            yield from problems_in(form, titles[id(rows)], place=place)


def problems_in(form: Any, pattern: str, *, place: int = 0, only: set[str] | None = None) -> Iterator[str]:
    """The mistakes of one form."""
    for name, problems in form.errors.items():
        if only is not None and name not in only:
            continue
        label = form.fields[name].label if name in form.fields else ""
        for problem in problems:
            yield pattern % {"place": place, "field": label or "", "problem": problem}
