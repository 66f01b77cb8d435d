"""The learner's pages: my courses, a course, a lesson with its clock."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from courses.catalogue.models import Lesson
from courses.catalogue.queries import my_courses as courses_of
from courses.progress.actions import SessionOver, answer_checkpoint, open_session, take_beat
from courses.progress.forms import BeatIn, CheckpointForm, OpenIn
from courses.progress.models import StudySession
from courses.progress.player import block_with, sheet_of
from courses.progress.queries import course_sheet, lesson_sheet, published_courses
from courses.progress.words import beat_answer, missing_text, progress_answer, session_answer
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in
from lms.kit.clock import current_date, current_time


@require_GET
@allow(signed_in)
def my_courses(request: SanzhenRequest) -> HttpResponse:
    """学习: what must be learnt, then what is open."""
    mine = courses_of(request.user.pk, on=current_date())
    return render(request, "courses/progress/my_courses.html", {"mine": mine, "tab": "learn"})


@require_GET
@allow(signed_in)
def course(request: SanzhenRequest, code: str) -> HttpResponse:
    """A course with its lessons and what is left to do."""
    shown = get_object_or_404(published_courses(), code=code)
    sheet = course_sheet(request.user, shown, on=current_date())
    return render(request, "courses/progress/course.html", {"course": shown, "sheet": sheet, "tab": "learn"})


@require_GET
@allow(signed_in)
def lesson(request: SanzhenRequest, code: str, lesson_code: str) -> HttpResponse:
    """The words of a lesson, framed by clock and checkpoints."""
    try:
        frame = lesson_sheet(request.user, code, lesson_code, on=current_date())
    except Lesson.DoesNotExist as error:
        raise Http404 from error
    page: Any = frame.lesson.page
    context = {
        "frame": frame,
        "lesson": frame.lesson,
        "course": frame.lesson.course,
        "sheet": sheet_of(page.body if page else [], frame.progress.passed_checkpoints),
        "left": missing_text(frame.missing),
        "state": progress_answer(frame.progress, frame.missing),
    }
    return render(request, "courses/progress/lesson.html", context)


@require_POST
@allow(signed_in)
def begin(request: SanzhenRequest) -> JsonResponse:
    """Issue a session token for a lesson; sessions elsewhere end."""
    try:
        sent = OpenIn.model_validate_json(request.body)
    except ValidationError:
        return JsonResponse({"error": "malformed"}, status=400)
    opened = get_object_or_404(
        Lesson.objects.select_related("course"), code=sent.lesson, published=True, course__published=True
    )
    phone = "Mobi" in request.headers.get("User-Agent", "")
    session = open_session(person=request.user, lesson=opened, phone=phone, now=current_time())
    frame = lesson_sheet(request.user, opened.course.code, opened.code, on=current_date())
    return JsonResponse(session_answer(session, frame.missing))


@require_POST
@allow(signed_in)
def beat(request: SanzhenRequest) -> JsonResponse:
    """Take a heartbeat; 409 once the session is over."""
    try:
        sent = BeatIn.model_validate_json(request.body)
        result = take_beat(
            person=request.user, token=sent.token, claim=sent.claim(), resume_at=sent.at, now=current_time()
        )
    except ValidationError:
        return JsonResponse({"error": "malformed"}, status=400)
    except StudySession.DoesNotExist as error:
        raise Http404 from error
    except SessionOver as over:
        text = _("你在另一处打开了课程，这里的计时停了。已经计入的时间都在。")
        return JsonResponse({"error": str(over), "message": text}, status=409)
    return JsonResponse(beat_answer(result))


@require_POST
@allow(signed_in)
def checkpoint(request: SanzhenRequest, code: str, lesson_code: str) -> HttpResponse:
    """Grade an answer: JSON for the page's script, otherwise back to the lesson."""
    asked = get_object_or_404(
        Lesson.objects.select_related("course", "page"),
        code=lesson_code,
        course__code=code,
        published=True,
        course__published=True,
    )
    form = CheckpointForm(request.POST)
    page: Any = asked.page
    block = block_with(page.body, "checkpoint", form["checkpoint"].value() or "") if page else None
    if block is None:
        raise Http404
    if not form.is_valid():
        return checkpoint_response(request, asked, False, _("先选一个答案。"), {})
    result = answer_checkpoint(
        person=request.user,
        lesson=asked,
        checkpoint=block.id,
        choice=form.cleaned_data["choice"],
        key=block.value["answer"],
        now=current_time(),
    )
    words = block.value["explanation"] if result.right else _("还不对。往回看看上面这一段，想一想再答。")
    return checkpoint_response(request, asked, result.right, words, progress_answer(result.progress, result.missing))


def checkpoint_response(
    request: SanzhenRequest,
    asked: Lesson,
    right: bool,  # noqa: FBT001
    words: str,
    state: dict[str, Any],
) -> HttpResponse:
    """The outcome of an answer for script or plain form."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"right": right, "words": words} | state)
    (messages.success if right else messages.warning)(request, words)
    return redirect("courses:lesson", asked.course.code, asked.code)
