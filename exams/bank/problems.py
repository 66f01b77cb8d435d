"""What can be wrong with a question, from a form or from a file (pure)."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProblemKind(TextChoices):
    HEADER_MISSING = "header_missing", _("缺少列名")
    UNKNOWN_TYPE = "unknown_type", _("题型不认识")
    BLANK_STEM = "blank_stem", _("题干为空")
    TOO_FEW_OPTIONS = "too_few_options", _("选项不足两个")
    TOO_MANY = "too_many", _("超过可以容纳的数量")
    OPTION_GAP = "option_gap", _("选项中间有空")
    SAME_OPTIONS = "same_options", _("选项重复")
    BLANK_ANSWER = "blank_answer", _("答案为空")
    ANSWER_UNREADABLE = "answer_unreadable", _("答案看不懂")
    ANSWER_PAST_LAST = "answer_past_last", _("答案超出选项")
    BLANK_COUNT = "blank_count", _("空的个数与答案不符")
    BAD_REGION = "bad_region", _("隐患区域画得不对")
    NO_PICTURE = "no_picture", _("缺少图片")
    NO_PARTS = "no_parts", _("案例没有小题")
    ANSWER_COUNT = "answer_count", _("答案个数与题型不符")
    BAD_DIFFICULTY = "bad_difficulty", _("难度不在 1–5")
    BAD_POINTS = "bad_points", _("分值不对")
    UNKNOWN_TOPIC = "unknown_topic", _("知识点不存在")
    UNKNOWN_INDUSTRY = "unknown_industry", _("行业不存在")
    UNKNOWN_CLAUSE = "unknown_clause", _("判定标准编号不存在")
    DUPLICATE_IN_FILE = "duplicate_in_file", _("表内重复")
    DUPLICATE_IN_BANK = "duplicate_in_bank", _("题库已有")
    UNKNOWN_CATEGORY = "unknown_category", _("人员类别不存在")
    UNKNOWN_LEVEL = "unknown_level", _("认知层次不认识")
    BAD_DATE = "bad_date", _("日期看不懂")
    NOT_SUPPORTED = "not_supported", _("题库没有这种题")
    UNREADABLE = "unreadable", _("这一题读不出来")
    NEAR_DUPLICATE = "near_duplicate", _("与已有的题很像")
    LOST_DETAIL = "lost_detail", _("有内容题库不能保留")


# What is told but keeps no question out.
WARNINGS = frozenset({ProblemKind.NEAR_DUPLICATE, ProblemKind.LOST_DETAIL})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where (column of the trade), and what stood there."""

    kind: ProblemKind
    column: str
    value: str = ""
