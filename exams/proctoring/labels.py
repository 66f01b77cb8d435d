"""Names of this room's actions in the audit log."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "attempt.message": _("监考发消息"),
    "attempt.seen_in_person": _("当面确认本人"),
    "attempt.still_judged": _("看考试照片"),
    "attempt.stills_withdrawn": _("撤回同意拍照"),
    "attempt.warn": _("监考警告"),
    "exam.announced": _("全场广播"),
    "exam.checked_in": _("签到核验"),
    "exam.stills_deleted": _("到期删除考试照片"),
    "exam.photos_deleted": _("删除久不使用的核验照片"),
    "person.photo_removed": _("删除签到照片"),
    "person.photo_stored": _("存入签到照片"),
    "reason.changed": _("修改监考理由"),
    "reason.created": _("新建监考理由"),
}
