"""What holds while people sit an exam and after it: devices, leaving the page, late packets, marking, other tries.

An abstract part of `Exam`: the columns are the exam's own.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_STILLS = 20  # of one sitting: enough to know somebody again, far from watching them


class TakeOver(models.TextChoices):
    FREE = "free", _("考生可以自己换设备继续")
    ASK = "ask", _("换设备要监考人员同意")
    NEVER = "never", _("不能换设备")


class LeaveAction(models.TextChoices):
    LOG = "log", _("只记录")
    WARN = "warn", _("提醒考生")
    PROCTOR = "proctor", _("提醒考生并通知监考")
    SUBMIT = "submit", _("提醒一次后强制交卷")


class Marking(models.TextChoices):
    SINGLE = "single", _("一人阅")
    DOUBLE = "double", _("两人各阅一遍，相差大的由第三人定")


class CheckInRule(models.TextChoices):
    OFF = "off", _("不用签到，自己开考")
    PROCTOR = "proctor", _("监考核验人证后才能开考")


class SittingRules(models.Model):
    """Rules of the room. What an exam does not say is the mildest: shared phones and old browsers exist."""

    check_in = models.CharField(_("开考前签到"), max_length=8, choices=CheckInRule, default=CheckInRule.OFF)
    take_over = models.CharField(_("中途换设备"), max_length=8, choices=TakeOver, default=TakeOver.FREE)
    leave_tolerance = models.PositiveSmallIntegerField(_("切屏容许次数"), default=3)
    leave_action = models.CharField(_("超过以后"), max_length=8, choices=LeaveAction, default=LeaveAction.WARN)
    full_screen = models.BooleanField(_("电脑上要求全屏"), default=False)
    block_copy = models.BooleanField(_("禁止复制、粘贴和右键"), default=False)
    watermark = models.BooleanField(_("试卷加考生姓名水印"), default=True)
    camera_stills = models.PositiveSmallIntegerField(
        _("考试中随机拍照（张）"), default=0, validators=[MaxValueValidator(MOST_STILLS)]
    )
    seb_required = models.BooleanField(_("必须用 Safe Exam Browser"), default=False)
    # Answers made in time that reach the server after it handed the attempt in are kept for a ruling so long.
    late_minutes = models.PositiveSmallIntegerField(
        _("断网补传最晚（分钟）"), default=120, validators=[MaxValueValidator(7 * 24 * 60)]
    )
    cooling_hours = models.PositiveSmallIntegerField(
        _("两次考试至少间隔（小时）"), default=0, validators=[MaxValueValidator(24 * 366)]
    )
    retrain_after = models.PositiveSmallIntegerField(_("不合格几次后须重新培训"), default=0)
    marking = models.CharField(_("主观题阅卷"), max_length=8, choices=Marking, default=Marking.SINGLE)
    marking_tolerance = models.PositiveSmallIntegerField(
        _("两人相差不超过满分的（%）"), default=20, validators=[MaxValueValidator(100)]
    )
    results_approved_at = models.DateTimeField(_("成绩核准时间"), null=True, editable=False)
    results_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
