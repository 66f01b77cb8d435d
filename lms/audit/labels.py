"""Names of the audited actions; apps add theirs in `AppConfig.ready`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_labels: dict[str, Promise | str] = {
    "account.activated": _("启用账号"),
    "account.locked": _("连续输错密码，锁定账号"),
    "account.reset": _("作废密码，重新启用"),
    "account.signed_in": _("登录"),
    "certificate.issued": _("发出证明"),
    "certificate.revoked": _("作废证明"),
    "course.assigned": _("安排课程"),
    "course.completed": _("学完课程"),
    "course.enrolled": _("报上课程"),
    "course.rule_ended": _("停止安排课程"),
    "courses.page_withdrawn": _("撤下课程页面"),
    "courses.synced": _("更新课程目录"),
    "exam.assembly_started": _("开始组卷"),
    "exam.changed": _("修改考试"),
    "exam.closed": _("关闭考试"),
    "exam.created": _("新建考试"),
    "exam.published": _("发布考试"),
    "exam.seb_changed": _("修改 Safe Exam Browser 设置"),
    "paper.printed": _("打印试卷"),
    "library.loaded": _("装入资料"),
    "page.published": _("发布页面"),
    "question.created": _("新建题目"),
    "question.picture_stored": _("存入题目图片"),
    "question.revised": _("修改题目"),
    "questions.imported": _("导入题目"),
    "questions.exported": _("导出题目"),
    "audit.exported": _("导出审计日志"),
    "export": _("导出覆盖率名单"),
    "employment.changed": _("调岗、改类别"),
    "employment.ended": _("办离职"),
    "employment.started": _("加进花名册"),
    "outcome.withdrawn": _("撤回一条成绩"),
    "people.exported": _("导出花名册"),
    "people.imported": _("导入人员"),
    "person.corrected": _("更正个人资料"),
    "person.unmasked": _("看完整证件号码"),
    "role.ended": _("撤销角色"),
    "role.granted": _("给出角色"),
}


def label_actions(labels: Mapping[str, Promise | str]) -> None:
    """Add names of actions."""
    _labels.update(labels)


def action_label(action: str) -> str:
    """The name of an action, its code where nobody named it."""
    return str(_labels.get(action, action))


def known_actions() -> list[tuple[str, str]]:
    """Codes and names for a filter, in order of the names."""
    return sorted(((code, str(label)) for code, label in _labels.items()), key=lambda pair: pair[1])
