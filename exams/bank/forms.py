"""Input about questions: files, reasons. The form of a question itself is in `exams.bank.editing`."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_UPLOAD = 20 * 1024 * 1024


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
