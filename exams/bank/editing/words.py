"""What is wrong with a question, in the words of its form."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exams.bank.bodies import CASE, FILL_IN, HOTSPOT, MATCHING, MULTIPLE, ORDERING, SHORT_ANSWER, SINGLE, TRUE_FALSE
from exams.bank.problems import Problem, ProblemKind

Kind = ProblemKind
GENERAL: dict[str, Promise | str] = {
    Kind.NO_PICTURE: _("看图找隐患要有一张图片，请先上传。"),
    Kind.NO_PARTS: _("案例至少要有一道小题。"),
    Kind.BAD_POINTS: _("分值要大于 0，不超过 100。"),
    Kind.SAME_OPTIONS: _("选项重复：和前面的一项说的是同一件事。"),
    Kind.ANSWER_PAST_LAST: _("答案超出选项：勾选的那一项没有文字。"),
    Kind.TOO_FEW_OPTIONS: _("选项不足两个。"),
    Kind.OPTION_GAP: _("选项中间有空：请填上，或删掉这一行。"),
}
BY_TYPE: dict[tuple[str, str], Promise | str] = {
    (Kind.BLANK_ANSWER, SINGLE): _("答案为空：请勾选正确的一项。"),
    (Kind.BLANK_ANSWER, MULTIPLE): _("答案为空：请勾选正确的几项。"),
    (Kind.BLANK_ANSWER, TRUE_FALSE): _("答案为空：请选“对”或“错”。"),
    (Kind.BLANK_ANSWER, FILL_IN): _("答案为空：每个空至少写一种可以接受的答案。"),
    (Kind.BLANK_ANSWER, HOTSPOT): _("答案为空：请在图片上画出隐患所在的区域。"),
    (Kind.BLANK_ANSWER, SHORT_ANSWER): _("答案为空：至少写一条要点，每条要点都要有文字。"),
    (Kind.ANSWER_COUNT, SINGLE): _("单选题只选一项。"),
    (Kind.ANSWER_COUNT, MULTIPLE): _("多选题至少选两项。"),
    (Kind.TOO_FEW_OPTIONS, ORDERING): _("至少写两个步骤。"),
    (Kind.TOO_FEW_OPTIONS, MATCHING): _("至少写两组配对，右边至少有两种不同的内容。"),
    (Kind.OPTION_GAP, ORDERING): _("步骤中间有空：请填上，或删掉这一行。"),
    (Kind.OPTION_GAP, MATCHING): _("这一组只写了一边：两边都要写。"),
    (Kind.SAME_OPTIONS, ORDERING): _("步骤重复：和前面的一步相同，考生分不出先后。"),
    (Kind.SAME_OPTIONS, MATCHING): _("内容重复：和另一项说的是同一件事，考生分不清。"),
    (Kind.BAD_POINTS, SHORT_ANSWER): _("权重要大于 0，不超过 100。"),
}
TOO_MANY: dict[str, Promise | str] = {
    SINGLE: _("最多 10 个选项。"),
    MULTIPLE: _("最多 10 个选项。"),
    FILL_IN: _("最多 10 个空。"),
    ORDERING: _("最多 10 个步骤。"),
    MATCHING: _("最多 10 组配对，右边连同干扰项最多 10 项。"),
    HOTSPOT: _("最多 20 个区域。"),
    SHORT_ANSWER: _("最多 20 条要点。"),
    CASE: _("最多 20 道小题。"),
}


def words_of(problem: Problem, type_: str) -> str:
    """What to tell the writer of a question of a type."""
    if problem.kind == Kind.TOO_MANY:
        return str(TOO_MANY.get(type_, problem.kind.label))
    if problem.kind == Kind.BLANK_COUNT:
        stem, _sign, answers = problem.value.removeprefix("____ × ").partition(" ≠ ")
        return str(_("题干里有 %(stem)s 个空，答案写了 %(answers)s 行。") % {"stem": stem, "answers": answers})
    return str(BY_TYPE.get((problem.kind, type_)) or GENERAL.get(problem.kind) or problem.kind.label)
