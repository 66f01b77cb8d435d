"""Sign-in and password forms."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """One field for staff number, phone or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("手机号、工号或邮箱")
        self.fields["login"].widget.attrs = {"class": "input", "autocomplete": "username", "autofocus": True}
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"class": "input", "autocomplete": "current-password"}
        if "remember" in self.fields:
            self.fields["remember"].label = _("记住我，两周内免登录")
            self.fields["remember"].widget.attrs = {"class": "check"}


class ChangePasswordForm(AllauthChangePasswordForm):
    """The old password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("现在的密码"), "password1": _("新密码"), "password2": _("再输一遍新密码")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs = {
                "class": "input",
                "autocomplete": "current-password" if name == "oldpassword" else "new-password",
            }
