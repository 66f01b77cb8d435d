"""Fills a fresh database for the bench and prints what the load generator needs as JSON."""

# ruff: noqa: E402
import json
import sys
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import django

django.setup()

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exams.attempts import actions
from exams.attempts.packets import Packet
from exams.attempts.queries import exam_for_person
from exams.papers.models import Exam
from lms.access.roles import Role
from lms.people.models import Employment, User
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.exams import exam_with_papers
from tests.factories.lms import EnterpriseFactory, RoleAssignmentFactory, UserFactory

now = timezone.now()
ALWAYS = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9), "minutes": 600}


def people(count: int) -> list[User]:
    """Employed people."""
    enterprise = EnterpriseFactory()
    made = User.objects.bulk_create([User(username=f"B{n:05d}", name="薛桂芬", password="!") for n in range(count)])
    Employment.objects.bulk_create(
        [Employment(person=person, enterprise=enterprise, started_on=now.date()) for person in made]
    )
    return made


def session(person: User) -> str:
    """The key of a session in which the person is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def sat(exam: Exam, crowd: list[User], items: int) -> list[dict[str, object]]:
    """Open attempts with so many questions answered, wrongly: what passing sets off is not part of this bench."""
    found = exam_for_person(exam.pk, person_id=crowd[0].pk, now=now)
    changes = [{"number": n, "position": n, "response": ["o1"]} for n in range(1, items + 1)]
    made = []
    with transaction.atomic():
        for person in crowd:
            attempt = actions.new_attempt(found, [], by=person, device="", now=now)
            attempt.save(force_insert=True)
            if items:
                packet = Packet.model_validate({"client": 1, "changes": changes})
                actions.save_answers(attempt_key=attempt.key, by=person, packet=packet, now=now)
            made.append(
                {"attempt": attempt.pk, "key": str(attempt.key), "paper": attempt.paper_id, "person": person.pk}
            )
    return made


def hall(items: int, crowd: list[User]) -> list[dict[str, object]]:
    """Everybody of a crowd with every question of an exam of their own answered."""
    exam = exam_with_papers(papers=1, singles=items, multiples=0, judgements=0, points=Decimal(1), **ALWAYS)
    return sat(exam, crowd, items)


def main(starters: int, bursts: int, halls: list[list[int]]) -> None:
    """`starters` people and so many exams that all of them start, once more for the floor; `halls`: questions and
    number of attempts for handing in, twice: product and floor."""
    load_rules(rows=starter_rules())
    crowd = people(max(starters, *(2 * number for _, number in halls)))
    long = {"singles": 100, "multiples": 0, "judgements": 0, "points": 1, **ALWAYS}
    short = {"singles": 1, "multiples": 0, "judgements": 0, **ALWAYS}
    save_exam, board = exam_with_papers(papers=1, **long), exam_with_papers(papers=1, **long)
    sat(board, crowd[:500], 0)
    proctor = UserFactory()
    RoleAssignmentFactory(person=proctor, role=Role.ADMINISTRATOR)
    print(
        json.dumps(
            {
                "sessions": {person.pk: session(person) for person in crowd},
                "exams": [exam_with_papers(papers=10, **long).pk for _ in range(bursts)],
                "floor_exams": [exam_with_papers(papers=10, **short).pk for _ in range(bursts)],
                "board": board.pk,
                "proctor": session(proctor),
                "saves": sat(save_exam, crowd[:200], 0),
                "halls": [hall(items, crowd[: 2 * number]) for items, number in halls],
                "people": [person.pk for person in crowd[:starters]],
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
