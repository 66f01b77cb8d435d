"""A lesson's page as the player shows it: sections that end with a checkpoint, up to the first open one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A question without its key; the explanation only once it was answered right."""

    id: str
    question: str
    options: list[str]
    passed: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Film:
    """A video of the lesson."""

    id: str
    title: str
    seconds: int
    document_id: int | None
    transcript: list[str]


@dataclass(slots=True)
class Section:
    """Blocks to read (a film comes as `Film`), then, unless it is the last section, a checkpoint."""

    blocks: list[Any] = field(default_factory=list)
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What may be shown now; `more`: further sections wait behind the open checkpoint."""

    sections: list[Section]
    more: bool


def sheet_of(body: Iterable[Any], passed: Collection[str]) -> Sheet:
    """Cut a StreamField body into sections; what follows an unanswered checkpoint is not shown yet."""
    sections, current, blocked = [Section()], None, False
    for block in body:
        if blocked and block.block_type != "checkpoint":
            return Sheet(sections, more=True)
        current = sections[-1]
        if block.block_type == "checkpoint":
            if blocked:
                return Sheet(sections, more=True)
            current.checkpoint = checkpoint_of(block, passed)
            blocked = not current.checkpoint.passed
            if not blocked:
                sections.append(Section())
        else:
            current.blocks.append(film_of(block) if block.block_type == "video" else block)
    return Sheet([section for section in sections if section.blocks or section.checkpoint], more=False)


def checkpoint_of(block: Any, passed: Collection[str]) -> Checkpoint:
    """The question of a checkpoint block."""
    done = block.id in passed
    return Checkpoint(
        id=block.id,
        question=block.value["question"],
        options=list(block.value["options"]),
        passed=done,
        explanation=block.value["explanation"] if done else "",
    )


def film_of(block: Any) -> Film:
    """The film of a video block."""
    text = [part.strip() for part in block.value["transcript"].split("\n\n")]
    document = block.value["document"]
    return Film(
        id=block.id,
        title=block.value["title"],
        seconds=block.value["seconds"],
        document_id=document.pk if document else None,
        transcript=[part for part in text if part],
    )


def block_with(body: Iterable[Any], block_type: str, block_id: str) -> Any | None:
    """The block of a type with an id, or None."""
    return next((block for block in body if block.block_type == block_type and block.id == block_id), None)
