"""The page of a job: progress, then the result and its file."""

from pathlib import PurePosixPath

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import result_page_of


@allow(signed_in)
def my_jobs(request: SanzhenRequest) -> HttpResponse:
    """我的任务: the background work I started, newest first."""
    jobs = Paginator(Job.objects.filter(owner=request.user), 20).get_page(request.GET.get("page"))
    return render(request, "lms/jobs/list.html", {"jobs": jobs})


@allow(signed_in)
def job_page(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Progress bar that refreshes itself; a finished job leads to its own result page if it has one."""
    job = get_object_or_404(Job.objects.within(request.standing.scope), pk=pk)
    page = result_page_of(job.kind)
    address = reverse(page, args=[job.pk]) if page and job.status == JobStatus.DONE else ""
    if request.htmx:
        response = render(request, "lms/jobs/_progress.html", {"job": job})
        if job.finished:
            response["HX-Redirect"] = address or reverse("jobs:job", args=[job.pk])
        return response
    return redirect(address) if address else render(request, "lms/jobs/job.html", {"job": job})


@allow(signed_in)
def job_file(request: SanzhenRequest, pk: int) -> HttpResponseBase:
    """Download the result file: one's own only, because a file may hold personal numbers as they were uploaded."""
    job = get_object_or_404(Job, pk=pk, owner=request.user)
    if not job.result_file:
        raise Http404
    name = PurePosixPath(str(job.result_file.name)).name
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=name)
