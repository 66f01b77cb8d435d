"""Who may open what: one row for every address of ours.

A row names the address, the methods it answers, who has the role that its rule asks for (everybody else: 403,
strangers: sign-in), and its cases: an object, and who reaches it (holders of the role who do not: 404).
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from exams.lockdown.queries import link_of
from lms.kit.clock import current_date, current_time
from tests.architecture.access_world import CARD_KEY, CHECKPOINT, CHECKPOINT_KEY, SUBJECT, World
from tests.factories.exams import CANARY, KEY_CANARY, drawn_picture
from tests.factories.lms import invented_id, invented_phone

Characters = frozenset[str]
NOBODY: Characters = frozenset()
STRANGER = frozenset({"stranger"})
SIGNED_IN = frozenset({
    "own_learner", "other_learner", "own_manager", "other_manager", "team_leader", "trainer", "town_supervisor",
    "other_town_supervisor", "sector_supervisor", "other_sector_supervisor", "editor", "reviewer", "auditor",
    "administrator",
})  # fmt: skip
EVERYBODY = SIGNED_IN | STRANGER

ADMINISTRATOR = frozenset({"administrator"})
AUDIT = frozenset({"auditor", "administrator"})
MANAGERS = frozenset({"own_manager", "other_manager", "administrator"})
WORKBENCH = MANAGERS | {"team_leader", "trainer"}
SUPERVISORS = frozenset({"town_supervisor", "other_town_supervisor", "sector_supervisor", "other_sector_supervisor"})
SUPERVISION = SUPERVISORS | AUDIT
STAFF = WORKBENCH | SUPERVISION
IDENTITY = MANAGERS | SUPERVISORS
TRAINING_OFFICE = MANAGERS | SUPERVISORS | {"trainer"}
TOWN = frozenset({"town_supervisor", "other_town_supervisor", "administrator"})
EDITING = frozenset({"editor", "reviewer", "administrator"})
REVIEWERS = frozenset({"reviewer", "administrator"})
EXAM_OFFICE = MANAGERS | TOWN | {"trainer", "reviewer"}

# Who has which enterprise in view; a team leader has only the own team.
OWN = frozenset({"own_manager", "trainer", "town_supervisor", "sector_supervisor"}) | AUDIT
OTHER = frozenset({"other_manager", "other_town_supervisor", "other_sector_supervisor"}) | AUDIT
OWN_KEEPERS, OTHER_KEEPERS = frozenset({"own_manager", "administrator"}), frozenset({"other_manager", "administrator"})
OWN_STAFF = frozenset({"own_learner", "own_manager", "team_leader", "trainer"})
OTHER_STAFF = frozenset({"other_learner", "other_manager"})

# What gives an answer away, and who may read it before it is released.
SECRETS = {CANARY: EDITING, KEY_CANARY: EDITING, CARD_KEY: WORKBENCH | EDITING, CHECKPOINT_KEY: NOBODY}

Build = Callable[[World], Any]


@dataclass(frozen=True)
class Case:
    """An object of an address: how to name it, who reaches it, who is told 403 although the role would do.

    `numbers`: characters whose answer holds personal numbers in the clear, because they asked for exactly that.
    `writers`: where given, the posted form is well made, and exactly these characters change anything with it.
    """

    reach: Characters
    label: str = ""
    kwargs: Build = lambda world: {}
    query: Build = lambda world: {}
    data: Build | None = None
    address: Build | None = None
    forbidden: Characters = NOBODY
    numbers: Characters = NOBODY
    writers: Characters | None = None


@dataclass(frozen=True)
class Row:
    """One address. `data` is posted: harmless or invalid; `json` sends it as a script would.

    `signed`: the page says who arranged what is on it, also to those who have that person not in view.
    """

    name: str
    rule: Characters
    cases: tuple[Case, ...] = ()
    methods: tuple[str, ...] = ("GET",)
    data: Build = lambda world: {}
    json: bool = False
    signed: frozenset[str] = NOBODY
    released: bool = False  # keys and explanations are what the page is for
    follow: bool = False  # the answer is at the end of a chain of redirects

    @property
    def tried(self) -> tuple[Case, ...]:
        """The cases; an address without objects has one."""
        return self.cases or (Case(self.rule),)


BOTH, POST = ("GET", "POST"), ("POST",)


def sides(kwargs: Callable[[Any], Any], own: Characters, other: Characters, **more: Any) -> tuple[Case, Case]:
    """The same object of both enterprises."""
    return (
        Case(own, "own", kwargs=lambda world: kwargs(world.own), **more),
        Case(other, "foreign", kwargs=lambda world: kwargs(world.other), **more),
    )


def packet(world: World) -> dict[str, Any]:
    """A well-formed packet without answers."""
    return {"client": 1, "changes": []}


def role(number: Build, name: str, **places: Build) -> Build:
    """The form that grants a role."""
    return lambda world: {
        "number": number(world).username,
        "role": name,
        "valid_from": current_date().isoformat(),
        **{place: found(world).pk for place, found in places.items()},
    }


def newcomer(world: World) -> dict[str, Any]:
    """The form that adds somebody to the other enterprise's roster."""
    return {
        "name": "新同事",
        "id_type": "citizen",
        "id_number": invented_id(77_777),
        "phone": invented_phone(77_777_777),
        "enterprise": world.other.enterprise.pk,
        "post": "焊工",
        "employment_type": "own",
        "categories": [world.characters.category.pk],
        "started_on": current_date().isoformat(),
    }


def named_learner(world: World) -> dict[str, Any]:
    """The form that assigns a course to the other enterprise's learner."""
    return {
        "course": world.shared.course.pk,
        "enterprise": world.other.enterprise.pk,
        "target": "people",
        "persons": [world.other.learner.pk],
        "required": "on",
    }


def other_area(world: World) -> dict[str, Any]:
    """The form that assigns a course in the other town."""
    return {
        "course": world.shared.course.pk,
        "area": f"region-{world.characters.other_region.pk}",
        "required": "on",
    }


def new_exam(host: Callable[[World], int | str]) -> Build:
    """The form that makes an exam."""
    opens = current_time() + timedelta(days=1)
    return lambda world: {
        "title": "新考试",
        "subject": SUBJECT,
        "kind": "in_house",
        "enterprise": host(world),
        "opens_at": f"{opens:%Y-%m-%dT%H:%M}",
        "closes_at": f"{opens + timedelta(days=1):%Y-%m-%dT%H:%M}",
        "minutes": 60,
        "pass_percent": 80,
        "attempts_allowed": 2,
        "release": "at_once",
        "multiple_rule": "all_or_nothing",
        "valid_months": 12,
        "min_criterion_percent": 100,
        "paper_count": 1,
        "section-TOTAL_FORMS": 1,
        "section-INITIAL_FORMS": 0,
        "section-0-type": "single",
        "section-0-count": 1,
        "section-0-points": 2,
        "method": "parallel",
        "share-TOTAL_FORMS": 0,
        "share-INITIAL_FORMS": 0,
        "audience-TOTAL_FORMS": 1,
        "audience-INITIAL_FORMS": 0,
    }


def beat(token: Any) -> dict[str, Any]:
    """A heartbeat that earns nothing."""
    return {"token": str(token), "number": 2, "visible": False, "idle": 0, "played": {}}


REASON: Build = lambda world: {"reason": "核对身份"}  # noqa: E731

HOME = [
    Row("home", EVERYBODY),
    Row("workbench", WORKBENCH),
    Row("supervision", SUPERVISION),
    Row("set_type_size", EVERYBODY, methods=POST, data=lambda w: {"size": "normal"}),
    Row("set_language", EVERYBODY, methods=POST, data=lambda w: {"language": "zh-hans"}),
]

PEOPLE = [
    Row("me", SIGNED_IN),
    Row("first_sign_in", EVERYBODY, methods=BOTH),
    Row("roster", STAFF, cases=(
        Case(STAFF, "all"),
        Case(STAFF, "foreign enterprise", query=lambda w: {"enterprise": w.other.enterprise.pk, "status": "all"}),
        Case(STAFF, "own enterprise", query=lambda w: {"enterprise": w.own.enterprise.pk, "status": "all"}),
        Case(STAFF, "foreign name", query=lambda w: {"q": w.other.learner.username}),
    )),
    Row("supervision_roster", STAFF),
    Row("roster_export", STAFF, methods=POST),
    Row("person_new", MANAGERS, methods=BOTH),
    Row("person_new", MANAGERS, methods=POST, data=newcomer, cases=(
        Case(MANAGERS, "into a foreign enterprise", writers=OTHER_KEEPERS),)),
    Row("person", STAFF, cases=(
        *sides(lambda side: {"pk": side.learner.pk}, OWN | {"team_leader"}, OTHER),
        Case(OWN, "of another team", kwargs=lambda w: {"pk": w.characters.teamless_colleague.pk}),
        Case(NOBODY, "never employed", kwargs=lambda w: {"pk": w.characters.editor.pk}),
    )),
    Row("person_unmask", IDENTITY, methods=POST, data=REASON, cases=(
        Case(OWN & IDENTITY, "own", kwargs=lambda w: {"pk": w.own.learner.pk}, numbers=OWN & IDENTITY),
        Case(OTHER & IDENTITY, "foreign", kwargs=lambda w: {"pk": w.other.learner.pk}, numbers=OTHER & IDENTITY),
        Case(OWN & IDENTITY, "without a reason", kwargs=lambda w: {"pk": w.own.learner.pk}, data=lambda w: {}),
    )),
    *(
        Row(name, MANAGERS, methods=BOTH, cases=(
            *sides(lambda side: {"pk": side.learner.pk}, OWN_KEEPERS, OTHER_KEEPERS),
            Case(ADMINISTRATOR, "holds more elsewhere", kwargs=lambda w: {"pk": w.double.pk},
                 forbidden=frozenset({"own_manager"})),
        ))
        for name in ("person_correct", "person_reset")
    ),
    *(
        Row(name, MANAGERS, methods=BOTH,
            cases=sides(lambda side: {"pk": side.employment.pk}, OWN_KEEPERS, OTHER_KEEPERS))
        for name in ("employment_change", "employment_leave")
    ),
    Row("import", MANAGERS, methods=BOTH),
    Row("import_template", MANAGERS),
    Row("import_check", MANAGERS, cases=sides(
        lambda side: {"pk": side.check_job.pk}, OWN_KEEPERS - ADMINISTRATOR, OTHER_KEEPERS - ADMINISTRATOR)),
    # The rows that somebody uploaded go back to the same person, to be mended.
    Row("import_bad_rows", MANAGERS, cases=(
        Case(frozenset({"own_manager"}), "own", kwargs=lambda w: {"pk": w.own.check_job.pk},
             numbers=frozenset({"own_manager"})),
        Case(frozenset({"other_manager"}), "foreign", kwargs=lambda w: {"pk": w.other.check_job.pk},
             numbers=frozenset({"other_manager"})),
    )),
    Row("import_write", MANAGERS, methods=POST, cases=sides(
        lambda side: {"pk": side.check_job.pk}, OWN_KEEPERS - ADMINISTRATOR, OTHER_KEEPERS - ADMINISTRATOR)),
    Row("import_report", MANAGERS, cases=sides(
        lambda side: {"pk": side.write_job.pk}, OWN_KEEPERS - ADMINISTRATOR, OTHER_KEEPERS - ADMINISTRATOR)),
    Row("roles", MANAGERS, methods=BOTH),
    Row("roles", MANAGERS, methods=POST, cases=(
        Case(MANAGERS, "in a foreign enterprise", writers=OTHER_KEEPERS,
             data=role(lambda w: w.other.learner, "trainer", enterprise=lambda w: w.other.enterprise)),
        Case(MANAGERS, "of a foreigner at home", writers=ADMINISTRATOR,
             data=role(lambda w: w.other.learner, "trainer", enterprise=lambda w: w.own.enterprise)),
        Case(MANAGERS, "of one's own rank", writers=ADMINISTRATOR,
             data=role(lambda w: w.own.learner, "safety_manager", enterprise=lambda w: w.own.enterprise)),
        Case(MANAGERS, "above oneself", writers=ADMINISTRATOR, data=role(lambda w: w.own.learner, "administrator")),
    )),
    Row("role_end", MANAGERS, methods=POST,
        cases=sides(lambda side: {"pk": side.assignment.pk}, OWN_KEEPERS, OTHER_KEEPERS)),
    Row("audit", AUDIT, methods=BOTH),
    Row("audit_export", AUDIT, methods=POST),
]  # fmt: skip

COVERAGE = [
    Row("coverage:overview", STAFF),
    Row("coverage:trend", SUPERVISION),
    Row("coverage:own", WORKBENCH),
    Row("coverage:enterprise", STAFF, cases=sides(lambda side: {"pk": side.enterprise.pk}, OWN, OTHER)),
    Row("coverage:enterprises_export", SUPERVISION, methods=POST),
    Row("coverage:idle", SUPERVISION),
    Row("coverage:people", STAFF, cases=(
        Case(STAFF, "all", query=lambda w: {"show": "all"}),
        Case(OWN, "own", query=lambda w: {"show": "all", "enterprise": w.own.enterprise.pk}),
        Case(OTHER, "foreign", query=lambda w: {"show": "all", "enterprise": w.other.enterprise.pk}),
    )),
    Row("coverage:people_export", STAFF, methods=POST),
]  # fmt: skip

JOBS = [
    Row("jobs:my_jobs", SIGNED_IN),
    Row("jobs:job", SIGNED_IN, cases=(
        *sides(lambda side: {"pk": side.export_job.pk}, AUDIT | {"own_manager"}, AUDIT | {"other_manager"}),
        *sides(lambda side: {"pk": side.check_job.pk}, AUDIT | {"own_manager"}, AUDIT | {"other_manager"}),
    )),
    # A file goes to nobody but the person who asked for it.
    Row("jobs:file", SIGNED_IN, cases=(
        *sides(lambda side: {"pk": side.export_job.pk}, frozenset({"own_manager"}), frozenset({"other_manager"})),
        Case(frozenset({"own_manager"}), "own upload", kwargs=lambda w: {"pk": w.own.check_job.pk},
             numbers=frozenset({"own_manager"})),
        Case(frozenset({"other_manager"}), "foreign upload", kwargs=lambda w: {"pk": w.other.check_job.pk},
             numbers=frozenset({"other_manager"})),
    )),
]  # fmt: skip

LESSON: Build = lambda w: {"code": w.shared.course.code, "lesson_code": w.shared.lesson.code}  # noqa: E731
COURSE: Build = lambda w: {"code": w.shared.course.code}  # noqa: E731

COURSES = [
    Row("courses:my_courses", SIGNED_IN),
    Row("courses:my_hours", SIGNED_IN),
    Row("courses:session", SIGNED_IN, cases=sides(
        lambda side: {"pk": side.session.pk}, frozenset({"own_learner"}), frozenset({"other_learner"}))),
    Row("courses:begin", SIGNED_IN, methods=POST, json=True, data=lambda w: {"lesson": w.shared.lesson.code}),
    Row("courses:beat", SIGNED_IN, methods=POST, json=True, cases=(
        Case(frozenset({"own_learner"}), "own", data=lambda w: beat(w.own.session.token)),
        Case(frozenset({"other_learner"}), "foreign", data=lambda w: beat(w.other.session.token)),
        Case(SIGNED_IN, "malformed", data=lambda w: {}),
    )),
    Row("courses:course", SIGNED_IN, cases=(Case(SIGNED_IN, kwargs=COURSE),)),
    Row("courses:lesson", SIGNED_IN, cases=(Case(SIGNED_IN, kwargs=LESSON),)),
    Row("courses:checkpoint", SIGNED_IN, methods=POST, data=lambda w: {"checkpoint": CHECKPOINT},
        cases=(Case(SIGNED_IN, kwargs=LESSON),)),
    Row("courses:manage", STAFF),
    Row("courses:assign", TRAINING_OFFICE, methods=BOTH, data=lambda w: {"persons": [w.other.learner.pk]}),
    Row("courses:assign", TRAINING_OFFICE, methods=POST, cases=(
        Case(TRAINING_OFFICE, "to a foreign learner", data=named_learner, writers=OTHER_KEEPERS - ADMINISTRATOR),
        Case(TRAINING_OFFICE, "in a foreign area", data=other_area,
             writers=frozenset({"other_town_supervisor", "administrator"})),
    )),
    Row("courses:find_people", TRAINING_OFFICE, cases=(
        Case(TRAINING_OFFICE, "own", query=lambda w: {"q": w.own.learner.name}),
        Case(TRAINING_OFFICE, "foreign", query=lambda w: {"q": w.other.learner.username}),
        Case(TRAINING_OFFICE, "ticked", query=lambda w: {"persons": [w.own.learner.pk, w.other.learner.pk]}),
    )),
    Row("courses:rules", STAFF, signed=frozenset({"own_manager"})),
    Row("courses:rule", STAFF, signed=frozenset({"own_manager"}), cases=(
        *sides(lambda side: {"pk": side.rule.pk}, OWN | {"team_leader"}, OTHER),
        Case(STAFF, "general", kwargs=lambda w: {"pk": w.shared.general_rule.pk}),
        Case(OWN | {"team_leader"}, "of the area", kwargs=lambda w: {"pk": w.shared.area_rule.pk}),
    )),
    Row("courses:end_rule", TRAINING_OFFICE, methods=POST, cases=(
        *sides(lambda side: {"pk": side.rule.pk}, OWN_KEEPERS | {"trainer"}, OTHER_KEEPERS),
        Case(ADMINISTRATOR, "general", kwargs=lambda w: {"pk": w.shared.general_rule.pk}),
        Case(ADMINISTRATOR | {"town_supervisor"}, "of the area", kwargs=lambda w: {"pk": w.shared.area_rule.pk}),
    )),
    Row("courses:course_people", STAFF, cases=(
        Case(STAFF, "all", kwargs=COURSE),
        Case(STAFF, "foreign enterprise", kwargs=COURSE, query=lambda w: {"enterprise": w.other.enterprise.pk}),
    )),
    Row("courses:export_people", STAFF, methods=POST, cases=(Case(STAFF, kwargs=COURSE),)),
]  # fmt: skip

QUESTION: Build = lambda w: {"pk": w.shared.question.pk}  # noqa: E731
CLAUSE: Build = lambda w: {"code": w.shared.lapsed.code}  # noqa: E731
AUTHORS = (frozenset({"editor", "administrator"}), REVIEWERS)

OWN_OFFICE, OTHER_OFFICE = OWN_KEEPERS | {"trainer"}, OTHER_KEEPERS
TOWN_EXAMS = TOWN | {"reviewer"}

BANK = [
    Row("exams:question_list", EDITING),
    Row("exams:question_new", EDITING, methods=BOTH),
    Row("exams:question_review", EDITING, cases=(Case(EDITING, kwargs=QUESTION),)),
    Row("exams:question_edit", EDITING, methods=BOTH, cases=(Case(EDITING, kwargs=QUESTION),)),
    Row("exams:question_preview", EDITING, methods=POST),
    Row("exams:question_picture_upload", EDITING, methods=POST),
    Row("exams:question_picture", SIGNED_IN, cases=(
        Case(SIGNED_IN, kwargs=lambda w: {"digest": w.shared.question_picture.digest}),
        Case(NOBODY, "not stored", kwargs=lambda w: {"digest": "0" * 64}),
    )),
    Row("exams:question_decide", REVIEWERS, methods=POST, cases=(
        Case(REVIEWERS, "without a decision", kwargs=QUESTION),
        Case(REVIEWERS, "approving nothing", kwargs=QUESTION, data=lambda w: {"decision": "approve"}),
        Case(REVIEWERS, "approving", kwargs=QUESTION,
             data=lambda w: {"decision": "approve", "version": w.shared.question.current_id}),
    )),
    Row("exams:question_move", EDITING, methods=POST, cases=(Case(EDITING, kwargs=QUESTION),)),
    Row("exams:question_import", EDITING, methods=BOTH),
    Row("exams:question_template", EDITING),
    Row("exams:question_import_result", EDITING, cases=sides(lambda side: {"pk": side.question_import.pk}, *AUTHORS)),
    Row("exams:question_import_apply", EDITING, methods=POST,
        cases=sides(lambda side: {"pk": side.question_import.pk}, *AUTHORS)),
    Row("exams:question_import_job", EDITING, cases=sides(lambda side: {"pk": side.import_job.pk}, *AUTHORS)),
    Row("exams:question_export", EDITING, methods=BOTH),
    Row("exams:question_export_job", EDITING, cases=sides(lambda side: {"pk": side.bank_export.pk}, *AUTHORS)),
    Row("exams:question_bulk", EDITING, cases=(
        Case(EDITING, "nothing chosen"),
        Case(EDITING, "all", query=lambda w: {"scope": "all", "to-what": "difficulty", "to-difficulty": 3}),
    )),
    Row("exams:question_bulk_apply", EDITING, methods=POST),
    Row("exams:question_bulk_result", EDITING, cases=sides(lambda side: {"pk": side.bulk_job.pk}, *AUTHORS)),
    Row("exams:twin_list", EDITING),
    Row("exams:twin_scan", REVIEWERS, methods=POST),
    Row("exams:twin_scan_job", REVIEWERS, cases=sides(
        lambda side: {"pk": side.scan_job.pk}, ADMINISTRATOR, REVIEWERS)),
    Row("exams:twin_decide", REVIEWERS, methods=POST, cases=(
        Case(REVIEWERS, kwargs=lambda w: {"pk": w.shared.pair.pk}, data=lambda w: {"decision": "different"},
             writers=REVIEWERS),
    )),
    Row("exams:clause_trace", EDITING, cases=(Case(EDITING, kwargs=CLAUSE),)),
    Row("exams:clause_trace_export", EDITING, cases=(Case(EDITING, kwargs=CLAUSE),)),
    Row("exams:clause_replace", EDITING, methods=BOTH, cases=(Case(EDITING, kwargs=CLAUSE),)),
    Row("exams:question_trace", EDITING, cases=(Case(EDITING, kwargs=QUESTION),)),
    Row("exams:quarantine", EDITING),
    Row("exams:recite_result", EDITING, cases=sides(lambda side: {"pk": side.recite_job.pk}, *AUTHORS)),
    Row("exams:exam_clauses", EXAM_OFFICE, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE | {"town_supervisor"},
               OTHER_OFFICE | {"other_town_supervisor"}),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
    )),
]  # fmt: skip

OFFICE = [
    Row("exams:exam_list", EXAM_OFFICE),
    Row("exams:exam_new", EXAM_OFFICE, methods=BOTH),
    Row("exams:exam_new", EXAM_OFFICE, methods=POST, cases=(
        Case(EXAM_OFFICE, "for a foreign enterprise", data=new_exam(lambda w: w.other.enterprise.pk),
             writers=OTHER_KEEPERS),
        Case(EXAM_OFFICE, "for the town", data=new_exam(lambda w: ""), writers=TOWN_EXAMS),
    )),
    *(
        Row("exams:exam_publish", EXAM_OFFICE, cases=(
            *sides(exam, OWN_OFFICE | {"town_supervisor"}, OTHER_OFFICE | {"other_town_supervisor"}),
            Case(TOWN_EXAMS, "of the town", kwargs=town),
        ))
        for exam, town in (
            (lambda side: {"pk": side.exam.pk}, lambda w: {"pk": w.shared.town_exam.pk}),
            (lambda side: {"pk": side.draft.pk}, lambda w: {"pk": w.shared.town_draft.pk}),
        )
    ),
    Row("exams:exam_publish", EXAM_OFFICE, methods=POST, cases=(
        *sides(lambda side: {"pk": side.draft.pk}, OWN_OFFICE, OTHER_OFFICE),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_draft.pk}),
    )),
    Row("exams:exam_edit", EXAM_OFFICE, methods=BOTH, cases=(
        *sides(lambda side: {"pk": side.draft.pk}, OWN_OFFICE, OTHER_OFFICE),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_draft.pk}),
    )),
    Row("exams:exam_close", EXAM_OFFICE, methods=POST, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
    )),
    Row("exams:seb_settings", EXAM_OFFICE, methods=BOTH, data=lambda w: {"quit_password": "secret-7"}, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_draft.pk}),
    )),
    # The program fetches its file before anybody has signed in; the link cannot be guessed.
    Row("exams:seb_file", EVERYBODY, cases=(
        Case(EVERYBODY, "with its link", kwargs=lambda w: {"pk": w.own.exam.pk, "link": link_of(w.own.exam.pk)}),
    )),
    Row("exams:seb_check", SIGNED_IN, methods=POST, json=True, cases=(
        Case(NOBODY, "an exam that any browser may open", kwargs=lambda w: {"pk": w.own.exam.pk}),
    )),
    Row("exams:seb_quit", EVERYBODY),
    Row("exams:exam_paper", REVIEWERS, cases=(
        *sides(lambda side: {"pk": side.exam.pk, "number": 1}, ADMINISTRATOR, ADMINISTRATOR),
        Case(REVIEWERS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk, "number": 1}),
    )),
    Row("exams:paper_print", REVIEWERS, methods=POST, cases=(
        *sides(lambda side: {"pk": side.exam.pk, "number": 1, "sheet": "key"}, ADMINISTRATOR, ADMINISTRATOR),
        Case(REVIEWERS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk, "number": 1, "sheet": "key"}),
        Case(NOBODY, "no such sheet", kwargs=lambda w: {"pk": w.shared.town_exam.pk, "number": 1, "sheet": "x"}),
    )),
    Row("exams:exam_report", EXAM_OFFICE, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE | {"town_supervisor"},
               OTHER_OFFICE | {"other_town_supervisor"}),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
        Case(TOWN_EXAMS, "of a draft", kwargs=lambda w: {"pk": w.shared.town_draft.pk}),
    )),
    # Nothing is saved: whatever is posted is answered in words, foreign enterprises and exams too.
    Row("exams:exam_check", EXAM_OFFICE, methods=POST, cases=(
        Case(EXAM_OFFICE, "for a foreign enterprise", data=new_exam(lambda w: w.other.enterprise.pk), writers=NOBODY),
        Case(EXAM_OFFICE, "of a foreign exam", data=lambda w: {"exam": w.other.draft.pk}, writers=NOBODY),
    )),
    Row("exams:question_find", REVIEWERS),
    Row("exams:exam_assembled", EXAM_OFFICE, cases=(
        *sides(lambda side: {"pk": side.exam.assembly_job_id}, OWN_OFFICE | {"town_supervisor"},
               OTHER_OFFICE | {"other_town_supervisor"}),
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.assembly_job_id}),
    )),
]  # fmt: skip

SITTER = (frozenset({"own_learner"}), frozenset({"other_learner"}))


def open_answer(side: Any) -> dict[str, int]:
    """The address of an answer that is marked by hand."""
    return {"pk": side.open_answer.answer.attempt.exam_id, "answer": side.open_answer.pk}


def in_paper(side: Any) -> dict[str, int]:
    """The address of a question of the side's exam."""
    return {"pk": side.exam.pk, "version": side.exam.papers.first().items.first().version_id}


def seated(side: Any) -> dict[str, int]:
    """The address of a seat on the live board."""
    return {"pk": side.attempt.exam_id, "attempt": side.attempt.pk}


def one_still(side: Any) -> dict[str, int]:
    """The address of a still."""
    return {"pk": side.still.attempt.exam_id, "attempt": side.still.attempt_id, "still": side.still.pk}


def new_still(world: World) -> dict[str, str]:
    """What a page sends."""
    return {"image": base64.b64encode(drawn_picture(60, 80)).decode()}


def device_results(world: World) -> dict[str, Any]:
    """What a sound device reports."""
    return {"journal": True, "worker": True, "full_screen": True, "trip_ms": 40, "clock_ms": 0}


PROCTORING = [
    Row("exams:pulse", SIGNED_IN, methods=POST, json=True,
        data=lambda w: {"client": 1, "news": 0, "messages_seen": 0, "signals": []},
        cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:running", EXAM_OFFICE),
    *(Row(f"exams:{name}", EXAM_OFFICE, methods=BOTH if name == "extra_time" else ("GET",),
          cases=sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE))
      for name in ("live", "live_rows", "extra_time")),
    Row("exams:reasons", ADMINISTRATOR, methods=BOTH),
    Row("exams:reasons", ADMINISTRATOR, methods=POST, data=lambda w: {"code": "fire", "label": "火警"}, cases=(
        Case(ADMINISTRATOR, "a new one", writers=ADMINISTRATOR),)),
    Row("exams:reason", ADMINISTRATOR, methods=BOTH, cases=(
        Case(ADMINISTRATOR, kwargs=lambda w: {"pk": w.shared.reason.pk}),)),
    Row("exams:check_in_news", SIGNED_IN, cases=(Case(SIGNED_IN, kwargs=lambda w: {"pk": w.own.exam.pk}),)),
    Row("exams:door", EXAM_OFFICE, cases=(
        *sides(lambda side: {"pk": side.door_exam.pk}, OWN_OFFICE, OTHER_OFFICE),
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE),
        # Without check-in nobody is named, also to those who see nobody of the town's people.
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
    )),
    Row("exams:check_in", EXAM_OFFICE, methods=POST, data=lambda w: {"outcome": "match"}, cases=(
        Case(OWN_OFFICE, "own", kwargs=lambda w: {"pk": w.own.door_exam.pk, "person": w.own.learner.pk},
             writers=OWN_OFFICE),
        Case(OTHER_OFFICE, "foreign", kwargs=lambda w: {"pk": w.other.door_exam.pk, "person": w.other.learner.pk},
             writers=OTHER_OFFICE),
        Case(NOBODY, "a foreign person by way of the own exam",
             kwargs=lambda w: {"pk": w.own.door_exam.pk, "person": w.other.learner.pk}),
    )),
    Row("exams:candidate_photo", EXAM_OFFICE, methods=BOTH, cases=(
        *sides(lambda side: {"pk": side.door_exam.pk, "person": side.learner.pk}, OWN_OFFICE, OTHER_OFFICE),
        Case(NOBODY, "of a foreign person by way of the own exam",
             kwargs=lambda w: {"pk": w.own.door_exam.pk, "person": w.other.learner.pk}),
        Case(NOBODY, "by way of an exam without check-in",
             kwargs=lambda w: {"pk": w.own.exam.pk, "person": w.own.learner.pk}),
    )),
    Row("exams:still", SIGNED_IN, methods=POST, json=True, data=new_still,
        cases=sides(lambda side: {"key": side.still.attempt.key}, *SITTER)),
    Row("exams:withdraw_stills", SIGNED_IN, methods=POST, json=True,
        cases=sides(lambda side: {"key": side.still.attempt.key}, *SITTER)),
    Row("exams:one_still", EXAM_OFFICE, methods=BOTH, cases=(
        *sides(one_still, OWN_OFFICE, OTHER_OFFICE),
        Case(NOBODY, "a foreign still by way of the own exam",
             kwargs=lambda w: one_still(w.own) | {"still": w.other.still.pk}),
    )),
    Row("exams:seen_in_person", EXAM_OFFICE, methods=POST, cases=(
        *sides(lambda side: seated(side.still), OWN_OFFICE, OTHER_OFFICE),
        Case(NOBODY, "in an exam without stills", kwargs=lambda w: seated(w.own)),
    )),
    Row("exams:device_test", SIGNED_IN, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_STAFF, OTHER_STAFF),
        *sides(lambda side: {"pk": side.draft.pk}, NOBODY, NOBODY),
    )),
    Row("exams:device_test", SIGNED_IN, methods=POST, json=True, data=device_results, cases=(
        Case(OWN_STAFF, "own", kwargs=lambda w: {"pk": w.own.exam.pk}, writers=OWN_STAFF),
        Case(OTHER_STAFF, "foreign", kwargs=lambda w: {"pk": w.other.exam.pk}, writers=OTHER_STAFF),
    )),
    Row("exams:device_ping", SIGNED_IN, methods=POST, json=True, cases=(Case(SIGNED_IN, writers=NOBODY),)),
    Row("exams:readiness", EXAM_OFFICE, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE),
        *sides(lambda side: {"pk": side.draft.pk}, OWN_OFFICE, OTHER_OFFICE),
        # Figures of everybody, names only of the own area.
        Case(TOWN_EXAMS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
    )),
    Row("exams:self_test", EXAM_OFFICE, methods=POST,
        cases=sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE)),
    Row("exams:self_tested", EXAM_OFFICE, cases=sides(
        lambda side: {"pk": side.self_test_job.pk}, OWN_KEEPERS, OTHER_KEEPERS)),
    Row("exams:order", EXAM_OFFICE, methods=POST, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE),
        Case(OWN_OFFICE, "on a foreign attempt by way of the own exam", kwargs=lambda w: {"pk": w.own.exam.pk},
             data=lambda w: {"kind": "void", "attempts": [w.other.attempt.pk]}, writers=NOBODY),
    )),
    *(Row(f"exams:{name}", EXAM_OFFICE, methods=BOTH if name == "late" else ("GET",), cases=(
        *sides(seated, OWN_OFFICE, OTHER_OFFICE),
        Case(NOBODY, "a foreign attempt by way of the own exam",
             kwargs=lambda w: {"pk": w.own.exam.pk, "attempt": w.other.attempt.pk}),
    )) for name in ("seat", "late", "timeline")),
]  # fmt: skip

ATTEMPTS = [
    Row("exams:my_exams", SIGNED_IN),
    Row("exams:exam", SIGNED_IN, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, OWN_STAFF, OTHER_STAFF),
        *sides(lambda side: {"pk": side.draft.pk}, NOBODY, NOBODY),
        Case(OWN_STAFF | OTHER_STAFF, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
    )),
    Row("exams:start", SIGNED_IN, methods=POST, cases=sides(
        lambda side: {"pk": side.exam.pk}, OWN_STAFF, OTHER_STAFF)),
    Row("exams:attempt", SIGNED_IN, cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:worker", EVERYBODY),
    Row("exams:take_over", SIGNED_IN, methods=BOTH, cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:save", SIGNED_IN, methods=POST, json=True, data=packet,
        cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:submit", SIGNED_IN, methods=POST, json=True, data=packet,
        cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:submit", SIGNED_IN, methods=POST, cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:keep", SIGNED_IN, methods=POST, data=lambda w: {"q1": "o2"},
        cases=sides(lambda side: {"key": side.attempt.key}, *SITTER)),
    Row("exams:result", SIGNED_IN, released=True, cases=(
        *sides(lambda side: {"key": side.handed_in.key}, *SITTER),
        *sides(lambda side: {"key": side.attempt.key}, *SITTER),
    )),
    Row("exams:receipt_form", EVERYBODY),
    Row("exams:receipt", EVERYBODY, cases=sides(
        lambda side: {"code": side.handed_in.receipt}, EVERYBODY, EVERYBODY)),
    Row("exams:results", EXAM_OFFICE, methods=BOTH, cases=sides(
        lambda side: {"pk": side.exam.pk}, OWN_OFFICE, OTHER_OFFICE)),
    Row("exams:to_mark", EXAM_OFFICE),
    Row("exams:marking", EXAM_OFFICE, cases=sides(
        lambda side: {"pk": side.open_answer.answer.attempt.exam_id}, OWN_OFFICE, OTHER_OFFICE)),
    Row("exams:mark_next", EXAM_OFFICE, cases=sides(
        lambda side: {"pk": side.open_answer.answer.attempt.exam_id, "version": side.open_answer.version_id},
        OWN_OFFICE, OTHER_OFFICE)),
    # The expected points are what the page is for.
    Row("exams:mark", EXAM_OFFICE, methods=BOTH, released=True, cases=(
        *sides(open_answer, OWN_OFFICE, OTHER_OFFICE),
        Case(NOBODY, "of a foreign exam by way of the own one", kwargs=lambda w: {
            "pk": w.own.open_answer.answer.attempt.exam_id, "answer": w.other.open_answer.pk}),
    )),
    Row("exams:mark", EXAM_OFFICE, methods=POST, released=True, data=lambda w: {"points": "5", "seen": "0"}, cases=(
        Case(OWN_OFFICE, "giving a mark", kwargs=lambda w: open_answer(w.own), writers=OWN_OFFICE),
        Case(OTHER_OFFICE, "giving a foreign mark", kwargs=lambda w: open_answer(w.other), writers=OTHER_OFFICE),
    )),
    Row("exams:corrections", REVIEWERS, cases=(
        *sides(lambda side: {"pk": side.exam.pk}, ADMINISTRATOR, ADMINISTRATOR),
        Case(REVIEWERS, "of the town", kwargs=lambda w: {"pk": w.shared.town_exam.pk}),
    )),
    # The key is what the page is for.
    Row("exams:correction", REVIEWERS, methods=BOTH, released=True, cases=(
        *sides(in_paper, ADMINISTRATOR, ADMINISTRATOR),
        Case(REVIEWERS, "of the town", kwargs=lambda w: {
            "pk": w.shared.town_exam.pk, "version": w.shared.correction.version_id}),
        Case(NOBODY, "of a foreign exam by way of the town's", kwargs=lambda w: {
            "pk": w.shared.town_exam.pk, "version": in_paper(w.own)["version"]}),
    )),
    Row("exams:regraded", REVIEWERS, cases=(
        Case(REVIEWERS, "of the town", kwargs=lambda w: {"pk": w.shared.correction.job_id}),
        Case(NOBODY, "no correction", kwargs=lambda w: {"pk": w.own.scan_job.pk}),
    )),
    Row("exams:question_try", EDITING, methods=BOTH, cases=(Case(EDITING, kwargs=QUESTION),)),
]  # fmt: skip

ROUND: Callable[[Any], Any] = lambda side: {"pk": side.practice_round.pk}  # noqa: E731
PRACTISER = (frozenset({"own_manager"}), frozenset({"other_manager"}))
RIGHT_ANSWER: Build = lambda w: {"place": 2, "version": w.shared.practised[1].pk, "q1": "o2"}  # noqa: E731
NO_EXAM_NOW = SIGNED_IN - {"own_learner", "other_learner"}  # those two sit an exam, and are told so

PRACTICE = [
    Row("exams:practice", SIGNED_IN),
    Row("exams:practice_clauses", SIGNED_IN),
    Row("exams:practice_daily", SIGNED_IN, methods=POST, cases=(Case(SIGNED_IN, writers=NO_EXAM_NOW),)),
    Row("exams:practice_topic", SIGNED_IN, methods=POST, cases=(
        Case(SIGNED_IN, "a topic", kwargs=lambda w: {"pk": w.shared.practised[0].question.topic_id},
             writers=NO_EXAM_NOW),
        Case(NOBODY, "no topic", kwargs=lambda w: {"pk": 999_999}),
    )),
    Row("exams:practice_clause", SIGNED_IN, methods=POST, cases=(
        Case(SIGNED_IN, "a clause", kwargs=CLAUSE, writers=NOBODY),
        Case(NOBODY, "no clause", kwargs=lambda w: {"code": "nowhere"}),
    )),
    Row("exams:wrong_book", SIGNED_IN, methods=BOTH, cases=(
        Case(SIGNED_IN, writers=PRACTISER[0] | PRACTISER[1]),)),
    Row("exams:practice_round", SIGNED_IN, methods=BOTH, data=RIGHT_ANSWER, cases=(
        Case(PRACTISER[0], "own", kwargs=lambda w: ROUND(w.own), writers=PRACTISER[0]),
        Case(PRACTISER[1], "foreign", kwargs=lambda w: ROUND(w.other), writers=PRACTISER[1]),
    )),
    # Once answered, key and explanation are what the page is for.
    Row("exams:practice_answer", SIGNED_IN, released=True, cases=sides(
        lambda side: {**ROUND(side), "place": 1}, *PRACTISER)),
]  # fmt: skip

CERTIFICATES = [
    Row("certificates:my_certificates", SIGNED_IN),
    Row("certificates:download", SIGNED_IN, cases=sides(
        lambda side: {"pk": side.certificate.pk}, OWN | {"own_learner"}, OTHER | {"other_learner"})),
    Row("certificates:manage", STAFF, cases=(
        Case(STAFF, "all"),
        Case(STAFF, "foreign name", query=lambda w: {"q": w.other.certificate.number}),
    )),
    Row("certificates:revoke", TOWN, methods=BOTH, cases=sides(
        lambda side: {"pk": side.certificate.pk}, OWN & TOWN, OTHER & TOWN)),
    Row("certificates:verify_form", EVERYBODY),
    Row("certificates:verify", EVERYBODY, cases=sides(
        lambda side: {"code": side.certificate.verify_code}, EVERYBODY, EVERYBODY)),
]  # fmt: skip


def page(name: str) -> Build:
    """Address of a page of the library."""
    return lambda world: getattr(world.shared, name).url


CONTENT = [
    Row("content:search", EVERYBODY, cases=(
        Case(EVERYBODY, query=lambda w: {"q": "通风"}),
        Case(EVERYBODY, "name of a person", query=lambda w: {"q": w.other.learner.username}),
    )),
    Row("content:library", EVERYBODY),
    Row("content:cards", EVERYBODY),
    Row("content:video", SIGNED_IN, cases=(Case(SIGNED_IN, kwargs=lambda w: {"pk": w.shared.film.pk}),)),
    Row("content:picture", EVERYBODY, cases=(Case(EVERYBODY, kwargs=lambda w: {"path": w.shared.picture}),)),
    Row("content:editing_sign_in", NOBODY),
    Row("content:library_sign_in", NOBODY),
    Row("wagtailadmin_home", EDITING, follow=True),
    Row("wagtaildocs_serve", SIGNED_IN, cases=(
        Case(SIGNED_IN, "film", address=lambda w: w.shared.film.url),
        Case(SIGNED_IN, "manual", address=lambda w: w.shared.manual.url),
    )),
    Row("wagtail_serve", EVERYBODY, cases=tuple(
        Case(EVERYBODY, name, address=page(name)) for name in ("home", "card_page", "course_page"))),
    Row("wagtail_serve", SIGNED_IN, follow=True, cases=(Case(SIGNED_IN, "lesson", address=page("lesson_page")),)),
]  # fmt: skip

ROWS = [
    *HOME,
    *PEOPLE,
    *COVERAGE,
    *JOBS,
    *COURSES,
    *BANK,
    *OFFICE,
    *ATTEMPTS,
    *PRACTICE,
    *PROCTORING,
    *CERTIFICATES,
    *CONTENT,
]


def posted(row: Row, case: Case, world: World) -> Any:
    """What is sent in the body."""
    data = (case.data or row.data)(world)
    return json.dumps(data) if row.json else data
