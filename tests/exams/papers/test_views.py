"""Pages of the exam office: whose exams one sees, the forms, what lists cost."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.papers import actions
from exams.papers.models import Exam, ExamStatus
from tests.factories.exams import NOW, BlueprintSectionFactory, draft_exam, exam_with_papers

SECTIONS = {
    "section-TOTAL_FORMS": "1", "section-INITIAL_FORMS": "1", "section-0-type": "single", "section-0-count": "4",
    "section-0-points": "25",
}  # fmt: skip
AUDIENCES = {"audience-TOTAL_FORMS": "1", "audience-INITIAL_FORMS": "1"}
SHARES = {"share-TOTAL_FORMS": "0", "share-INITIAL_FORMS": "0"}


def typed(**changes):
    """A filled-in exam form."""
    return {
        "title": "粉尘涉爆专项考试", "subject": "dust", "kind": "in_house", "opens_at": "2026-11-24T08:00",
        "closes_at": "2026-12-24T18:00", "minutes": "60", "pass_percent": "80", "attempts_allowed": "2",
        "release": "at_once", "multiple_rule": "all_or_nothing", "valid_months": "12", "min_criterion_percent": "30",
        "paper_count": "2", "method": "parallel", **SHARES, **SECTIONS, **AUDIENCES, **changes,
    }  # fmt: skip


@pytest.fixture
def exams(characters, rules):
    """One exam of each enterprise and one of the town, all drafts."""
    return {
        "own": draft_exam(title="本企业考试", enterprise=characters.enterprise),
        "other": draft_exam(title="外企业考试", enterprise=characters.other_enterprise),
        "town": draft_exam(title="全镇考试"),
    }


def seen_by(client, exams):
    page = client.get(reverse("exams:exam_list"))
    return {name for name, exam in exams.items() if exam.title in page.text}


@pytest.mark.parametrize(
    ("part", "seen", "changeable"),
    [
        ("own_manager", {"own"}, {"own"}),
        ("trainer", {"own"}, {"own"}),
        ("other_manager", {"other"}, {"other"}),
        ("town_supervisor", {"own", "town"}, {"town"}),
        ("other_town_supervisor", {"other", "town"}, {"town"}),
        ("reviewer", {"town"}, {"town"}),
        ("administrator", {"own", "other", "town"}, {"own", "other", "town"}),
    ],
)
def test_everybody_sees_and_changes_exactly_what_is_theirs(characters, client_of, exams, part, seen, changeable):
    client = client_of(getattr(characters, part))
    assert seen_by(client, exams) == seen
    pages = {name: client.get(reverse("exams:exam_publish", args=[exam.pk])) for name, exam in exams.items()}
    assert {name for name, page in pages.items() if page.status_code == 200} == seen
    edits = {name: client.get(reverse("exams:exam_edit", args=[exam.pk])) for name, exam in exams.items()}
    assert {name for name, page in edits.items() if page.status_code == 200} == changeable
    assert {page.status_code for name, page in edits.items() if name not in changeable} <= {404}


@pytest.mark.parametrize("route", ["exam_publish", "exam_close", "exam_edit"])
def test_foreign_exams_cannot_be_acted_upon(characters, client_of, exams, route):
    client = client_of(characters.own_manager)
    for name in ("other", "town"):
        assert client.post(reverse(f"exams:{route}", args=[exams[name].pk]), typed()).status_code == 404
    assert set(Exam.objects.values_list("status", flat=True)) == {ExamStatus.DRAFT}


def test_office_is_closed_to_everybody_else(characters, client_of):
    allowed = {
        part for part, person in characters.everybody.items()
        if client_of(person).get(reverse("exams:exam_list")).status_code == 200
    }  # fmt: skip
    assert allowed == {
        "own_manager", "other_manager", "trainer", "town_supervisor", "other_town_supervisor", "reviewer",
        "administrator",
    }  # fmt: skip


def test_rules_in_force_are_filled_in(characters, client_of, rules):
    form = client_of(characters.own_manager).get(reverse("exams:exam_new")).context["forms"].exam
    assert {name: form[name].value() for name in ("pass_percent", "minutes", "attempts_allowed")} == {
        "pass_percent": "80", "minutes": "60", "attempts_allowed": "2",
    }  # fmt: skip
    assert form["min_criterion_percent"].value() == "30"


def test_manager_makes_an_exam_for_the_own_enterprise(characters, client_of, rules, topic):
    client = client_of(characters.own_manager)
    form = typed(enterprise=characters.enterprise.pk, **{"section-0-topics": [topic.pk]})
    answer = client.post(reverse("exams:exam_new"), form)
    exam = Exam.objects.get()
    assert answer.url == reverse("exams:exam_publish", args=[exam.pk])
    assert (exam.enterprise, exam.created_by) == (characters.enterprise, characters.own_manager)
    assert exam.audiences.get().enterprise == characters.enterprise
    assert [topic.pk] == list(exam.sections.get().topics.values_list("pk", flat=True))


@pytest.mark.parametrize("host", ["", "other"])
def test_manager_cannot_make_an_exam_for_the_town_or_another_enterprise(characters, client_of, rules, host):
    enterprise = characters.other_enterprise.pk if host else ""
    answer = client_of(characters.own_manager).post(reverse("exams:exam_new"), typed(enterprise=enterprise))
    assert "enterprise" in answer.context["forms"].exam.errors
    assert Exam.objects.count() == 0


@pytest.mark.parametrize("part", ["town_supervisor", "reviewer", "administrator"])
def test_those_above_make_exams_for_the_town(characters, client_of, rules, part):
    client_of(getattr(characters, part)).post(reverse("exams:exam_new"), typed())
    assert Exam.objects.get().enterprise is None


def test_share_below_the_rule_is_refused_beside_its_field(characters, client_of, rules):
    answer = client_of(characters.reviewer).post(reverse("exams:exam_new"), typed(min_criterion_percent="29.9"))
    assert answer.context["forms"].exam.errors["min_criterion_percent"] == ["规定不低于 30%（必学必考）"]


def test_window_must_be_a_window(characters, client_of, rules):
    answer = client_of(characters.reviewer).post(reverse("exams:exam_new"), typed(closes_at="2026-11-24T08:00"))
    assert "截止时间要晚于开始时间" in answer.context["forms"].exam.errors["closes_at"]


def test_another_row_is_added_and_everything_typed_stays(characters, client_of, rules, topic):
    form = typed(add="section", title="还没写完", **{"section-0-topics": [topic.pk], "section-0-count": "7"})
    page = client_of(characters.reviewer).post(reverse("exams:exam_new"), form)
    forms = page.context["forms"]
    assert forms.exam["title"].value() == "还没写完"
    assert [row["count"].value() for row in forms.sections] == ["7", None]
    assert forms.sections[0]["topics"].value() == [str(topic.pk)]
    assert not forms.exam.errors
    assert Exam.objects.count() == 0


def test_removed_rows_are_left_out(characters, client_of, rules):
    form = typed(**{
        "section-TOTAL_FORMS": "2", "section-1-type": "multiple", "section-1-count": "", "section-1-DELETE": "on",
    })  # fmt: skip
    client_of(characters.reviewer).post(reverse("exams:exam_new"), form)
    assert Exam.objects.get().sections.get().type == "single"


def test_row_left_blank_is_not_silently_dropped(characters, client_of, rules):
    form = typed(**{"section-TOTAL_FORMS": "2", "section-1-type": "single", "section-1-count": ""})
    page = client_of(characters.reviewer).post(reverse("exams:exam_new"), form)
    assert page.context["forms"].sections.errors[1] != {}
    assert Exam.objects.count() == 0


def test_editing_keeps_audiences_that_name_people_and_posts(characters, client_of, exams):
    person = characters.own_learner
    actions.update_exam(
        exam=exams["own"], fields={}, sections=[], audiences=[actions.AudienceRow(person_id=person.pk)],
        by=characters.own_manager, now=NOW,
    )  # fmt: skip
    client = client_of(characters.own_manager)
    page = client.get(reverse("exams:exam_edit", args=[exams["own"].pk]))
    assert page.context["forms"].audiences[0]["person"].value() == person.pk
    client.post(
        reverse("exams:exam_edit", args=[exams["own"].pk]),
        typed(enterprise=characters.enterprise.pk, revision="2", **{"audience-0-person": person.pk}),
    )
    assert exams["own"].audiences.get().person == person


def test_edit_of_an_outdated_page_is_refused(characters, client_of, exams):
    client = client_of(characters.own_manager)
    form = typed(enterprise=characters.enterprise.pk, revision="1", title="先保存的")
    client.post(reverse("exams:exam_edit", args=[exams["own"].pk]), form)
    page = client.post(reverse("exams:exam_edit", args=[exams["own"].pk]), {**form, "title": "后保存的"}, follow=True)
    assert "没有保存" in page.text
    assert Exam.objects.get(pk=exams["own"].pk).title == "先保存的"


def test_check_page_says_what_is_missing_and_publishing_anyway_says_it_again(characters, client_of, exams):
    client = client_of(characters.own_manager)
    BlueprintSectionFactory(exam=exams["own"], position=1, type="multiple", count=12)
    page = client.get(reverse("exams:exam_publish", args=[exams["own"].pk]))
    assert "多选题·全部知识点 还差 12 题" in page.text
    again = client.post(reverse("exams:exam_publish", args=[exams["own"].pk]), follow=True)
    assert again.text.count("多选题·全部知识点 还差 12 题") == 2


def test_publication_leads_over_its_progress_to_the_papers(
    characters, client_of, exam, django_capture_on_commit_callbacks
):
    client = client_of(characters.reviewer)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("exams:exam_publish", args=[exam.pk]))
    exam.refresh_from_db()
    assert answer.url == reverse("jobs:job", args=[exam.assembly_job_id])
    page = client.get(answer.url, follow=True)
    assert page.request["PATH_INFO"] == reverse("exams:exam_publish", args=[exam.pk])
    assert [paper.number for paper in page.context["papers"]] == [1, 2, 3]
    assert "答案" in client.get(reverse("exams:exam_paper", args=[exam.pk, 1])).text
    assert client.get(reverse("exams:exam_paper", args=[exam.pk, 4])).status_code == 404


def test_managers_never_see_the_papers_they_may_have_to_sit(characters, client_of):
    exam = exam_with_papers(enterprise=characters.enterprise)
    client = client_of(characters.own_manager)
    assert client.get(reverse("exams:exam_paper", args=[exam.pk, 1])).status_code == 403
    page = client.get(reverse("exams:exam_publish", args=[exam.pk])).text
    assert "CANARY" not in page
    assert "题干" not in page


def test_published_exam_is_closed_by_its_manager(characters, client_of):
    exam = exam_with_papers(enterprise=characters.enterprise)
    client_of(characters.own_manager).post(reverse("exams:exam_close", args=[exam.pk]))
    exam.refresh_from_db()
    assert exam.status == ExamStatus.CLOSED


def test_list_costs_the_same_for_one_row_and_three(characters, client_of):
    client = client_of(characters.own_manager)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            BlueprintSectionFactory(exam=draft_exam(enterprise=characters.enterprise), position=1)
        client.get(reverse("exams:exam_list"))
        with CaptureQueriesContext(connection) as done:
            assert client.get(reverse("exams:exam_list")).status_code == 200
        counts.append(len(done))
    assert counts[0] == counts[1] <= 14


@pytest.fixture
def counts(characters):
    """A published exam of the own enterprise that counts."""
    return exam_with_papers(title="年度考试", enterprise=characters.enterprise)


def mock_form(characters, target, **changes):
    fields = {"kind": "mock", "enterprise": characters.enterprise.pk, "rehearses": target.pk}
    return typed(**{**fields, **changes})


def test_a_mock_exam_is_named_as_the_rehearsal_of_an_exam(characters, client_of, rules, counts):
    client = client_of(characters.own_manager)
    answer = client.post(reverse("exams:exam_new"), mock_form(characters, counts))
    made = counts.rehearsals.get()
    assert answer.url == reverse("exams:exam_publish", args=[made.pk])
    assert "“年度考试”的演练" in client.get(answer.url).text
    draft_exam(kind="mock", rehearses=counts, enterprise=characters.enterprise)
    field = client.get(reverse("exams:exam_edit", args=[made.pk])).context["forms"].exam["rehearses"]
    assert field.value() == counts.pk
    assert [str(choice) for _, choice in field.field.choices] == ["不是演练", "年度考试"]


@pytest.mark.parametrize(
    ("target", "changes", "problem"),
    [
        ({}, {"kind": "in_house"}, "只有模拟考试能做演练"),
        ({"kind": "mock"}, {}, "要选一场还没有结束的正式考试"),
        ({"enterprise": None}, {"enterprise": ""}, "要选一场还没有结束的正式考试"),
        ({"status": ExamStatus.CLOSED}, {}, "要选一场还没有结束的正式考试"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_beside_the_field(
    characters, client_of, rules, counts, target, changes, problem
):
    Exam.objects.filter(pk=counts.pk).update(**target)
    answer = client_of(characters.own_manager).post(reverse("exams:exam_new"), mock_form(characters, counts, **changes))
    [words] = answer.context["forms"].exam.errors["rehearses"]
    assert problem in words
    assert not counts.rehearsals.exists()


def test_a_rehearsal_is_held_by_the_same_host(characters, client_of, rules, counts):
    form = mock_form(characters, counts, enterprise="")
    answer = client_of(characters.administrator).post(reverse("exams:exam_new"), form)
    assert answer.context["forms"].exam.errors["rehearses"] == ["演练和正式考试要是同一个组织单位的"]


def test_what_is_rehearsed_does_not_become_a_mock_exam(characters, client_of, rules, counts):
    draft = draft_exam(enterprise=characters.enterprise)
    draft_exam(kind="mock", rehearses=draft, enterprise=characters.enterprise)
    form = typed(kind="mock", enterprise=characters.enterprise.pk, revision=draft.revision)
    answer = client_of(characters.own_manager).post(reverse("exams:exam_edit", args=[draft.pk]), form)
    assert "不能改成模拟考试" in answer.context["forms"].exam.errors["kind"][0]


def test_the_database_keeps_rehearsals_mock(characters, counts):
    with pytest.raises(IntegrityError), transaction.atomic():
        draft_exam(rehearses=counts)
