"""Answers of a browser without scripts, read from the names of the form's fields (pure).

`q5` is question 5, `q5.p1` sub-question p1 of a case. What stands below it:

| field | means |
|---|---|
| `q5` | options ticked, or the text of a short answer |
| `q5.b1`, `q5.b2` … | the blanks of a fill-in |
| `q5.o1` = `3` | the step o1 comes third |
| `q5.o1` = `t2` | the prompt o1 belongs to the target t2 |
| `q5.m` = `4200,1300` | a mark that is still wanted |
| `q5.tap.x`, `q5.tap.y`, `q5.size` = `320x240` | where the picture, shown in that size, was tapped |

A question of which any field was sent is answered by what was sent, empty fields included: that takes an answer back.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from exams.attempts.packets import CONTROL, BadPacket, packet_of
from exams.bank.bodies import SCALE

FIELD = re.compile(r"^q(\d{1,4})(?:\.(p\d{1,2}))?(?:\.(b\d{1,2}|o\d{1,2}|m|tap\.x|tap\.y|size))?$")
SIZE = re.compile(r"^(\d{1,4})x(\d{1,4})$")

Fields = dict[str, list[str]]


def answers_in_form(form: Mapping[str, Sequence[str]]) -> dict[int, tuple[str, ...]]:
    """Responses by position from fields with their values (`dict(request.POST.lists())`).

    Raises BadPacket where a response breaks the bounds of a packet.
    """
    found: dict[int, dict[str, Fields]] = {}
    for name, values in form.items():
        match = FIELD.match(name)
        if match:
            parts = found.setdefault(int(match[1]), {})
            parts.setdefault(match[2] or "", {})[match[3] or ""] = [tidy(value) for value in values]
    rows = [
        {"number": 1, "position": position, "response": response_of(parts)} for position, parts in sorted(found.items())
    ]
    packet = packet_of({"client": 1, "changes": rows})
    return {change.position: tuple(change.response) for change in packet.changes}


def response_in_form(form: Mapping[str, Sequence[str]]) -> list[str]:
    """The response where a page asks one question: from the script's field `response`, else from the fields of `q1`.

    Raises BadPacket.
    """
    sent = next(iter(form.get("response", ())), "")
    if not sent:
        return list(answers_in_form(form).get(1, ()))
    try:
        data = json.loads(sent)
    except ValueError:
        raise BadPacket([{"where": "response", "what": "not JSON"}]) from None
    packet = packet_of({"client": 1, "changes": [{"number": 1, "position": 1, "response": data}]})
    return packet.changes[0].response


def tidy(value: str) -> str:
    """Line ends as scripts see them; control characters that were pasted in are left out."""
    return CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def response_of(parts: Mapping[str, Fields]) -> list[str]:
    """The response of one question; sub-questions with their name before it."""
    response = list(own_response(parts.get("", {})))
    for part in sorted((name for name in parts if name), key=number_of):
        response.extend(f"{part}={value}" for value in own_response(parts[part]))
    return response


def own_response(fields: Fields) -> Iterable[str]:
    """What the fields of one question or sub-question add up to."""
    last = {name: values[-1] if values else "" for name, values in fields.items()}
    blanks = [last[name] for name in sorted((n for n in last if n[:1] == "b"), key=number_of)]
    if any(blanks):
        return blanks
    rows = {name: last[name] for name in sorted((n for n in last if n[:1] == "o"), key=number_of) if last[name]}
    if rows:
        return in_order(rows) if all(value.isdecimal() for value in rows.values()) else pairs(rows)
    if "m" in fields or "size" in fields:
        return marks(fields, last)
    return [value for value in fields.get("", []) if value.strip()]


def number_of(name: str) -> int:
    """12 of `o12`."""
    return int(name[1:])


def in_order(rows: Mapping[str, str]) -> list[str]:
    """Steps by the place given to them."""
    return sorted(rows, key=lambda name: (int(rows[name]), number_of(name)))


def pairs(rows: Mapping[str, str]) -> list[str]:
    """Prompts with their targets."""
    return [f"{prompt}:{target}" for prompt, target in rows.items()]


def marks(fields: Fields, last: Mapping[str, str]) -> list[str]:
    """The marks still wanted and the one just tapped."""
    found = [value for value in fields.get("m", []) if value]
    size = SIZE.match(last.get("size", ""))
    place = last.get("tap.x", ""), last.get("tap.y", "")
    if size and all(number.isdecimal() for number in place):
        x, y = (
            min(SCALE, round(int(number) * SCALE / max(1, int(length))))
            for number, length in zip(place, size.groups(), strict=True)
        )
        found.append(f"{x},{y}")
    return found
