"""Sentences that the page's script shows; they travel as JSON with the page."""

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """By name; `{n}` and the like are filled in by the script."""
    return {
        "saved": _("已保存"),
        "saved_at": _("已保存 {time}"),
        "saving": _("正在保存"),
        "waiting": _("{n} 题待传"),
        "online": _("在线"),
        "offline": _("离线"),
        "delay": _("在线 · 延迟 {ms} 毫秒"),
        "offline_title": _("网络断了，继续答就行。"),
        "offline_text": _("答案都存在这台设备上，网络恢复后自动补传，不要清除浏览器数据。"),
        "signed_out_title": _("登录已过期。"),
        "signed_out_text": _("答案还在这台设备上。请在新页面重新登录，这里会自动接着传。"),
        "refused_title": _("服务器没有收下最近的修改。"),
        "refused_text": _("答案还在这台设备上。请刷新页面；再出现请告诉监考人员。"),
        "seb_title": _("这里不是 Safe Exam Browser，服务器不收答案。"),
        "seb_text": _("答案还在这台设备上。请在 Safe Exam Browser 里打开这场考试；已经在里面的，请告诉监考人员。"),
        "question_answered": _("第 {n} 题，已答"),
        "question_open": _("第 {n} 题，未答"),
        "and_flagged": _("，已标记"),
        "and_waiting": _("，待上传"),
        "unanswered": _("还有 {n} 题没有作答。"),
        "all_answered": _("{n} 题全部作答。"),
        "flagged_left": _("有 {n} 题做了标记。"),
        "not_uploaded": _("{n} 题还没有传到服务器，会随交卷一起上传。"),
        "submitting": _("正在交卷…"),
        "submit_waits": _("网络断了，还没有交上。网络恢复后自动交卷，请不要关闭页面。"),
        "time_up": _("时间到，正在交卷…"),
        "time_up_offline": _("时间到。网络断了：已经传到服务器的答案会由服务器自动交卷，这一页会继续尝试补传。"),
        "lost_late": _("时间已过，断网期间的 {n} 处修改没能赶上，以服务器收到的答案为准。"),
        "held_late": _("时间已过，断网期间的 {n} 处作答已收下，由监考裁定是否计入。"),
        "closed_elsewhere": _("这份答卷已经交了。"),
        "minutes_left": _("还剩 {n} 分钟"),
        **room_words(),
        **widget_words(),
    }


def room_words() -> dict[str, str]:
    """What comes from the room: proctors, other devices."""
    return {
        "moved": _("这场考试已经换到另一台设备上作答，这台设备不能再答。"),
        "see_result": _("看结果"),
        "see_devices": _("看怎么办"),
        "announcement": _("广播"),
        "message": _("监考消息"),
        "warning": _("警告"),
        "left_page": _("离开答题页 {n} 次，容许 {allowed} 次。来电、弹窗也会计入。"),
    }


def widget_words() -> dict[str, str]:
    """Words of the widgets that answer a question."""
    return {
        "blank_spoken": _("第 {n} 空"),
        "order_grip": _("移动“{text}”，现在第 {n} 位，共 {count} 位。按空格拿起"),
        "order_lifted": _("已拿起“{text}”，第 {n} 位。上下键移动，空格放下，Esc 放弃"),
        "order_moved": _("“{text}”移到第 {n} 位，共 {count} 位"),
        "order_dropped": _("“{text}”放在第 {n} 位"),
        "order_back": _("“{text}”回到第 {n} 位"),
        "order_set": _("已排好，可以再改。"),
        "order_open": _("还没有作答。"),
        "marks_count": _("已标 {n} / {count} 处"),
        "marks_full": _("已标满 {count} 处，先去掉一处再标"),
        "mark_place": _("第 {n} 处：左 {left}%，上 {top}%"),
        "mark_set": _("已标第 {n} 处，左 {left}%，上 {top}%"),
        "mark_gone": _("去掉了第 {n} 处"),
        "mark_take_away": _("去掉第 {n} 处标记，左 {left}%，上 {top}%"),
        "cross_at": _("左 {left}%，上 {top}%"),
    }
