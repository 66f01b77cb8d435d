"""Trying a question as a candidate would answer it; nothing is stored."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from exams.attempts.marked import Question as Answered
from exams.attempts.marked import marked_body
from exams.attempts.packets import BadPacket
from exams.attempts.plainform import response_in_form
from exams.attempts.results import picture_of
from exams.attempts.sheets import Source, sheet_body
from exams.attempts.words import script_words
from exams.bank.grading import ALL_OR_NOTHING, RULES
from exams.bank.models import Question, QuestionVersion
from exams.papers.models import MultipleRule
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank


@require_http_methods(["GET", "POST"])
@allow(question_bank)
def question_try(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The current version with the candidates' widgets; POST marks what was answered."""
    question = get_object_or_404(Question.objects.select_related("current__picture"), pk=pk, current__isnull=False)
    version = question.current
    assert version is not None
    rule = request.POST.get("rule", ALL_OR_NOTHING)
    rule = rule if rule in RULES else ALL_OR_NOTHING
    context: dict[str, Any] = {"question": question, "version": version, "rules": MultipleRule, "rule": rule}
    response, status = [], 200
    if request.method == "POST":
        try:
            response = response_in_form(dict(request.POST.lists()))
            context["marked"] = marked_body(answered(version, response, rule), {})
        except BadPacket as problem:
            context["problems"], status = problem.problems, 400
    return render(request, "exams/types/try.html", context | sheet(version, response), status=status)


def source(version: QuestionVersion) -> Source:
    """A version with its usual points."""
    return Source(version.type, version.stem, version.options, version.default_points)


def sheet(version: QuestionVersion, response: list[str]) -> dict[str, Any]:
    """What the widgets need; the question's number is the seed, so that the order stays."""
    return {
        "body": sheet_body(source(version), response, seed=version.question_id, place=1, name="q1"),
        "picture": picture_of(version),
        "response_json": json.dumps(response, ensure_ascii=False),
        "words": script_words(),
    }


def answered(version: QuestionVersion, response: list[str], rule: str) -> Answered:
    """The version with its key and what was answered."""
    return Answered(
        source(version), version.key, response, version.question_id, 1, rule, picture=picture_of(version)
    )  # fmt: skip
