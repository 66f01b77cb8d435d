"""Password rule of 等保 level 2 in its conventional form (domain.md §5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ThreeClassesValidator:
    """At least three of: lower case, upper case, digit, other character."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password with fewer than three classes."""
        classes = (
            any(char.islower() for char in password),
            any(char.isupper() for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() for char in password),
        )
        if sum(classes) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("密码至少 8 位，要有大写字母、小写字母、数字、符号中的三种。")
