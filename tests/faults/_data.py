"""Fills a fresh database for the fault matrix and prints what candidates need as JSON."""

# ruff: noqa: E402
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults._settings")

import django

django.setup()

from tests.bench._attempts_data import ALWAYS, people, sat, session
from tests.factories.exams import exam_with_papers


def main(candidates: int, items: int) -> None:
    """So many people, each with an open attempt of an exam with so many single choice questions."""
    from lms.regulations.actions import load_rules
    from lms.regulations.starter import starter_rules

    load_rules(rows=starter_rules())
    exam = exam_with_papers(papers=3, singles=items, multiples=0, judgements=0, points=1, **ALWAYS | {"minutes": 60})
    crowd = people(candidates)
    rows = [row | {"session": session(person)} for row, person in zip(sat(exam, crowd, 0), crowd, strict=True)]
    print(json.dumps({"exam": exam.pk, "items": items, "candidates": rows}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
