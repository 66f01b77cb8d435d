"""What the office decides about Safe Exam Browser."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEY = re.compile(r"[0-9a-f]{64}\Z")
MOST_KEYS = 50
PASSWORD_LENGTH = 6


class SebForm(forms.Form):
    """The quit password is never shown again; an empty field keeps it."""

    quit_password = forms.CharField(
        label=gettext_lazy("退出密码"),
        required=False,
        min_length=PASSWORD_LENGTH,
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("只有监考人员知道。空着不改。改了以后，以前下载的配置文件作废。"),
    )
    no_password = forms.BooleanField(label=gettext_lazy("不设退出密码，考生可以随时退出"), required=False)
    browser_exam_keys = forms.CharField(
        label=gettext_lazy("浏览器考试密钥（Browser Exam Key）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code"}),
        help_text=gettext_lazy(
            "一行一个，64 位十六进制。从允许使用的每个版本的“考试”设置里抄来；空着，任何版本都可以。"
        ),
    )

    def clean_browser_exam_keys(self) -> list[str]:
        """One key a line, each once."""
        lines = [line.strip().lower() for line in self.cleaned_data["browser_exam_keys"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            if not KEY.match(line):
                raise forms.ValidationError(_("第 %(n)s 行不是 64 位十六进制的密钥。") % {"n": number})
        if len(set(lines)) > MOST_KEYS:
            raise forms.ValidationError(_("最多 %(n)s 个密钥。") % {"n": MOST_KEYS})
        return list(dict.fromkeys(lines))

    def decisions(self) -> dict[str, Any]:
        """For `actions.change_settings`."""
        typed = self.cleaned_data["quit_password"]
        password = "" if self.cleaned_data["no_password"] else typed or None
        return {"quit_password": password, "browser_exam_keys": self.cleaned_data["browser_exam_keys"]}
