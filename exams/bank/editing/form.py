"""The form of a question: what all types share, and the editor of its type."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.actions import Filing
from exams.bank.bodies import CASE, HOTSPOT, body_from
from exams.bank.display import Shown, ShownPicture, shown_question
from exams.bank.editing.types import NEIGHBOUR, editor_for
from exams.bank.editing.words import words_of
from exams.bank.models import CognitiveLevel, Question, QuestionPicture, QuestionType, QuestionVersion, Topic
from exams.bank.pictures import PreparedPicture, Unusable, prepared, stored_picture
from exams.bank.queries import clause_choices, codes_with_fingerprint
from exams.bank.soundness import content_problems
from exams.bank.wording import USUAL_POINTS, QuestionContent, fingerprint_of
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory

# The field beside which a problem of a column is shown; all others belong to the editor of the type.
FIELD_OF = {"题干": "stem", "分值": "points", "图片": "picture_file"}
LABELS_OF_STEM = {CASE: gettext_lazy("情境（各小题共用的题干）")}


class QuestionForm(forms.Form):
    """One question of a given type: content, where it belongs, which clauses it tests."""

    stem = forms.CharField(
        label=gettext_lazy("题干"),
        widget=forms.Textarea(attrs={"rows": 4, "data-stem": ""}),
        max_length=4000,
        error_messages={"required": gettext_lazy("题干为空。")},
    )
    picture = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    picture_file = forms.FileField(
        label=gettext_lazy("图片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG、PNG 或 WebP，不超过 8 MB。拍摄地点等信息会自动去掉。"),
    )
    picture_alt = forms.CharField(
        label=gettext_lazy("图片说明"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("读屏软件念给看不见图片的人听：写画面里有什么，不要写出答案。"),
    )
    explanation = forms.CharField(
        label=gettext_lazy("解析"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("说明为什么对，也说明容易选错的那一项错在哪里；依据哪一条哪一项。"),
    )
    topic = forms.ModelChoiceField(
        label=gettext_lazy("知识点"),
        queryset=Topic.objects.all(),
        empty_label=gettext_lazy("请选择"),
        error_messages={"required": gettext_lazy("请选择知识点。")},
    )
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("难度"),
        coerce=int,
        choices=[(n, f"{n}") for n in range(1, 6)],
        initial=3,
        help_text=gettext_lazy("1 最易，5 最难"),
    )
    cognitive = forms.ChoiceField(
        label=gettext_lazy("认知层次"),
        choices=CognitiveLevel.choices,
        initial=CognitiveLevel.UNDERSTAND,
        help_text=gettext_lazy("记住条文、懂得道理、会用在现场、能分析原因"),
    )
    points = forms.DecimalField(
        label=gettext_lazy("默认分值"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    industries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("行业与专项领域"),
        queryset=Industry.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("都不选：各行业通用"),
    )
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("人员类别"),
        queryset=PersonnelCategory.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("都不选：所有人"),
    )
    clauses = forms.TypedMultipleChoiceField(label=gettext_lazy("判定标准条目"), coerce=int, required=False)
    source = forms.CharField(label=gettext_lazy("来源"), max_length=200, required=False)
    enemy_group = forms.CharField(
        label=gettext_lazy("互斥组"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("同一组的题不会出现在同一张卷子里"),
    )
    effective_from = forms.DateField(
        label=gettext_lazy("启用日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    effective_to = forms.DateField(
        label=gettext_lazy("停用日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        data: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        type_: str,
        question: Question | None = None,
        version: QuestionVersion | None = None,
    ) -> None:
        self.type, self.question = type_, question
        self.new_picture: PreparedPicture | None = None
        self.without_picture = False
        self.editor = editor_for(type_)
        initial = initial_of(question, version) if question and version else {"points": USUAL_POINTS[type_]}
        super().__init__(data, files, initial=initial)
        self.clause_list = clause_choices()
        chosen = cast("forms.TypedMultipleChoiceField", self.fields["clauses"])
        chosen.choices = [(clause.id, f"{clause.article} {clause.rule}") for clause in self.clause_list]
        self.fields["stem"].label = LABELS_OF_STEM.get(type_, gettext_lazy("题干"))
        self.fill_editor(data, version)

    def fill_editor(self, data: MultiValueDict[str, str] | None, version: QuestionVersion | None) -> None:
        """From what was posted, from the version, or afresh."""
        if data is not None:
            self.editor.read(data)  # type: ignore[arg-type]
        elif version:
            self.editor.fill(body_from(version.type, version.options, version.key))
        else:
            self.editor.start()
        self.editor.follow(self["stem"].value() or "")

    @property
    def label(self) -> str:
        """The name of the type."""
        return str(QuestionType(self.type).label)

    @property
    def neighbour(self) -> tuple[str, str] | None:
        """The type that this question may become, with its name."""
        other = NEIGHBOUR.get(self.type)
        return (other, str(QuestionType(other).label)) if other else None

    @property
    def needs_picture(self) -> bool:
        """Whether the type cannot do without."""
        return self.type == HOTSPOT

    @property
    def chosen_clauses(self) -> set[int]:
        """Clauses that are ticked."""
        return {int(value) for value in self["clauses"].value() or [] if str(value).isdigit()}

    @property
    def picture_digest(self) -> str:
        """The picture that the question has now: the one that came with the form, else the one it had."""
        if self.new_picture:
            return self.new_picture.digest
        return "" if self.without_picture else str(self["picture"].value() or "")

    def shown_picture(self) -> ShownPicture | None:
        """The picture for the page; None without one."""
        row: PreparedPicture | QuestionPicture | None = self.new_picture or stored_picture(self.picture_digest)
        if row is None:
            return None
        return ShownPicture(row.digest, row.width, row.height, str(self["picture_alt"].value() or "").strip())

    def clean_picture_file(self) -> UploadedFile | None:
        """Look at the picture that came along."""
        file = cast("UploadedFile | None", self.cleaned_data["picture_file"])
        if file:
            try:
                self.new_picture = prepared(cast("Any", file), file.size or 0)
            except Unusable as error:
                raise forms.ValidationError(str(error.words)) from error
        return file

    def clean_picture(self) -> str:
        """Only a picture that is stored; anything else counts as none."""
        row = stored_picture(str(self.cleaned_data["picture"]))
        return row.digest if row else ""

    def act(self, command: str) -> None:
        """Do what a button of the editor asks for, and say nothing about what is still missing."""
        kept = self.errors.get("picture_file")  # cleaning has looked at the picture
        self.errors.clear()
        if kept:
            self.errors["picture_file"] = kept
        name, verb, argument = [*command.split(":"), "", ""][:3]
        rows = next((found for found in self.editor.sets() if found.name == name), None)
        if rows is not None:
            self.editor.act(verb, rows, argument)

    def forget_picture(self) -> None:
        """Show no picture any more."""
        self.new_picture, self.without_picture = None, True
        self.cleaned_data["picture"] = ""

    def clean(self) -> dict[str, Any]:
        """What keeps the shared fields from being a question; the editor is looked at when nothing is asked of it."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("effective_from"), cleaned.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", _("停用日期早于启用日期"))
        return cleaned

    def is_whole(self) -> bool:
        """Whether it can be saved; every problem stands beside its field then."""
        sound = self.is_valid()
        content = self.content()
        self.editor.check()
        for problem in content_problems(content):
            field = FIELD_OF.get(problem.column)
            if field is None:
                self.editor.place(problem)
            elif not self.errors.get(field):
                self.add_error(field, words_of(problem, self.type))
        if sound and content.stem:
            self.refuse_twins(content)
        return not self.errors and not self.editor.has_errors

    def refuse_twins(self, content: QuestionContent) -> None:
        """The same question must not stand in the bank twice."""
        twins = codes_with_fingerprint(fingerprint_of(content), other_than=self.question.pk if self.question else None)
        if twins:
            self.add_error("stem", _("题库里已有同样的题：%(codes)s") % {"codes": "、".join(twins)})

    def content(self) -> QuestionContent:
        """The content as typed, whole or not."""
        data = self.cleaned_data if self.is_bound else {}
        points = data.get("points")
        return QuestionContent(
            type=self.type,
            stem=one_break(data.get("stem") or self["stem"].value()),
            body=self.editor.body(),
            explanation=one_break(data.get("explanation") or self["explanation"].value()),
            points=USUAL_POINTS[self.type] if points is None else points,
            source=str(data.get("source") or "").strip(),
            picture=self.picture_digest if self.new_picture or not self.is_bound else data.get("picture", ""),
            picture_alt=str(data.get("picture_alt") or "").strip(),
        )

    def shown(self) -> Shown:
        """The question as pages show it."""
        if self.is_bound:
            self.is_valid()
        return shown_question(self.content(), self.shown_picture())

    def filing(self) -> Filing:
        """Where the question belongs."""
        data = self.cleaned_data
        return Filing(
            topic_id=data["topic"].pk,
            difficulty=data["difficulty"],
            cognitive=data["cognitive"],
            industry_ids=tuple(row.pk for row in data["industries"]),
            category_ids=tuple(row.pk for row in data["categories"]),
            enemy_group=(data["enemy_group"] or "").strip(),
            effective_from=data["effective_from"],
            effective_to=data["effective_to"],
        )


def one_break(text: object) -> str:
    """Text without blanks around it; browsers send line ends in two characters."""
    return str(text or "").replace("\r\n", "\n").strip()


def initial_of(question: Question, version: QuestionVersion) -> dict[str, Any]:
    """The shared fields' starting values from a version."""
    return {
        "topic": question.topic_id,
        "stem": version.stem,
        "picture": version.picture.digest if version.picture else "",
        "picture_alt": version.picture_alt,
        "explanation": version.explanation,
        "difficulty": question.difficulty,
        "cognitive": question.cognitive,
        "points": version.default_points,
        "industries": [row.pk for row in question.industries.all()],
        "categories": [row.pk for row in question.categories.all()],
        "clauses": list(version.clause_links.values_list("clause_id", flat=True)),
        "source": version.source,
        "enemy_group": question.enemy_group,
        "effective_from": question.effective_from,
        "effective_to": question.effective_to,
    }
