"""Sign-in and password forms."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms.people.adapter import StaffAccountAdapter
from lms.people.models import User
from lms.people.queries import person_signing_in

NEW_PASSWORD = {"autocomplete": "new-password"}


def bare(field: forms.Field, autocomplete: str) -> None:
    """Drop placeholder and third-party help; say to the browser what the field is."""
    field.widget.attrs = {"autocomplete": autocomplete}
    field.help_text = ""


class SignInForm(LoginForm):
    """One field for staff number, phone or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("手机号、工号或邮箱")
        self.fields["password"].label = _("密码")
        bare(self.fields["login"], "username")
        bare(self.fields["password"], "current-password")

    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", super()._clean_with_password(credentials))
        except ValidationError as error:
            if error.code != "username_password_mismatch" and error.code != "email_password_mismatch":
                raise
            raise ValidationError(failure_words(get_adapter(), self.request, credentials), code=error.code) from error


def failure_words(adapter: StaffAccountAdapter, request: Any, credentials: dict[str, Any]) -> str:
    """What went wrong, and how many tries are left."""
    left = adapter.tries_left(request, **credentials)
    if not left:
        return str(adapter.error_messages["too_many_login_attempts"])
    return ngettext("账号或密码不对，还可以再试 %(left)d 次。", "账号或密码不对，还可以再试 %(left)d 次。", left) % {
        "left": left
    }


class FirstSignInForm(forms.Form):
    """Staff number, end of the ID number and phone prove who it is; then the person chooses a password.

    Nobody has to hand out passwords: an imported account has none until this form sets it.
    """

    username = forms.CharField(label=gettext_lazy("工号，不记得就填手机号"), max_length=40)
    id_tail = forms.CharField(
        label=gettext_lazy("证件号码后六位"),
        min_length=6,
        max_length=6,
        help_text=gettext_lazy("末位是 X 的照样写 X。"),
    )
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20)
    password1 = forms.CharField(
        label=gettext_lazy("新密码"),
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=gettext_lazy("密码至少 8 位，要有大写字母、小写字母、数字、符号中的三种。"),
    )
    password2 = forms.CharField(label=gettext_lazy("再输一遍新密码"), widget=forms.PasswordInput(attrs=NEW_PASSWORD))
    user: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel-national", "inputmode": "tel"}
        self.fields["id_tail"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """The three facts must belong to one account that has no password yet."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["password1"] != cleaned["password2"]:
            raise ValidationError({"password2": _("两遍输得不一样。")})
        person = person_signing_in(cleaned["username"])
        if (
            person is None
            or not person.awaits_activation
            or not person.is_proved_by(id_tail=cleaned["id_tail"], phone=cleaned["phone"].replace(" ", ""))
        ):
            raise ValidationError(
                _(
                    "三项没有对上，或者账号已经启用。请核对工号、证件号码后六位和手机号，还不对就请单位安全管理人员查一下花名册。"
                ),
                code="not_proved",
            )
        validate_password(cleaned["password1"], person)
        self.user = person
        return cleaned


class ChangePasswordForm(AllauthChangePasswordForm):
    """The old password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("现在的密码"), "password1": _("新密码"), "password2": _("再输一遍新密码")}
        for name, label in labels.items():
            self.fields[name].label = label
            bare(self.fields[name], "current-password" if name == "oldpassword" else "new-password")


class ResetPasswordForm(AllauthResetPasswordForm):
    """Asks for a link by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("邮箱")
        bare(self.fields["email"], "email")


class ResetPasswordKeyForm(AllauthResetPasswordKeyForm):
    """The new password behind the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {"password1": _("新密码"), "password2": _("再输一遍新密码")}.items():
            self.fields[name].label = label
            bare(self.fields[name], "new-password")
