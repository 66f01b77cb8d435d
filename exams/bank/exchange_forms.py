"""Input about files of questions, in and out."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.export_actions import FORMATS
from exams.bank.models import Topic

MAX_UPLOAD = 50 * 1024 * 1024
ACCEPTED = ".xlsx,.csv,.txt,.docx,.xml,.zip,.gift"


class UploadForm(forms.Form):
    """A question file, and where questions go that name no topic."""

    file = forms.FileField(
        label=gettext_lazy("题目文件"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy("Excel、CSV、Word（.docx）、GIFT、Aiken、Moodle XML、QTI；不超过 50 MB"),
    )
    default_topic = forms.ModelChoiceField(
        label=gettext_lazy("没写知识点的题归到"),
        queryset=Topic.objects.all(),
        required=False,
        empty_label=gettext_lazy("不归，作为问题列出"),
        help_text=gettext_lazy("Word、Aiken 等文件里通常没有知识点。知识点不在题库里的题也归到这里，并列出提醒。"),
    )

    def clean_file(self) -> UploadedFile:
        """Bound the size; what is inside is looked at in the background."""
        file = cast("UploadedFile", self.cleaned_data["file"])
        if (file.size or 0) > MAX_UPLOAD:
            raise forms.ValidationError(_("文件超过 50 MB，请分成几个文件再传。"))
        return file


class ConfirmForm(forms.Form):
    """What to leave out of an import."""

    leave_out_similar = forms.BooleanField(required=False)


class ExportForm(forms.Form):
    """In which format questions go out."""

    format = forms.ChoiceField(
        label=gettext_lazy("格式"),
        choices=[(name, made.label) for name, made in FORMATS.items()],
        widget=forms.RadioSelect,
        initial="excel",
    )
