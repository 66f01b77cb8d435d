"""Sound files of the formats that the bank reads but does not write, to try readers with (pure)."""

import io
from collections.abc import Sequence
from functools import cache

from docx import Document

from exams.bank.formats.samples import sample_picture

AIKEN = """进入有限空间之前，第一步做什么？
A. 先下人看
B. 先通风
C. 先吃饭
ANSWER: B

下列哪一项属于“三违”？
A) 违章指挥
B) 忘记打卡
ANSWER: A
"""
NUMBERED = """一、单选题（每题 2 分）
1. 进入有限空间之前，第一步做什么？（ B ）
A. 先下人看  B. 先通风
C. 先吃饭  D. 先回家
答案：B
解析：先通风、再检测、后作业。
二、多选题
2、“三违”包括哪几项？
（A）违章指挥
（B）违章作业
（C）违反劳动纪律
【答案】ABC
三、判断题
3．短租户不用检查。（×）
四、填空题
4、先____、再____、后作业。
答案：通风；检测
五、简答题
5、有人倒在池里，怎么办？
答案：
（1）呼救报警（3分）
（2）通风（2分）
"""


def texts() -> Sequence[bytes]:
    """Numbered questions as plain text, in both encodings of the trade."""
    return [NUMBERED.encode(), NUMBERED.encode("gb18030")]


def aiken() -> Sequence[bytes]:
    """Aiken."""
    return [AIKEN.encode()]


@cache
def documents() -> Sequence[bytes]:
    """Word: numbered questions with a picture, and a table."""
    document = Document()
    document.add_heading("安全生产试题", level=1)
    for line in NUMBERED.splitlines():
        document.add_paragraph(line)
    document.add_picture(io.BytesIO(sample_picture(64, 48)))
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("6. 灭火器压把在哪里？", "A. 上面  B. 下面", "答案：A", "解析：看图。")):
        table.rows[place // 2].cells[place % 2].text = text
    made = io.BytesIO()
    document.save(made)
    return [made.getvalue()]
