"""Correcting a key after the exam: preview, reason, grading anew, and what follows for passes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.models import Attempt, EventKind, OpenAnswer
from exams.attempts.packets import packet_of
from exams.attempts.queries import open_answers
from exams.attempts.results import marked_questions
from exams.attempts.verification import verify
from exams.bank.models import QuestionType
from exams.marking.correction_actions import apply_correction, start_correction
from exams.marking.correction_queries import preview, question_lines
from exams.papers.correction_actions import CannotCorrect, corrected_key
from exams.papers.correction_models import Correction, CorrectionKind
from exams.papers.models import PaperItem
from exams.papers.printing_sheets import parts_of
from exams.papers.queries import paper_with_items
from lms.audit.models import AuditEntry
from lms.coverage.models import Outcome
from lms.kit.db import StaleState
from tests.exams.marking.test_actions import RULES, mark, submitted
from tests.factories.exams import NOW, AttemptFactory, QuestionVersionFactory, exam_of_all_types, exam_with_papers
from tests.factories.lms import EmploymentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
LATER = NOW + timedelta(days=3)
KEY, FULL, DROP, NONE = CorrectionKind.KEY, CorrectionKind.FULL, CorrectionKind.DROP, CorrectionKind.NONE
RIGHT = {1: ["o2"], 2: ["o2"], 3: ["o1", "o3"], 4: ["true"]}  # two points each


@pytest.fixture
def exam():
    return exam_with_papers(pass_percent=80)


@pytest.fixture
def version(exam):
    """The first question; its key on the paper is the second option."""
    return exam.papers.get().items.get(position=1).version


def sit(exam, **more):
    """Hand in with everything right but what is given: `sit(exam, first=["o1"])`."""
    attempt = AttemptFactory(exam=exam, person=EmploymentFactory().person)
    answers = RIGHT | ({1: more["first"]} if "first" in more else {})
    changes = [{"number": n, "position": n, "response": response} for n, response in answers.items()]
    packet = packet_of({"client": 1, "changes": changes})
    return actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)


@pytest.fixture
def with_paper_key(exam):
    """100 points by the paper's key."""
    return sit(exam)


@pytest.fixture
def with_other_key(exam):
    """75 points by the paper's key."""
    return sit(exam, first=["o1"])


@pytest.fixture
def better_key(version):
    """A published later version says: the first option."""
    return QuestionVersionFactory(question=version.question, number=2, key=["o1"], options=version.options)


def decide(exam, version, kind, *, by=None, reason="选项印错了", run=True):
    found = preview(exam, version, kind)
    made = start_correction(
        exam=exam, version=version, kind=kind, seen=found.digest, by=by or UserFactory(), reason=reason, now=LATER
    )
    if run:
        apply_correction(correction=made, now=LATER, progress=lambda *_: None)
    return made


def result(attempt):
    now = Attempt.objects.select_related("exam").get(pk=attempt.pk)
    assert verify(now) == []
    return now.score, now.max_score, now.passed


def standing(attempt):
    """Whether a pass that rests on the attempt stands, None without any."""
    found = Outcome.objects.filter(evidence=f"exams.attempt:{attempt.pk}").first()
    return None if found is None else found.withdrawn_on is None


# --- preview -------------------------------------------------------------------------------------


def test_the_preview_says_who_changes_and_how_and_changes_nothing(
    exam, version, with_paper_key, with_other_key, better_key
):
    found = preview(exam, version, KEY)
    rows = {change.attempt_id: change for change in found.changes}
    assert (found.gains, found.loses, found.same) == (1, 1, 0)
    loser, gainer = rows[with_paper_key.pk], rows[with_other_key.pk]
    assert (loser.before.percent, loser.after.percent, loser.verdict) == (100, 75, "loses")
    assert (gainer.before.percent, gainer.after.percent, gainer.verdict) == (75, 100, "gains")
    assert found.changes[0] == loser  # who loses stands first
    assert result(with_paper_key) == (8, 8, True)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("kind", [KEY, FULL, DROP])
def test_what_is_previewed_is_what_happens(exam, version, with_paper_key, with_other_key, better_key, kind):
    found = preview(exam, version, kind)
    decide(exam, version, kind)
    for change in found.changes:
        attempt = Attempt.objects.get(pk=change.attempt_id)
        assert attempt.result == change.after
        assert attempt.passed == change.passes
    assert len(found.changes) + found.same == 2


def test_a_preview_costs_the_same_for_one_and_four_attempts(exam, version, better_key, counted):
    sit(exam)
    with counted() as one:
        preview(exam, version, KEY)
    for _ in range(3):
        sit(exam)
    with counted() as four:
        preview(exam, version, KEY)
    assert one.count == four.count <= 6


def test_a_preview_that_is_out_of_date_confirms_nothing(exam, version, with_paper_key, better_key):
    seen = preview(exam, version, KEY).digest
    sit(exam)
    with pytest.raises(StaleState):
        start_correction(exam=exam, version=version, kind=KEY, seen=seen, by=UserFactory(), reason="x", now=LATER)
    assert not Correction.objects.exists()


# --- what happens --------------------------------------------------------------------------------


def test_a_corrected_key_moves_scores_and_passes(exam, version, with_paper_key, with_other_key, better_key):
    assert (standing(with_paper_key), standing(with_other_key)) == (True, None)
    decide(exam, version, KEY)
    assert result(with_paper_key) == (6, 8, False)
    assert result(with_other_key) == (8, 8, True)
    assert (standing(with_paper_key), standing(with_other_key)) == (False, True)
    assert Outcome.objects.get(evidence=f"exams.attempt:{with_paper_key.pk}").withdrawn_reason == "选项印错了"


def test_full_points_for_everybody_even_without_an_answer(exam, version):
    empty = sit(exam, first=[])
    decide(exam, version, FULL)
    assert result(empty) == (8, 8, True)


def test_a_dropped_question_counts_neither_way(exam, version, with_paper_key, with_other_key):
    decide(exam, version, DROP)
    assert result(with_paper_key) == (6, 6, True)
    assert result(with_other_key) == (6, 6, True)
    assert standing(with_other_key) is True


def test_the_old_key_can_be_restored(exam, version, with_paper_key, with_other_key, better_key):
    decide(exam, version, KEY)
    decide(exam, version, NONE, reason="原来的答案是对的")
    assert result(with_paper_key) == (8, 8, True)
    assert result(with_other_key) == (6, 8, False)
    assert (standing(with_paper_key), standing(with_other_key)) == (True, False)


def test_a_pass_that_stays_gets_the_corrected_score(exam, version, with_paper_key):
    other = exam.papers.get().items.get(position=2).version
    QuestionVersionFactory(question=other.question, number=2, key=["o4"], options=other.options)
    exam.pass_percent = 50
    exam.save()
    decide(exam, other, KEY)
    outcome = Outcome.objects.get(evidence=f"exams.attempt:{with_paper_key.pk}")
    assert (outcome.withdrawn_on, outcome.amount) == (None, 75)
    assert AuditEntry.objects.filter(action="outcome.corrected").count() == 1


def test_whoever_hands_in_afterwards_is_graded_by_it_at_once(exam, version, better_key):
    decide(exam, version, KEY)
    late = sit(exam, first=["o1"])
    assert result(late) == (8, 8, True)
    made = Correction.objects.get()
    assert late.events.get(kind=EventKind.SUBMIT).response["corrections"] == [made.pk]


def test_running_the_job_again_changes_nothing(exam, version, with_paper_key, better_key):
    made = decide(exam, version, KEY)
    before = list(with_paper_key.events.values_list("hash", flat=True))
    apply_correction(correction=made, now=LATER, progress=lambda *_: None)
    assert list(with_paper_key.events.values_list("hash", flat=True)) == before


def test_two_corrections_of_one_paper_both_count(exam, version, with_other_key):
    decide(exam, version, FULL)
    decide(exam, exam.papers.get().items.get(position=2).version, DROP)
    assert result(with_other_key) == (6, 6, True)


def test_an_attempt_that_a_settled_correction_missed_is_named(exam, version, with_paper_key, better_key):
    made = decide(exam, version, KEY, run=False)
    assert verify(Attempt.objects.select_related("exam").get(pk=with_paper_key.pk)) == []  # the job will come
    Correction.objects.filter(pk=made.pk).update(settled_at=LATER)
    found = verify(Attempt.objects.select_related("exam").get(pk=with_paper_key.pk))
    assert [finding.reason for finding in found] == [f"correction {made.pk} not counted"]


def test_a_correction_altered_behind_the_record_is_named(exam, version, with_paper_key, better_key):
    decide(exam, version, KEY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exams_correction SET kind = 'full', source_id = NULL")
    found = [finding.reason for finding in verify(Attempt.objects.select_related("exam").get(pk=with_paper_key.pk))]
    assert "score altered" in found


def test_the_candidate_reads_what_was_corrected_and_why(exam, version, with_other_key, better_key):
    decide(exam, version, KEY)
    fresh = Attempt.objects.select_related("exam").get(pk=with_other_key.pk)
    [question] = [one for one in marked_questions(fresh) if one.position == 1]
    assert (question.ruling, question.why, question.right) == ("按更正后的答案判", "选项印错了", True)
    assert question.explanation == better_key.explanation
    assert question.worth_showing


# --- marks by people -----------------------------------------------------------------------------


def test_a_question_that_is_decided_needs_no_marks_any_more(person):
    exam = exam_of_all_types(pass_percent=Decimal(60))
    attempt = submitted(AttemptFactory(exam=exam, person=person))
    short = OpenAnswer.objects.get(part="")
    version = short.version
    mark(OpenAnswer.objects.exclude(part="").get(), 5)
    assert Attempt.objects.get(pk=attempt.pk).score is None
    decide(exam, version, FULL)
    assert result(attempt) == (RULES + 5 + 10, 40, True)
    assert not open_answers().exists()
    decide(exam, version, NONE, reason="还是要阅")
    assert result(attempt) == (None, 40, None)
    assert standing(attempt) is False
    assert list(open_answers()) == [short]
    mark(OpenAnswer.objects.get(pk=short.pk), 10)
    assert result(attempt) == (RULES + 15, 40, True)
    assert standing(attempt) is True


def test_marks_survive_a_corrected_key_in_the_same_case(person):
    exam = exam_of_all_types(pass_percent=Decimal(60))
    attempt = submitted(AttemptFactory(exam=exam, person=person))
    for row, points in zip(OpenAnswer.objects.order_by("answer__position"), (8, 4), strict=True):
        mark(row, points)
    case = PaperItem.objects.get(paper__exam=exam, version__type=QuestionType.CASE).version
    key = [{**row, "key": ["o1"]} if row["id"] == "p1" else row for row in case.key]
    QuestionVersionFactory(question=case.question, number=2, type=case.type, options=case.options, key=key)
    assert preview(exam, case, KEY).changes[0].after.earned == RULES + 12 - Decimal("2.50")
    decide(exam, case, KEY)
    assert result(attempt) == (RULES + 12 - Decimal("2.50"), 40, True)


# --- what is refused -----------------------------------------------------------------------------


def test_only_a_published_version_that_asks_the_same_gives_a_key(version):
    assert corrected_key(version) is None
    other = QuestionVersionFactory(
        question=version.question, number=2, key=["o1"], options=[*version.options, {"id": "o5", "text": "都不对"}]
    )
    assert corrected_key(version) is None
    third = QuestionVersionFactory(question=version.question, number=3, key=["o1"], options=version.options)
    assert corrected_key(version) == third
    version.question.status = "review"
    assert corrected_key(version) is None
    assert other.number == 2


@pytest.mark.parametrize(
    ("kind", "reason", "why"), [(KEY, "x", "key"), (NONE, "x", "needless"), (FULL, "  ", "unexplained")]
)
def test_what_makes_no_sense_is_refused(exam, version, with_paper_key, kind, reason, why):
    with pytest.raises(CannotCorrect, match=why):
        decide(exam, version, kind, reason=reason)
    assert not Correction.objects.exists()


def test_a_question_of_another_exam_and_a_person_who_sat_this_one_are_refused(exam, version, with_paper_key):
    with pytest.raises(CannotCorrect, match="foreign"):
        decide(exam, QuestionVersionFactory(), FULL)
    with pytest.raises(CannotCorrect, match="sat"):
        decide(exam, version, FULL, by=with_paper_key.person)


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def reviewer(characters, client_of):
    return client_of(characters.reviewer)


def test_questions_that_went_worst_stand_first(exam, version, with_other_key, counted):
    lines = question_lines(exam)
    assert (lines[0].version, lines[0].answers, lines[0].percent) == (version, 1, 0)
    assert [line.percent for line in lines[1:]] == [100, 100, 100]
    decide(exam, version, FULL)
    lines = question_lines(exam)
    assert (lines[0].version, lines[0].percent) == (version, 100)  # what was corrected is found again


def test_from_the_list_through_the_preview_to_the_decision(
    reviewer, exam, version, with_paper_key, with_other_key, better_key, django_capture_on_commit_callbacks
):
    listed = reviewer.get(reverse("exams:corrections", args=[exam.pk])).content.decode()
    address = reverse("exams:correction", args=[exam.pk, version.pk])
    assert address in listed
    page = reviewer.get(address).content.decode()
    assert "题库里更正后的答案" in page
    seen = reviewer.post(address, {"kind": "key", "reason": "选项印错了"})
    text = seen.content.decode()
    assert "2 份成绩会变" in text
    assert "合格变不合格 1 人" in text
    assert with_paper_key.person.name in text
    assert not Correction.objects.exists()
    data = {"kind": "key", "reason": "选项印错了", "seen": seen.context["preview"].digest}
    with django_capture_on_commit_callbacks(execute=True):
        assert reviewer.post(address, data).status_code == 302
    assert result(with_paper_key) == (6, 8, False)
    made = Correction.objects.get()
    assert made.settled_at is not None
    after = reviewer.get(reverse("exams:regraded", args=[made.job_id]), follow=True).content.decode()
    assert "已重判" in after
    assert 'value="key"' not in after  # that is how it counts already
    entry = AuditEntry.objects.get(action="exam.key_corrected")
    assert (entry.reason, entry.detail["kind"]) == ("选项印错了", "key")


def test_the_page_shows_what_the_exam_gives_for_the_question(reviewer, exam, version):
    PaperItem.objects.filter(paper__exam=exam, version=version).update(points=7)
    assert version.default_points != 7
    assert "7 分" in reviewer.get(reverse("exams:correction", args=[exam.pk, version.pk])).content.decode()


def test_a_stale_confirmation_shows_the_preview_again(reviewer, exam, version, with_paper_key, better_key):
    address = reverse("exams:correction", args=[exam.pk, version.pk])
    page = reviewer.post(address, {"kind": "key", "reason": "x", "seen": "0" * 32})
    assert page.status_code == 200
    assert "请再看一遍" in page.content.decode()
    assert not Correction.objects.exists()


def test_a_second_click_says_that_it_is_done(reviewer, exam, version, with_paper_key, better_key):
    address = reverse("exams:correction", args=[exam.pk, version.pk])
    shown = reviewer.post(address, {"kind": "key", "reason": "x"})
    data = {"kind": "key", "reason": "x", "seen": shown.context["preview"].digest}
    reviewer.post(address, data)
    again = reviewer.post(address, data, follow=True)
    assert "现在就是这样判的" in again.content.decode()
    assert Correction.objects.count() == 1


def test_the_paper_and_its_printed_key_say_what_was_corrected(reviewer, exam, version, better_key):
    decide(exam, version, KEY)
    page = reviewer.get(reverse("exams:exam_paper", args=[exam.pk, 1])).content.decode()
    assert "按更正后的答案判" in page
    [part, *_] = parts_of(paper_with_items(exam, 1))
    assert part.questions[0].answer == ("A",)
    assert part.questions[0].explanation.startswith("【更正】按更正后的答案判：选项印错了\n")


def test_keys_are_not_for_managers(exam, version, characters, client_of):
    client = client_of(characters.own_manager)
    assert client.get(reverse("exams:correction", args=[exam.pk, version.pk])).status_code == 403
