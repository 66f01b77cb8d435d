"""Pages of Safe Exam Browser: its settings for the office, its file, its first page and its last."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.lockdown import gate
from exams.lockdown.actions import change_settings
from exams.lockdown.forms import SebForm
from exams.lockdown.queries import demanding_exams, link_of, settings_of
from exams.lockdown.sebfile import MEDIA_TYPE, file_of, from_stored
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody, exam_office, signed_in
from lms.kit.clock import current_time
from lms.kit.ratelimit import within_limit


@require_http_methods(["GET", "POST"])
@allow(exam_office)
def seb_settings(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The office's page: quit password, versions of the program, the file."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk)
    row = settings_of(exam.pk)
    form = SebForm(request.POST or None, initial={"browser_exam_keys": "\n".join(row.browser_exam_keys)})
    if request.method == "POST" and form.is_valid():
        changed = change_settings(exam=exam, **form.decisions(), by=request.user, now=current_time())
        new_file = changed.config_key != row.config_key
        messages.success(request, _("已保存。请重新下载配置文件。") if new_file else _("已保存，配置文件没有变。"))
        return redirect("exams:seb_settings", pk)
    context = {"exam": exam, "row": row, "form": form, "seb": gate.addresses(pk)}
    return render(request, "exams/lockdown/settings.html", context)


@require_GET
@allow(everybody)
def seb_file(request: SanzhenRequest, pk: int, link: UUID) -> HttpResponse:
    """The .seb file; its address cannot be guessed, because the program fetches it before anybody has signed in.

    A whole school may stand behind one address: the limit only stops what no room of candidates does.
    """
    if not within_limit(request, action="seb-file", limit=5000, seconds=600):
        return render(request, "429.html", status=429)
    if link != link_of(pk) or not Exam.objects.filter(pk=pk).exists():
        raise Http404
    response = HttpResponse(file_of(from_stored(settings_of(pk).config)), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="exam-{pk}.seb"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow(signed_in)
def seb_check(request: SanzhenRequest, pk: int) -> JsonResponse:
    """The script of the exam's page shows what the browser told it; from then on pages need no headers."""
    exam = get_object_or_404(demanding_exams(request.user.pk, now=current_time()), pk=pk)
    inside = gate.mark_session(request, exam)
    return JsonResponse({"inside": inside}, status=200 if inside else gate.NOT_IN_SEB)


@require_GET
@allow(everybody)
def seb_quit(request: SanzhenRequest) -> HttpResponse:
    """The program quits when it is led here; any other browser reads that it may be closed."""
    return render(request, "exams/lockdown/quit.html")
