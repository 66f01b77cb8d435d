"""Input on the pages of certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevokeForm(forms.Form):
    """Why a certificate is revoked."""

    reason = forms.CharField(
        label=_("撤销原因"),
        max_length=200,
        min_length=4,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        error_messages={"required": _("请写明原因，会记入审计日志。")},
    )


class CertificateFilter(forms.Form):
    """Filters of the staff list; all optional."""

    q = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(
        required=False, choices=[("", ""), ("valid", ""), ("expiring", ""), ("expired", ""), ("revoked", "")]
    )
