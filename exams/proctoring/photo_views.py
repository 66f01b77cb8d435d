"""The photo of a candidate, for those who run the exam: shown at the door, kept, removed."""

from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exams.bank.pictures import Unusable
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from exams.papers.sitting import CheckInRule
from exams.proctoring.checkin_queries import people_at_the_door
from exams.proctoring.checkin_views import back_to
from exams.proctoring.photo_actions import remove_photo, store_photo
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.photos import from_text, portrait
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office
from lms.kit.clock import current_time
from lms.people.models import User


def recognising(exams: QuerySet[Exam]) -> QuerySet[Exam]:
    """Exams in which proctors know people again: at the door or on stills."""
    return exams.exclude(check_in=CheckInRule.OFF, camera_stills=0)


@require_http_methods(["GET", "POST"])
@allow(exam_office)
def candidate_photo(request: SanzhenRequest, pk: int, person: int) -> HttpResponse:
    """The picture of somebody meant by an exam of one's own with check-in or stills; POST keeps or removes one."""
    exam = get_object_or_404(recognising(managed_exams(request.standing)), pk=pk)
    found = people_at_the_door(exam, now=current_time()).filter(pk=person).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        change_photo(request, exam, found)
        return redirect(back_to(exam, request))
    photo = get_object_or_404(CandidatePhoto, person=found)
    response = HttpResponse(from_text(photo.image), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def change_photo(request: SanzhenRequest, exam: Exam, person: User) -> None:
    """Do what was asked and say so."""
    now, file = current_time(), request.FILES.get("photo")
    if person.pk == request.user.pk:
        messages.error(request, _("自己的照片请别人来存。"))
    elif "remove" in request.POST:
        if remove_photo(exam=exam, person=person, by=request.user, now=now):
            messages.success(request, _("照片已删除。"))
    elif file is None:
        messages.error(request, _("没有收到照片。"))
    elif "consent" not in request.POST:
        messages.error(request, _("要本人同意才能存照片。"))
    else:
        try:
            jpeg = portrait(cast("object", file), file.size or 0)  # type: ignore[arg-type]
        except Unusable as unusable:
            messages.error(request, str(unusable.words))
            return
        store_photo(exam=exam, person=person, jpeg=jpeg, by=request.user, now=now)
        messages.success(request, _("%(name)s 的照片已加密保存。") % {"name": person.name})
