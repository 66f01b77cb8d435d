"""导入人员: upload, dry run, write, report."""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import enterprise_manager
from lms.jobs.actions import start_job
from lms.jobs.models import Job, JobStatus
from lms.kit.clock import current_date
from lms.people.columns import TITLES
from lms.people.import_forms import UploadForm
from lms.people.import_queries import CHECK, WRITE, unfinished_imports
from lms.people.import_template import write_template
from lms.people.models import EmploymentType, PersonnelCategory
from lms.people.queries import managed_enterprises

PAGE = 50


def problem_names() -> dict[str, str]:
    """Names of the kinds of problems, for the filter."""
    return {
        "required": _("必填为空"),
        "id": _("证件号码"),
        "phone": _("手机号"),
        "name": _("姓名不符"),
        "duplicate": _("重复"),
        "enterprise": _("单位"),
        "elsewhere": _("别处在册"),
        "category": _("人员类别"),
        "choice": _("选项"),
        "date": _("日期"),
        "licence": _("操作证"),
        "other": _("其他"),
    }


def own_check(request: SanzhenRequest, pk: int) -> Job:
    """One's own finished dry run, or 404."""
    return get_object_or_404(Job, pk=pk, owner=request.user, kind=CHECK, status=JobStatus.DONE)


@allow(enterprise_manager)
def import_page(request: SanzhenRequest) -> HttpResponse:
    """Upload a table; the dry run starts at once."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile = form.cleaned_data["file"]
        job = start_job(
            kind=CHECK,
            title=_("试算：%(file)s") % {"file": (upload.name or "")[:80]},
            by=request.user,
            params={"file": (upload.name or "")[:120]},
            upload=upload,
        )
        return redirect("jobs:job", job.pk)
    enterprises = managed_enterprises(request.user.pk, request.standing, on=current_date())
    context = {
        "form": form,
        "place": "workbench",
        "enterprises": enterprises[:3],
        "enterprise_count": enterprises.count(),
        "waiting": unfinished_imports(request.user.pk),
    }
    return render(request, "lms/people/import.html", context)


@allow(enterprise_manager)
def import_template(request: SanzhenRequest) -> HttpResponseBase:
    """The empty table with notes and text cells."""
    buffer = io.BytesIO()
    first = managed_enterprises(request.user.pk, request.standing, on=current_date()).first()
    write_template(
        buffer,
        categories=list(PersonnelCategory.objects.values_list("name", flat=True)),
        enterprise=first.name if first else "",
        uscc=first.uscc if first else "",
    )
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename="staff-template.xlsx")


@allow(enterprise_manager)
def import_check(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The result of the dry run: figures, then every problem."""
    job = own_check(request, pk)
    kind = request.GET.get("kind", "")
    problems: list[dict[str, Any]] = [
        problem | {"column": TITLES.get(problem["key"], "")}
        for problem in job.result["problems"]
        if not kind or problem["kind"] == kind
    ]
    names = problem_names()
    context = {
        "place": "workbench",
        "job": job,
        "result": job.result,
        "kind": kind,
        "chips": [(key, names.get(key, key), count) for key, count in job.result["problem_rows"].items()],
        "page": Paginator(problems, PAGE).get_page(request.GET.get("page")),
        "added": job.result["kinds"]["new"] + job.result["kinds"]["joins"],
        "dispatched": job.result["types"].get(EmploymentType.DISPATCHED, 0),
        "problem_total": sum(job.result["problem_rows"].values()),
    }
    return render(request, "lms/people/import_check.html", context)


@allow(enterprise_manager)
def import_bad_rows(request: SanzhenRequest, pk: int) -> HttpResponseBase:
    """The rows that cannot be imported, each with its reasons, ready to be mended and sent again."""
    job = own_check(request, pk)
    if not job.result_file:
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename="bad-rows.xlsx")


@require_POST
@allow(enterprise_manager)
def import_write(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Write the good rows; a second click leads to the same job."""
    with transaction.atomic():
        check = get_object_or_404(
            Job.objects.select_for_update(), pk=pk, owner=request.user, kind=CHECK, status=JobStatus.DONE
        )
        written = check.params.get("written")
        if written is None:
            job = start_job(
                kind=WRITE,
                title=_("导入：%(file)s") % {"file": check.params.get("file", "")[:80]},
                by=request.user,
                params={"check": check.pk},
            )
            written = check.params["written"] = job.pk
            check.save(update_fields=["params"])
    return redirect("jobs:job", written)


@allow(enterprise_manager)
def import_report(request: SanzhenRequest, pk: int) -> HttpResponse:
    """What was written."""
    job = get_object_or_404(Job, pk=pk, owner=request.user, kind=WRITE, status=JobStatus.DONE)
    added = job.result["kinds"]["new"] + job.result["kinds"]["joins"]
    context = {"place": "workbench", "job": job, "result": job.result, "added": added}
    return render(request, "lms/people/import_report.html", context)
