"""Designs of certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Design(models.Model):
    """Words, issuer and number prefix of one kind of certificate; the layout is `pdf.html`."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    title = models.CharField(_("证书标题"), max_length=20)
    english_title = models.CharField(_("英文标题"), max_length=60, blank=True)
    issuer = models.CharField(_("落款"), max_length=60)
    number_prefix = models.CharField(_("编号前缀"), max_length=8)
    note = models.CharField(_("脚注"), max_length=200)
    valid_months = models.PositiveSmallIntegerField(_("有效月数"))
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
