"""Input about questions: filters, files, reasons. The form of a question itself is in `exams.bank.editing`."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.models import QuestionStatus, QuestionType, Topic
from exams.bank.queries import Filters
from lms.organisations.models import Industry

MAX_UPLOAD = 20 * 1024 * 1024


class FilterForm(forms.Form):
    """The list's filters, all from the address."""

    q = forms.CharField(required=False)
    type = forms.ChoiceField(
        required=False, label=gettext_lazy("题型"), choices=[("", gettext_lazy("全部题型")), *QuestionType.choices]
    )
    status = forms.ChoiceField(
        required=False, label=gettext_lazy("状态"), choices=[("", gettext_lazy("全部状态")), *QuestionStatus.choices]
    )
    topic = forms.ModelChoiceField(
        required=False,
        label=gettext_lazy("知识点"),
        queryset=Topic.objects.all(),
        empty_label=gettext_lazy("全部知识点"),
    )
    industry = forms.ModelChoiceField(
        required=False,
        label=gettext_lazy("行业"),
        queryset=Industry.objects.all(),
        empty_label=gettext_lazy("全部行业"),
    )
    clause = forms.CharField(required=False)

    def filters(self) -> Filters:
        """What was asked for; a value that is none of the choices limits nothing."""
        self.is_valid()
        data = self.cleaned_data
        topic, industry = data.get("topic"), data.get("industry")
        return Filters(
            text=(data.get("q") or "").strip(),
            type=data.get("type") or "",
            status=data.get("status") or "",
            topic_id=topic.pk if topic else None,
            industry_id=industry.pk if industry else None,
            clause=(data.get("clause") or "").strip().lower(),
        )


class UploadForm(forms.Form):
    """A question file."""

    file = forms.FileField(
        label=gettext_lazy("题目文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）或文本表格（.csv），不超过 20 MB"),
    )

    def clean_file(self) -> UploadedFile:
        """Bound the size; what is inside is looked at in the background."""
        file = cast("UploadedFile", self.cleaned_data["file"])
        if (file.size or 0) > MAX_UPLOAD:
            raise forms.ValidationError(_("文件超过 20 MB，请分成几个文件再传。"))
        return file


class ReasonForm(forms.Form):
    """Why a question goes back or out."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
