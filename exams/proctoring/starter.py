"""The reasons that proctors begin with; afterwards they are edited as rows."""

from exams.proctoring.models import Reason

REASONS = [
    ("order", "考场秩序", ["announce", "message", "warn"]),
    ("reminder", "提醒", ["announce", "message"]),
    ("left-page", "多次离开答题页", ["warn", "force_submit"]),
    ("network", "网络故障", ["extend", "pause", "resume", "take_over", "announce", "message", "rule_late"]),
    ("power", "停电", ["extend", "pause", "resume", "take_over", "announce", "rule_late"]),
    ("device", "设备故障", ["extend", "pause", "resume", "take_over", "message", "rule_late"]),
    ("late-start", "统一推迟", ["extend", "announce"]),
    ("health", "身体不适", ["extend", "pause", "resume", "force_submit", "extra_time", "message"]),
    ("accommodation", "视力、书写等困难，按规定加时", ["extra_time", "extend"]),
    ("language", "文字理解有困难，按规定加时", ["extra_time", "extend"]),
    ("emergency", "突发事件（火警、疏散等）", ["pause", "resume", "extend", "force_submit", "void", "announce"]),
    ("impersonation", "替考", ["force_submit", "void"]),
    ("cheating", "违反考试纪律", ["warn", "force_submit", "void"]),
    ("paper-fault", "试题或系统有误", ["extend", "void", "message", "announce", "rule_late"]),
    ("trained", "已参加线下补课，有签到记录", ["retrained"]),
    ("no-evidence", "证据不足", ["rule_late"]),
    ("document-missing", "没带证件，由单位带队人员当面确认", ["check_in"]),
    ("document-unclear", "证件照片看不清，另看了带照片的证件", ["check_in"]),
    ("document-differs", "证件和本人对不上", ["check_in"]),
    ("other", "其他（在说明里写明）", []),
]


def load_reasons() -> int:
    """Add the reasons that are missing; returns their number. What is there stays as it was edited."""
    known = set(Reason.objects.values_list("code", flat=True))
    fresh = [
        Reason(code=code, label=label, fits=fits, position=position)
        for position, (code, label, fits) in enumerate(REASONS, start=1)
        if code not in known
    ]
    Reason.objects.bulk_create(fresh)
    return len(fresh)
