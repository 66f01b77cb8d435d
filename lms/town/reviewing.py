"""Questions that wait for their reviewer, written through the actions of the bank."""

from datetime import date, timedelta
from decimal import Decimal

from exams.bank.actions import Filing, create_question, submit_for_review
from exams.bank.bodies import FALSE, TRUE, Choice, Truth, options_from
from exams.bank.models import Topic
from exams.bank.wording import QuestionContent
from lms.people.models import User
from lms.town.calendar import at
from lms.town.names import starter


def write_questions(*, author: User, today: date) -> None:
    """One a day, the last one yesterday."""
    rows = starter("questions")["question"]
    for age, row in enumerate(reversed(rows), start=1):
        options = options_from(row["options"])
        names = [option.id for option in options] or [TRUE, FALSE]
        key = tuple(names[place] for place in row["key"])
        content = QuestionContent(
            type=row["type"],
            stem=row["stem"],
            body=Choice(options, key) if options else Truth(key[0]),
            explanation=row["explanation"],
            points=Decimal(2),
            source="柏岭镇自编",
        )
        filing = Filing(topic_id=Topic.objects.get(name=row["topic"]).pk, difficulty=row["difficulty"])
        now = at(today - timedelta(days=age), 10, 20)
        question = create_question(content=content, filing=filing, clause_ids=(), by=author, now=now)
        submit_for_review(question=question, by=author, now=now + timedelta(minutes=4))
