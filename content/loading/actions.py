"""Loading the library: all of it or nothing."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from wagtail.models import Page

from content.cases.models import CaseIndexPage, CasePage, PracticePage
from content.lessons.models import CourseIndexPage, CoursePage, LessonPage
from content.library.models import HomePage
from content.loading.files import digest_of
from content.loading.lessons import stored_body, stored_scenes
from content.loading.pages import Placing, Report, put
from content.loading.reading import Starter
from content.loading.schema import CourseFile, FigureRow, Lesson, StandardFile, VideoRow
from content.loading.shelves import home_page, shelf
from content.meetings.models import CardIndexPage, CardPage
from content.mindsets.models import MindsetIndexPage, MindsetPage, ViolationPage
from content.standards.models import (
    ClausePage,
    StandardIndexPage,
    StandardPage,
    StandardSectionPage,
    StandardVersionPage,
)
from lms.audit.actions import record
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory, User


@transaction.atomic
def load_library(*, starter: Starter, by: User | None, now: datetime) -> Report:
    """Write the starter pages. Repeating it changes nothing; pages edited by people stay as they are.

    Raises StarterError naming file, table and key when a field does not fit.
    """
    report = Report()
    home = home_page()
    load = Loading(home=home, starter=starter, report=report)
    for standard in starter.standards:
        load.standard(standard)
    load.mindsets()
    load.cards()
    load.cases()
    for course in starter.courses:
        load.course(course)
    if report.changed:
        detail = {"added": report.added, "refreshed": report.refreshed, "kept": report.kept}
        record(action="library.loaded", by=by, now=now, target=home, detail=detail)
    return report


def joined(texts: Iterable[str]) -> str:
    """Several short texts as lines."""
    return "\n".join(texts)


class Loading:
    """One run: remembers the pages by code, so that later pages can point at earlier ones."""

    def __init__(self, *, home: HomePage, starter: Starter, report: Report) -> None:
        self.home, self.starter, self.report = home, starter, report
        self.industries = {row.code: row for row in Industry.objects.all()}
        self.categories = {row.code: row for row in PersonnelCategory.objects.all()}
        self.clauses: dict[str, ClausePage] = {}
        self.cases_by_code: dict[str, CasePage] = {}
        self.mindsets_by_code: dict[str, MindsetPage] = {}

    def put(self, parent: Page, model: type[Any], file: str, row: Any, *, title: str = "", **rest: Any) -> Any:
        """Place one page."""
        title = title or row.title
        placing = Placing(parent=parent, model=model, file=file, row=row, code=row.code, title=title, **rest)
        return put(placing, self.report)

    def of(self, codes: Iterable[str]) -> list[Industry]:
        """Industries by code."""
        return [self.industries[code] for code in codes]

    def standard(self, file: StandardFile) -> None:
        """A standard with its version, sections and clauses."""
        name = f"standards/{file.standard.code}.toml"
        standard = self.put(
            shelf(self.home, StandardIndexPage),
            StandardPage,
            name,
            file.standard,
            fields={"issuer": file.standard.issuer},
            links={"industries": self.of(file.standard.industries)},
        )
        fields = file.version.model_dump(exclude={"code"}) | {"summary": file.version.summary.strip()}
        version = self.put(standard, StandardVersionPage, name, file.version, title=file.version.number, fields=fields)
        for row in file.section:
            links = {"industries": self.of(row.industries)}
            section = self.put(
                version,
                StandardSectionPage,
                name,
                row,
                links=links,
                fields={"article": row.article, "kind": row.kind, "intro": row.intro.strip()},
            )
            for clause in row.clause:
                texts = clause.model_dump(exclude={"code", "equipment", "posts", "keywords"})
                lists = {key: joined(getattr(clause, key)) for key in ("equipment", "posts", "keywords")}
                self.clauses[clause.code] = self.put(
                    section, ClausePage, name, clause, title=clause.article, fields=texts | lists, links=links
                )

    def mindsets(self) -> None:
        """The four mindsets and the three violations."""
        index = shelf(self.home, MindsetIndexPage)
        for row in self.starter.mindsets.mindset:
            lists = {key: joined(getattr(row, key)) for key in ("signs", "antidotes", "selfcheck", "pledge")}
            fields = lists | {"lead": row.lead, "body": row.body.strip(), "scenes": stored_scenes(row.code, row.case)}
            self.mindsets_by_code[row.code] = self.put(index, MindsetPage, "mindsets.toml", row, fields=fields)
        for violation in self.starter.mindsets.violation:
            fields = {
                "meaning": violation.meaning,
                "examples": joined(violation.examples),
                "refuse": violation.refuse.strip(),
            }
            self.put(index, ViolationPage, "mindsets.toml", violation, fields=fields)

    def cards(self) -> None:
        """The morning-meeting cards."""
        index = shelf(self.home, CardIndexPage)
        for row in self.starter.cards.card:
            fields: dict[str, Any] = {
                "minutes": row.minutes,
                "trades": joined(row.trades),
                "points": joined(row.points),
                "question": row.question,
                "options": joined(row.options),
                "answer": row.answer,
                "explanation": row.explanation,
                "clause": self.clauses.get(row.clause),
                "mindset": self.mindsets_by_code.get(row.mindset),
            }
            links = {"industries": self.of(row.industries)}
            self.put(index, CardPage, "cards.toml", row, fields=fields, links=links)

    def cases(self) -> None:
        """Accident cases and best practices."""
        index = shelf(self.home, CaseIndexPage)
        for row in self.starter.cases.case:
            texts = row.model_dump(include={"happened_on", "place", "deaths", "injured", "summary", "source"})
            lists = {key: joined(getattr(row, key)) for key in ("why", "lessons", "questions")}
            links = {"industries": self.of(row.industries), "clauses": [self.clauses[code] for code in row.clauses]}
            self.cases_by_code[row.code] = self.put(
                index,
                CasePage,
                "cases.toml",
                row,
                links=links,
                fields=texts | lists | {"what_happened": row.what_happened.strip()},
            )
        for practice in self.starter.cases.practice:
            self.put(
                index,
                PracticePage,
                "cases.toml",
                practice,
                links={"industries": self.of(practice.industries)},
                fields={"summary": practice.summary, "body": practice.body.strip(), "steps": joined(practice.steps)},
            )

    def course(self, file: CourseFile) -> None:
        """A course with its lessons."""
        name, row = f"courses/{file.course.code}.toml", file.course
        fields = {
            "summary": row.summary,
            "credit_hours": Decimal(str(row.credit_hours)),
            "must_study": row.must_study,
            "exam_subject": row.exam_subject,
        }
        links = {"industries": self.of(row.industries), "categories": [self.categories[code] for code in row.audience]}
        course = self.put(shelf(self.home, CourseIndexPage), CoursePage, name, row, fields=fields, links=links)
        for lesson in file.lesson:
            self.lesson(course, name, lesson)

    def lesson(self, course: CoursePage, name: str, row: Lesson) -> None:
        """A lesson with its body; a figure or video that changed refreshes it."""
        videos = [block for block in row.block if isinstance(block, VideoRow)]
        files = [block.file for block in row.block if isinstance(block, (FigureRow, VideoRow))]
        body = stored_body(
            row,
            folder=self.starter.folder,
            clauses={code: page.pk for code, page in self.clauses.items()},
            cases={code: page.pk for code, page in self.cases_by_code.items()},
        )
        fields = {
            "lead": row.lead,
            "minutes": row.minutes,
            "body": body,
            "kind": LessonPage.Kind.VIDEO if videos else LessonPage.Kind.READING,
            "video_seconds": sum(video.seconds for video in videos),
        }
        salt = " ".join(digest_of(self.starter.folder / file) for file in files)
        self.put(course, LessonPage, name, row, fields=fields, salt=salt)
