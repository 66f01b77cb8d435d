"""Lesson blocks: from starter rows to the stored form of a StreamField."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from content.loading.files import document_for, image_for
from content.loading.schema import (
    BlockRow,
    CaseRow,
    CheckpointRow,
    ClauseRow,
    FigureRow,
    Lesson,
    Scene,
    StepsRow,
    TextRow,
    VideoRow,
)

# Block ids are made from codes, so that a checkpoint keeps its id however often the files are loaded.
BLOCKS = UUID("6f1d4a52-0a2c-4d86-9f0e-1a5f0c7c3b10")


def block_id(*parts: str) -> str:
    """A stable id of a block."""
    return str(uuid5(BLOCKS, "/".join(parts)))


def items(parent: str, texts: list[str]) -> list[dict[str, str]]:
    """The stored form of a ListBlock."""
    return [
        {"type": "item", "value": text, "id": block_id(parent, str(number))} for number, text in enumerate(texts, 1)
    ]


def stored_body(
    lesson: Lesson, *, folder: Path, clauses: dict[str, int], cases: dict[str, int]
) -> list[dict[str, Any]]:
    """The blocks of a lesson as StreamField data; makes images and documents that are missing."""
    body: list[dict[str, Any]] = []
    for number, row in enumerate(lesson.block, start=1):
        name = row.question if isinstance(row, CheckpointRow) else str(number)
        own_id = block_id(lesson.code, row.type, name)
        value = stored_value(row, own_id, folder=folder, clauses=clauses, cases=cases)
        body.append({"type": row.type, "value": value, "id": own_id})
    return body


def stored_value(row: BlockRow, own_id: str, *, folder: Path, clauses: dict[str, int], cases: dict[str, int]) -> Any:
    """The value of one block."""
    match row:
        case TextRow():
            return {"heading": row.heading, "body": row.body.strip()}
        case StepsRow():
            return {"heading": row.heading, "items": items(own_id, row.items)}
        case ClauseRow():
            return clauses[row.code]
        case CaseRow():
            return cases[row.code]
        case FigureRow():
            return {"image": image_for(folder / row.file, title=row.alt), "alt": row.alt, "caption": row.caption}
        case VideoRow():
            document = document_for(folder / row.file, title=row.title)
            return {
                "document": document,
                "title": row.title,
                "seconds": row.seconds,
                "transcript": row.transcript.strip(),
            }
        case CheckpointRow():
            return {
                "question": row.question,
                "options": items(own_id, row.options),
                "answer": row.answer,
                "explanation": row.explanation,
            }
        case _:
            return {"body": row.body.strip()}


def stored_scenes(code: str, scenes: list[Scene]) -> list[dict[str, Any]]:
    """The scenes of a mindset as StreamField data."""
    return [
        {
            "type": "scene",
            "id": block_id(code, scene.title),
            "value": {"title": scene.title, "story": scene.story.strip(), "lesson": scene.lesson.strip()},
        }
        for scene in scenes
    ]
