"""From a clause to the certificates and back, with titles only for those who may see the exam."""

import io
from datetime import timedelta

from django.urls import reverse

from exams.bank.models import Question, QuestionStatus, VersionClause
from exams.tracing.queries import clauses_of_exam, questions_of_clause, trace_of, versions_citing
from lms.access.queries import standing_of
from lms.coverage.models import Outcome
from lms.kit.clock import current_date
from lms.kit.sheets import read_rows
from tests.factories.exams import NOW, QuestionVersionFactory

TODAY = NOW.date()


def trace(chain, person, on=TODAY):
    standing = standing_of(person.pk, on=current_date())
    return trace_of(versions_citing(chain.old.pk), standing=standing, on=on)


def figures(line):
    return (line.exams, line.papers, line.attempts, line.passed, line.certificates)


def test_everything_is_counted_and_titles_are_limited(chain, characters):
    seen = trace(chain, characters.editor)
    assert [line.exam.title if line.exam else None for line in seen.lines] == ["全镇考试", None]
    assert [figures(line) for line in seen.lines] == [(1, 1, 2, 1, 1), (1, 1, 1, 1, 1)]
    assert (seen.exams, seen.papers, seen.attempts, seen.certificates) == (2, 2, 3, 2)
    everything = trace(chain, characters.administrator)
    assert {line.exam.title for line in everything.lines} == {"全镇考试", "恒丰内部考试"}


def test_certificates_count_while_they_stand_and_only_after_the_exam(chain, characters):
    held = Outcome.objects.filter(kind="certificate_held", subject=chain.town.subject).order_by("pk")
    first, second = list(held)
    Outcome.objects.filter(pk=first.pk).update(withdrawn_on=TODAY)
    assert trace(chain, characters.editor).certificates == 1
    Outcome.objects.filter(pk=first.pk).update(withdrawn_on=None, achieved_at=NOW - timedelta(days=1))
    assert trace(chain, characters.editor).certificates == 1
    Outcome.objects.filter(pk=second.pk).update(valid_until=TODAY - timedelta(days=1))
    assert trace(chain, characters.editor).certificates == 0


def test_questions_of_a_clause_tell_current_from_older_versions(chain):
    newer = QuestionVersionFactory(question=chain.moved.question, number=2)
    VersionClause.objects.create(version=newer, clause=chain.new)
    lines = {line.id: line for line in questions_of_clause(chain.old.pk)}
    assert (lines[chain.stale.question_id].current, lines[chain.stale.question_id].numbers) == (True, (1,))
    assert (lines[chain.moved.question_id].current, lines[chain.moved.question_id].numbers) == (False, (1,))
    Question.objects.filter(pk=chain.stale.question_id).update(status=QuestionStatus.RETIRED)
    assert {line.label for line in questions_of_clause(chain.old.pk)} == {"已停用", "已发布"}


def test_clauses_of_an_exam_say_in_how_many_papers_and_whether_in_force(chain):
    rows = {row.clause.code: row for row in clauses_of_exam(chain.town, on=TODAY)}
    assert {code: (row.papers, row.least, row.most, row.clause.why) for code, row in rows.items()} == {
        "old-13-01": (1, 0, 1, "lapsed"),
        "new-13-01": (1, 0, 1, ""),
    }


def test_trace_takes_the_same_queries_however_much_there_is(chain, characters, django_assert_num_queries):
    standing = standing_of(characters.editor.pk, on=current_date())
    for versions in (versions_citing(chain.old.pk), chain.untouched.question.versions.all()):
        with django_assert_num_queries(4):
            trace_of(versions, standing=standing, on=TODAY)


def test_page_of_a_clause_shows_no_names_and_hides_foreign_titles(chain, characters, client_of):
    answer = client_of(characters.editor).get(reverse("exams:clause_trace", args=["OLD-13-01"]))
    assert "2 道题在考" in answer.text
    assert "另有 1 场企业自办的考试" in answer.text
    assert "恒丰内部考试" not in answer.text
    for attempt in chain.town.attempts.select_related("person"):
        assert attempt.person.name not in answer.text
    assert client_of(characters.editor).get(reverse("exams:clause_trace", args=["none"])).status_code == 404


def test_page_of_a_question_leads_to_its_clauses_and_exams(chain, characters, client_of):
    answer = client_of(characters.reviewer).get(reverse("exams:question_trace", args=[chain.stale.question_id]))
    assert "进入了 2 张试卷" in answer.text
    assert reverse("exams:clause_trace", args=["old-13-01"]) in answer.text
    assert "全镇考试" in answer.text


def test_workbook_has_a_line_for_each_version_and_paper(chain, characters, client_of):
    answer = client_of(characters.editor).get(reverse("exams:clause_trace_export", args=["old-13-01"]))
    rows = list(read_rows(io.BytesIO(answer.content)))[2:]
    by_code = sorted((row[0], row[2], row[5], row[6]) for row in rows)
    stale, moved = chain.stale.question.code, chain.moved.question.code
    assert by_code == sorted([(stale, 1, "全镇考试", 1), (stale, 1, "", 1), (moved, 1, "", "")])


def test_page_of_an_exam_warns_of_lapsed_clauses_and_shows_no_question(chain, characters, client_of):
    answer = client_of(characters.reviewer).get(reverse("exams:exam_clauses", args=[chain.town.pk]))
    assert "试卷考到 2 条判定标准" in answer.text
    assert "其中 1 条今天不是现行有效的" in answer.text
    assert chain.stale.stem not in answer.text
    assert client_of(characters.reviewer).get(reverse("exams:exam_clauses", args=[chain.own.pk])).status_code == 404
