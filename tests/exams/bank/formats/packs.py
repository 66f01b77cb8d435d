"""Questions on their way into files, pictures, and what must be equal after they came back."""

import dataclasses
import hashlib

from hypothesis import strategies as st

from exams.bank.bodies import stored
from exams.bank.formats.exchange import FilingNames, ReadQuestion, WrittenQuestion
from exams.bank.formats.samples import sample_picture
from exams.bank.wording import QuestionContent
from tests.exams.bank.contents import contents, texts


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def names(draw) -> FilingNames:
    words = st.lists(texts(12), max_size=3, unique=True).map(tuple)
    maybe = st.one_of(st.just(""), texts(12))
    return FilingNames(
        topic=draw(maybe),
        difficulty=draw(st.sampled_from(["", "1", "3", "5"])),
        industries=draw(words),
        categories=draw(words),
        clauses=draw(st.lists(st.sampled_from(["gm10-13-02", "gm10-1-1", "fc-2"]), max_size=2, unique=True).map(tuple)),
        cognitive=draw(st.sampled_from(["", "remember", "apply"])),
        enemy_group=draw(maybe),
        effective_from=draw(st.sampled_from(["", "2025-01-01"])),
        effective_to=draw(st.sampled_from(["", "2027-12-31"])),
    )


@st.composite
def written(draw, types=None, sizes=((64, 48), (1201, 803), (30, 900))) -> WrittenQuestion:
    """A question with everything that a file has to keep."""
    content = draw(contents() if types is None else contents(types))
    data, media = b"", ""
    if content.type == "hotspot" or draw(st.booleans()):
        data, media = sample_picture(*draw(st.sampled_from(sizes))), "image/png"
        alt = content.picture_alt or draw(st.one_of(st.just(""), texts()))
        content = dataclasses.replace(content, picture=digest(data), picture_alt=alt)
    content = dataclasses.replace(content, source=draw(st.one_of(st.just(""), texts())))
    return WrittenQuestion(f"Q{draw(st.integers(1, 99999)):05}", content, names(draw), data, media)


def kept(content: QuestionContent, filing: FilingNames, data: bytes) -> tuple:
    """What must come back equal."""
    return (content.type, content.stem, stored(content.body), content.explanation, content.points, content.source,
            content.picture, content.picture_alt, filing, data)  # fmt: skip


def sent(question: WrittenQuestion) -> tuple:
    return kept(question.content, question.names, question.picture)


def received(question: ReadQuestion) -> tuple:
    return kept(question.content, question.names, question.picture)
