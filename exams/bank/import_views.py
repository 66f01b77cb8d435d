"""Pages of question imports: upload, dry run, confirmation."""

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exams.bank.forms import UploadForm
from exams.bank.import_actions import confirm_import, start_import
from exams.bank.models import QuestionImport
from exams.bank.problems import ProblemKind
from exams.bank.queries import clause_choices, topic_choices
from exams.bank.sheet import HEADER
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank
from lms.jobs.models import JobStatus
from lms.kit.clock import current_time
from lms.kit.db import StaleState
from lms.kit.sheets import write_rows

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXAMPLES = (
    ("单选题", "进入污水池清淤前，第一步做什么？", "先下人看情况", "先通风，再检测", "先戴棉纱口罩", "先通知食堂",
     "", "", "B", "先通风、再检测、后作业，顺序不能换。", 2, 2, "有限空间作业", "通用", "gm10-13-02"),
    ("多选题", "下列哪些属于“三违”？", "违章指挥", "违章作业", "违反劳动纪律", "忘记打卡", "", "",
     "ABC", "三违指违章指挥、违章作业、违反劳动纪律。", 2, 3, "四种心态与三违", "机械；轻工", ""),
    ("判断题", "班组长要求冒险作业时，工人有权拒绝。", "", "", "", "", "", "",
     "对", "从业人员有权拒绝违章指挥和强令冒险作业。", 1, 1, "安全生产法律法规", "通用", ""),
)  # fmt: skip


@allow(question_bank)
def question_import(request: SanzhenRequest) -> HttpResponse:
    """Upload a file; the check starts at once in the background."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        source = start_import(upload=form.cleaned_data["file"], by=request.user, now=current_time())
        return redirect("jobs:job", pk=source.job_id)
    recent = QuestionImport.objects.within(request.standing.scope).select_related("owner", "job")[:10]
    context = {"form": form, "recent": recent, "header": HEADER, "topics": topic_choices()}
    return render(request, "exams/bank/import.html", context)


@allow(question_bank)
def question_import_result(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The dry run, or what came of the import: every problem with its row, by kind."""
    source = get_object_or_404(QuestionImport.objects.within(request.standing.scope).select_related("job"), pk=pk)
    if source.job and source.job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        return redirect("jobs:job", pk=source.job_id)
    problems = source.problems.all()
    kind = request.GET.get("kind", "")
    if kind in ProblemKind.values:
        problems = problems.filter(kind=kind)
    page = Paginator(problems, PER_PAGE).get_page(request.GET.get("page"))
    kinds = [(value, label, source.figures[value]) for value, label in ProblemKind.choices if value in source.figures]
    context = {"source": source, "page": page, "kinds": kinds, "kind": kind}
    return render(request, "exams/bank/import_result.html", context)


@allow(question_bank)
def question_import_job(request: SanzhenRequest, pk: int) -> HttpResponse:
    """From a finished job to the page of its import."""
    source = get_object_or_404(QuestionImport.objects.within(request.standing.scope), job_id=pk)
    return redirect("exams:question_import_result", pk=source.pk)


@require_POST
@allow(question_bank)
def question_import_apply(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Write the good rows."""
    source = get_object_or_404(QuestionImport.objects.within(request.standing.scope).select_related("job"), pk=pk)
    try:
        job = confirm_import(source=source, by=request.user, now=current_time())
    except StaleState:
        messages.info(request, _("这次导入已经处理过了。"))
        return redirect("exams:question_import_result", pk=pk)
    return redirect("jobs:job", pk=job.pk)


@allow(question_bank)
def question_template(request: SanzhenRequest) -> HttpResponse:
    """An empty sheet with three examples, and the clause codes that may stand in it."""
    buffer = io.BytesIO()
    codes = "、".join(clause.code for clause in clause_choices()[:3])
    note = _("示例三行请删掉。题型：单选题、多选题、判断题。判定标准编号如 %(codes)s。") % {"codes": codes}
    write_rows(buffer, header=HEADER, rows=EXAMPLES, title=_("题目"), notes=[note])
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="questions.xlsx"'
    return response
