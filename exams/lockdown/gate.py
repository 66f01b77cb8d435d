"""Whether a request comes from Safe Exam Browser with the exam's settings, and what to say when it does not.

A view that is `@seb_checked` lets everything below it ask `insist(exam_id)`; actions do so with the attempt at hand,
only for exams that demand the browser, and it costs one query. Where no such view is above (background work, shells)
nothing is proven.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from exams.lockdown.headers import CONFIG_KEY_HEADER, NO_PROOF, PAGE_HEADER, Claim, Proof, claims_in
from exams.lockdown.notices import noticed
from exams.lockdown.queries import link_of, settings_of
from exams.papers.models import Exam
from lms.kit.clock import current_time

SESSION_KEY = "seb"
NOT_IN_SEB = 403
# Where a request keeps what claims to prove something; looked at first, because hardly any request does.
CLAIMING = tuple(f"HTTP_{name.upper().replace('-', '_')}" for name in (CONFIG_KEY_HEADER, PAGE_HEADER))
_proof: ContextVar[Proof] = ContextVar("seb_proof", default=NO_PROOF)


class NotInSeb(Exception):
    """The exam demands Safe Exam Browser; the request does not come from it. Nothing was changed."""

    def __init__(self, exam_id: int) -> None:
        super().__init__(exam_id)
        self.exam_id = exam_id


def proof_of(request: HttpRequest) -> Proof:
    """What the request brings. A script proves itself with every call; for pages a mark in the session is enough."""
    claims: tuple[Claim, ...] = ()
    if any(name in request.META for name in CLAIMING):
        claims = claims_in(request.headers, origin=settings.PUBLIC_ORIGIN, path=request.get_full_path())
    marks = {} if from_script(request) else request.session.get(SESSION_KEY, {})
    if not claims and not marks:
        return NO_PROOF
    return Proof(claims, {int(exam_id): str(mark) for exam_id, mark in marks.items()})


def from_script(request: HttpRequest) -> bool:
    """Whether a script sent it (JSON), who can add headers where the browser cannot."""
    return request.content_type == "application/json"


def proven(exam_id: int, proof: Proof) -> bool:
    """Whether the proof holds for an exam; one query."""
    if proof is NO_PROOF:
        return False
    return proof.holds(exam_id, settings_of(exam_id).keys)


def insist(exam_id: int) -> None:
    """Raises NotInSeb unless the request under way comes from the browser. Only for exams with `seb_required`."""
    if not proven(exam_id, _proof.get()):
        raise NotInSeb(exam_id)


def answer(request: HttpRequest, exam: Exam) -> HttpResponse:
    """A script is told why; a person is told what to do."""
    if from_script(request):
        address = reverse("exams:exam", args=[exam.pk])
        return JsonResponse({"error": "seb", "exam": address}, status=NOT_IN_SEB)
    response = render(request, "exams/lockdown/open_in_seb.html", screen(request, exam), status=NOT_IN_SEB)
    response["Cache-Control"] = "no-store"
    return response


def entry(request: HttpRequest, exam: Exam) -> dict[str, Any]:
    """What the exam's page says about the browser."""
    return screen(request, exam) if exam.seb_required else {}


def screen(request: HttpRequest, exam: Exam) -> dict[str, Any]:
    """Whether the request is inside, and where the file is."""
    return {"exam": exam, "seb": {"inside": proven(exam.pk, proof_of(request)), **addresses(exam.pk)}}


def addresses(exam_id: int) -> dict[str, str]:
    """Where the file is: for downloading, and for opening it in the program at once."""
    path = reverse("exams:seb_file", args=[exam_id, link_of(exam_id)])
    scheme, _, rest = settings.PUBLIC_ORIGIN.partition("://")
    return {"file": path, "open": f"{'sebs' if scheme == 'https' else 'seb'}://{rest}{path}"}


def seb_checked(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view below which `insist` may be asked; NotInSeb becomes the answer, and is told to whoever listens."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        before = _proof.set(proof_of(request))
        try:
            return view(request, *args, **kwargs)
        except NotInSeb as outside:
            told = {"attempt_key": kwargs.get("key"), "person_id": request.user.pk, "now": current_time()}
            noticed.send(sender=None, kind="seb", **told)
            return answer(request, Exam.objects.get(pk=outside.exam_id))
        finally:
            _proof.reset(before)

    return guarded


def mark_session(request: HttpRequest, exam: Exam) -> bool:
    """Remember that this session's browser has proven itself; False where the proof does not hold."""
    keys, proof = settings_of(exam.pk).keys, proof_of(request)
    if not any(claim.holds(keys) for claim in proof.claims):
        return False
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), str(exam.pk): keys.mark}
    return True
