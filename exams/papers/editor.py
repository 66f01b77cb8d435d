"""The edit page of an exam: its forms together, the rows being added and moved, what stands beside them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from exams.bank.models import Question
from exams.papers.blueprint import Blueprint
from exams.papers.blueprint_forms import (
    MOST_FIXED,
    FixedRows,
    SectionRows,
    ShareRows,
    fixed_initial,
    moved_rows,
    sections_initial,
    share_places,
    shares_initial,
    topic_choices,
    typed_rows,
)
from exams.papers.forms import SITTING, AudienceRows, ExamForm, FindForm, audiences_initial
from exams.papers.live_queries import questions_by_id, usual_points
from exams.papers.models import AssemblyMethod, Exam
from exams.papers.queries import TOWN_ROLES, audience_places, blueprint_of, host_enterprises, rehearsable_exams
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_reviewers
from lms.kit.clock import current_date

# Pressed in the form without saving: one row more, a row moved, a question picked or looked for, the check.
ORDERS = ("add", "move", "pick", "find", "check")


@dataclass
class ExamForms:
    """The forms of the edit page.

    `may_fix`: whether this person may choose questions by hand; `kept`: the exam whose chosen questions stay otherwise;
    `focus`: id of the control that the eye is on after a row was touched.
    """

    exam: ExamForm
    sections: Any
    shares: Any
    fixed: Any
    audiences: Any
    find: FindForm
    may_fix: bool
    kept: Exam | None
    focus: str = ""

    @property
    def method(self) -> str:
        """The method as chosen, sound or not."""
        if self.exam.is_bound:
            self.exam.is_valid()
            return str(self.exam.cleaned_data.get("method", ""))
        return str(self.exam["method"].value() or AssemblyMethod.PARALLEL)

    @property
    def fixed_method(self) -> bool:
        """Whether the questions are chosen by hand."""
        return self.method == AssemblyMethod.FIXED

    @property
    def sitting_errors(self) -> bool:
        """Whether a rule of the room has to be mended."""
        return any(name in self.exam.errors for name in SITTING)

    @property
    def parts(self) -> list[Any]:
        """The rows that count for the method; what another method needs is neither read nor kept."""
        if self.fixed_method:
            return [self.fixed] if self.may_fix else []
        return [self.sections, self.shares] if self.method == AssemblyMethod.PARALLEL else [self.sections]

    def valid(self) -> bool:
        """Whether everything is, errors of all noted."""
        return False not in [form.is_valid() for form in (self.exam, self.audiences, *self.parts)]

    @property
    def mistakes(self) -> bool:
        """Whether something has to be mended."""
        bound = [form for form in (self.sections, self.shares, self.fixed, self.audiences) if form.is_bound]
        return bool(self.exam.errors) or any(form.total_error_count() for form in bound if self.counts(form))

    def counts(self, form: Any) -> bool:
        """Whether a set of rows matters for the method."""
        return form is self.audiences or form in self.parts

    def values(self) -> dict[str, Any]:
        """What the actions need."""
        return {"fields": self.exam.columns(), "audiences": self.audiences.rows(), **self.rows()}

    def rows(self) -> dict[str, Any]:
        """Parts, shares, questions chosen by hand; those that this person may not see stay as they are."""
        unseen = self.fixed_method and not self.may_fix
        fixed = blueprint_of(self.kept, on=current_date()).fixed if unseen and self.kept else ()
        return {
            "sections": self.sections.rows() if self.sections in self.parts else [],
            "shares": self.shares.rows() if self.shares in self.parts else [],
            "fixed": self.fixed.rows() if self.fixed in self.parts else fixed,
        }

    @cached_property
    def picked(self) -> list[tuple[Any, Question | None]]:
        """The rows chosen by hand with their questions; one query."""
        if not self.may_fix:
            return []
        found = questions_by_id(row["question"].value() for row in self.fixed)
        return [(row, found.get(str(row["question"].value()))) for row in self.fixed]

    def blueprint(self, *, today: date) -> Blueprint | None:
        """What would be saved, even while title or window are still missing; None while the rest is not sound."""
        if not self.sound():
            return None
        data, opens = self.exam.cleaned_data, self.exam.cleaned_data.get("opens_at")
        rows = self.rows()
        fixed = self.fixed_method
        return Blueprint(
            method=data["method"],
            sections=tuple(rows["sections"]),
            shares=tuple(rows["shares"]),
            fixed=tuple(rows["fixed"]),
            min_criterion_percent=data["min_criterion_percent"],
            paper_count=1 if fixed else data["paper_count"],
            on=timezone.localdate(opens) if opens else today,
            category_id=data["category"].pk if data["category"] else None,
            target_difficulty=data["target_difficulty"],
            difficulty_tolerance=data["difficulty_tolerance"],
            max_overlap_percent=data["max_overlap_percent"],
            max_exposure_percent=data["max_exposure_percent"],
            fresh_attempts=data["fresh_attempts"],
            attempts_allowed=data["attempts_allowed"],
        )

    def sound(self) -> bool:
        """Whether everything that decides about the papers is filled in well."""
        self.exam.is_valid()
        return not BLUEPRINT_FIELDS & self.exam.errors.keys() and all(rows.is_valid() for rows in self.parts)


BLUEPRINT_FIELDS = {
    "method", "min_criterion_percent", "paper_count", "category", "target_difficulty", "difficulty_tolerance",
    "max_overlap_percent", "max_exposure_percent", "fresh_attempts", "attempts_allowed",
}  # fmt: skip


def exam_forms(request: SanzhenRequest, exam: Exam | None) -> ExamForms:
    """The forms: bound when saving or checking; with what was typed, changed as asked, when a row was touched."""
    order = next((name for name in ORDERS if name in request.POST), "")
    touched = order not in ("", "check")
    data = None if touched or request.method != "POST" else request.POST
    rows, focus = changed_rows(request, order) if touched else (first_rows(exam), "")
    standing, may_fix = request.standing, question_reviewers(request)
    topics = topic_choices()
    return ExamForms(
        exam=ExamForm(
            data, instance=exam, initial=request.POST.dict() if touched else {}, hosts=host_enterprises(standing),
            targets=rehearsable_exams(standing, exam), town_wide=standing.holds(*TOWN_ROLES), may_fix=may_fix,
            today=current_date(),
        ),
        sections=SectionRows(data, prefix="section", initial=rows["section"], form_kwargs={"topics": topics}),
        shares=ShareRows(data, prefix="share", initial=rows["share"], form_kwargs={"places": share_places(topics)}),
        fixed=FixedRows(data, prefix="fixed", initial=rows["fixed"] if may_fix else []),
        audiences=AudienceRows(
            data, prefix="audience", initial=rows["audience"], form_kwargs={"places": audience_places(standing)}
        ),
        find=FindForm(request.POST or None, topics=topics),
        may_fix=may_fix,
        kept=exam,
        focus=focus,
    )  # fmt: skip


def first_rows(exam: Exam | None) -> dict[str, Any]:
    """The rows as saved, or the usual ones."""
    return {
        "section": sections_initial(exam),
        "share": shares_initial(exam),
        "fixed": fixed_initial(exam),
        "audience": audiences_initial(exam),
    }


def changed_rows(request: SanzhenRequest, order: str) -> tuple[dict[str, Any], str]:
    """The rows as typed, one more or in another order; and the id of the control that the eye is on."""
    rows: dict[str, Any] = {name: typed_rows(request.POST, name) for name in ("section", "share", "audience")}
    rows["fixed"] = typed_rows(request.POST, "fixed", MOST_FIXED)
    focus, what = "", request.POST[order]
    if order == "add" and what in ("section", "share", "audience"):
        rows[what] = [*rows[what], {}]
        first = {"section": "type", "share": "of", "audience": "category"}[what]
        focus = f"id_{what}-{len(rows[what]) - 1}-{first}"
    if order == "move":
        rows["fixed"], place = moved_rows(rows["fixed"], what)
        focus = "" if place is None else f"{what.partition('-')[0]}-{place}"
    if order == "pick" and question_reviewers(request) and len(rows["fixed"]) < MOST_FIXED:
        rows["fixed"] = picked_rows(rows["fixed"], what)
        focus = "id_find_q"
    return rows, focus


def picked_rows(rows: list[dict[str, Any]], question: str) -> list[dict[str, Any]]:
    """One question more, at its usual points; a question that is in already stays once."""
    if any(row.get("question") == question for row in rows):
        return rows
    points = usual_points(question)
    return rows if points is None else [*rows, {"question": question, "points": points}]


def posted_exam(request: SanzhenRequest, found: Any) -> Exam | None:
    """The exam that a check is about, of those that this person may change; None for a new one or a foreign id."""
    try:
        return found.filter(pk=request.POST.get("exam") or None).first()
    except (ValueError, OverflowError, ValidationError):
        return None
