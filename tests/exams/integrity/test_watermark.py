"""The watermark stands on the sheet where the exam asks for it."""

import html
import json
import re

import pytest
from django.urls import reverse

from exams.papers.models import Exam

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wanted", [True, False])
def test_name_and_number_stand_over_the_sheet_where_the_exam_wants_it(client_of, person, attempt, set_now, wanted):
    Exam.objects.update(watermark=wanted)
    page = client_of(person).get(reverse("exams:attempt", args=[attempt.key])).content.decode()
    assert ('class="watermark" aria-hidden="true"' in page) == wanted
    assert (f"{person.name} {person.username}</text>" in page) == wanted


def test_the_sheet_tells_the_script_the_rules(client_of, person, attempt, set_now):
    Exam.objects.update(block_copy=True)
    page = client_of(person).get(reverse("exams:attempt", args=[attempt.key])).content.decode()
    rules = json.loads(html.unescape(re.search(r'data-rules="([^"]+)"', page)[1]))
    assert rules == {"leaveTolerance": 2, "blockCopy": True, "fullScreen": False}
