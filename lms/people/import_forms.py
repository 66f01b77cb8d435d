"""The upload form of the staff import."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ZIP_MAGIC = b"PK\x03\x04"


class UploadForm(forms.Form):
    """One Excel file; judged by its content, not its name."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件（.xlsx）"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )

    def clean_file(self) -> UploadedFile:
        """Size and form."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(
                _("文件太大，最多 %(n)d MB，请分成几个。") % {"n": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
            )
        magic = upload.read(4)
        upload.seek(0)
        if magic != ZIP_MAGIC:
            raise ValidationError(_("这不是 .xlsx 文件。请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”再传。"))
        return upload
