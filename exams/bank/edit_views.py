"""Pages on which questions are written, and the pictures they show."""

from typing import cast

from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from exams.bank import actions
from exams.bank.bodies import TYPES
from exams.bank.editing.form import QuestionForm
from exams.bank.editing.types import NEIGHBOUR, cards
from exams.bank.models import Question, QuestionPicture, QuestionVersion
from exams.bank.pictures import PreparedPicture, Unusable, prepared, store_picture
from exams.bank.views import posted_version, saved
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank, signed_in
from lms.kit.clock import current_time
from lms.kit.db import StaleState

A_YEAR = 365 * 86400
# What the page's script says.
WORDS = {
    "removed": gettext_lazy("已删除一行"),
    "moved": gettext_lazy("现在是第 {n} 行"),
    "pasted": gettext_lazy("粘贴的内容分成了 {n} 行"),
    "blank": gettext_lazy("插入了第 {n} 个空"),
    "range": gettext_lazy("{form} 即 {low} 到 {high}"),
    "uploading": gettext_lazy("正在上传图片……"),
    "uploaded": gettext_lazy("图片已上传"),
    "upload_failed": gettext_lazy("图片没有传上去，请检查网络后再选一次。写过的内容都还在。"),
    "region": gettext_lazy("区域 {n}：{label}"),
    "nameless": gettext_lazy("还没有名称"),
    "drawn": gettext_lazy("画好了，请写出这里是什么隐患"),
    "corners": gettext_lazy("多边形至少要三个角"),
    "arrows": gettext_lazy("方向键移动，Shift 加方向键改大小，回车写名称"),
    "full": gettext_lazy("区域已到上限"),
}


@allow(question_bank)
def question_new(request: SanzhenRequest) -> HttpResponse:
    """Choose a type, then write a question of it."""
    type_ = wanted_type(request, "")
    if not type_:
        return render(request, "exams/bank/choose_type.html", {"cards": cards()})
    form = form_of(request, type_)
    if request.method == "POST" and wants_saving(request, form) and form.is_whole():
        question = actions.create_question(
            content=form.content(),
            filing=form.filing(),
            clause_ids=form.cleaned_data["clauses"],
            by=request.user,
            now=current_time(),
        )
        return saved(request, question)
    return edit_page(request, form, None, None)


@allow(question_bank)
def question_edit(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Revise a question: saving writes a new version."""
    question = get_object_or_404(Question.objects.select_related("current__picture"), pk=pk)
    version = question.current or question.versions.latest("number")
    form = form_of(request, wanted_type(request, version.type), question, version)
    if request.method == "POST" and wants_saving(request, form) and form.is_whole():
        try:
            actions.revise_question(
                question=question,
                content=form.content(),
                filing=form.filing(),
                clause_ids=form.cleaned_data["clauses"],
                expected_version_id=posted_version(request),
                by=request.user,
                now=current_time(),
            )
            return saved(request, question)
        except StaleState:
            form.add_error(None, _("别人刚刚改了这道题，你的改动没有保存。请核对最新版本后再改。"))
    return edit_page(request, form, question, version)


@require_POST
@allow(question_bank)
def question_preview(request: SanzhenRequest) -> HttpResponse:
    """What is being written, as the candidate sees it and with its key; saves nothing."""
    type_ = wanted_type(request, "")
    if not type_:
        return HttpResponse(status=400)
    form = QuestionForm(request.POST, type_=type_)
    return render(request, "exams/bank/_both_sides.html", {"q": form.shown()})


@require_POST
@allow(question_bank)
def question_picture_upload(request: SanzhenRequest) -> HttpResponse:
    """Take a picture in while the question is being written; answers with its address, or 422 with words."""
    file = request.FILES.get("picture_file")
    if file is None:
        return JsonResponse({"error": _("没有收到图片。")}, status=422)
    try:
        picture = prepared(cast("object", file), file.size or 0)  # type: ignore[arg-type]
    except Unusable as error:
        return JsonResponse({"error": str(error.words)}, status=422)
    row = store_picture(picture=picture, by=request.user, now=current_time())
    address = reverse("exams:question_picture", args=[row.digest])
    return JsonResponse({"digest": row.digest, "address": address, "width": row.width, "height": row.height})


@require_safe
@allow(signed_in)
def question_picture(request: SanzhenRequest, digest: str) -> HttpResponseBase:
    """A picture that questions show. It is named by its content, so a browser may keep it for ever."""
    row = get_object_or_404(QuestionPicture, digest=digest)
    response = FileResponse(row.file.open("rb"), content_type=row.media_type)
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    return response


def wanted_type(request: SanzhenRequest, present: str) -> str:
    """The type of the question being written: as posted, as asked for in the address, or as it is.

    A question that exists becomes at most its neighbour.
    """
    wanted = request.POST.get("retype") or request.POST.get("type") or request.GET.get("type", "")
    if present:
        return wanted if wanted in (present, NEIGHBOUR.get(present)) else present
    return wanted if wanted in TYPES else ""


def form_of(
    request: SanzhenRequest, type_: str, question: Question | None = None, version: QuestionVersion | None = None
) -> QuestionForm:
    """The form as posted or from the version; a picture that came along is kept whatever else is wrong."""
    if request.method != "POST":
        return QuestionForm(type_=type_, question=question, version=version)
    form = QuestionForm(request.POST, request.FILES, type_=type_, question=question, version=version)
    form.is_valid()
    if form.new_picture:
        keep(form.new_picture, request)
    return form


def keep(picture: PreparedPicture, request: SanzhenRequest) -> None:
    """Store a picture that came with the form."""
    store_picture(picture=picture, by=request.user, now=current_time())


def wants_saving(request: SanzhenRequest, form: QuestionForm) -> bool:
    """Whether the question is to be saved; otherwise the form does what the button asked for."""
    command = request.POST.get("act", "")
    if command == "picture:remove":
        form.forget_picture()
    if command or "retype" in request.POST:
        form.act(command)
        return False
    return True


def edit_page(
    request: SanzhenRequest, form: QuestionForm, question: Question | None, version: QuestionVersion | None
) -> HttpResponse:
    """The form beside its preview."""
    context = {
        "form": form,
        "editor": form.editor,
        "question": question,
        "version": version,
        "q": form.shown(),
        "picture": form.shown_picture(),
        "words": {name: str(text) for name, text in WORDS.items()},
        "with_problems": bool(form.is_bound and (form.errors or form.editor.has_errors)),
    }
    return render(request, "exams/bank/edit.html", context)
