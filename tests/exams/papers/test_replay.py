"""Rebuilding papers from what was stored at publication."""

import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from exams.papers.actions import assemble_exam
from exams.papers.models import Assembly, AssemblyMethod, Exam, PaperItem
from exams.papers.replay import replay
from exams.papers.spec import ALGORITHMS, Candidate, PaperSpec, SectionSpec, spec_data
from tests.factories.exams import NOW, BlueprintSectionFactory, PaperFactory, PaperItemFactory, draft_exam, pool_of

pytestmark = pytest.mark.django_db


def unheard(*args):
    """Progress that nobody waits for."""


@pytest.fixture(params=[AssemblyMethod.PARALLEL, AssemblyMethod.DRAW])
def published(request, topic):
    """Four papers of six questions in two families."""
    pool_of(30, topic=topic)
    exam = draft_exam(method=request.param, paper_count=4, min_criterion_percent=Decimal(0), max_overlap_percent=50)
    BlueprintSectionFactory(exam=exam, position=1, count=6, topics=[topic])
    Exam.objects.filter(pk=exam.pk).update(seed=5)
    exam.refresh_from_db()
    assemble_exam(exam=exam, revision=exam.revision, by=None, now=NOW, progress=unheard)
    return exam


def said(*args, **options):
    """What the command prints."""
    out = io.StringIO()
    call_command("replay_paper", *args, **options, stdout=out)
    return out.getvalue().splitlines()


def test_papers_are_rebuilt_bit_for_bit(published):
    assert said(published.pk) == [f"exam {published.pk}: 4 papers agree", "1 exams replayed, all agree bit for bit"]
    assert said(published.pk, number=3)[0] == f"exam {published.pk}: 1 papers agree"
    assert said(all=True)[0] == f"exam {published.pk}: 4 papers agree"


def test_stored_request_names_method_and_solver(published):
    assembly = published.assembly
    assert assembly.method == ALGORITHMS[published.method]
    assert assembly.request["solver"].startswith("HiGHS ")


def test_exchanged_question_is_named(published):
    row = PaperItem.objects.filter(paper__exam=published, paper__number=2, position=4).get()
    held = PaperItem.objects.filter(paper=row.paper).values("version")
    other = PaperItem.objects.filter(paper__exam=published).exclude(version__in=held).first()
    before = row.version_id
    PaperItem.objects.filter(pk=row.pk).update(version=other.version_id)
    expected = f"paper 2, question version at position 4: {other.version_id} is stored, {before} was rebuilt"
    assert replay(published).difference == expected
    assert replay(published, number=1).difference == ""
    with pytest.raises(CommandError, match="1 do not agree"):
        said(published.pk)


@pytest.mark.parametrize(
    ("change", "what"),
    [({"seed": 9}, "seed"), ({"family": 7}, "family"), ({"difficulty": Decimal("1.5")}, "difficulty"),
     ({"total_points": Decimal(99)}, "total points")],
)  # fmt: skip
def test_every_changed_column_is_named(published, change, what):
    published.papers.filter(number=3).update(**change)
    assert replay(published).difference.startswith(f"paper 3, {what}: ")


def test_changed_points_and_lost_question_are_named(published):
    items = PaperItem.objects.filter(paper__exam=published, paper__number=1)
    items.filter(position=2).update(points=Decimal("2.5"))
    assert replay(published).difference == "paper 1, points at position 2: 2.50 is stored, 2.00 was rebuilt"
    items.filter(position=6).delete()
    assert replay(published).difference == "paper 1, number of questions: 5 is stored, 6 was rebuilt"


def test_another_solver_is_named_for_parallel_papers(published):
    request = published.assembly.request | {"solver": "HiGHS 1.0.0 (abc)"}
    Assembly.objects.update(request=request)
    first = said(published.pk)[0]
    assert first.startswith(f"exam {published.pk}: made with HiGHS 1.0.0 (abc), rebuilt with HiGHS ") == (
        published.method == AssemblyMethod.PARALLEL
    )


def test_what_cannot_be_replayed_says_why(rules):
    exam = draft_exam()
    with pytest.raises(CommandError):
        said(exam.pk)
    for arguments in ((), (exam.pk + 1,)):
        with pytest.raises(CommandError):
            said(*arguments)


# Drawn by the first version of this program: what it stored, and what it made of it.
OLD_POOL = [[n, ["single", "multiple"][n % 3 == 0], n % 4, int(n % 5 < 2), f"e{n % 7}" if n % 6 == 0 else ""]
            for n in range(1, 61)]  # fmt: skip
OLD_SECTIONS = [["single", 6, "2.5", [1, 2]], ["single", 4, "2", []], ["multiple", 5, "3", []]]
OLD_PAPERS = [
    (7753661713734736173, [50, 2, 46, 1, 13, 37, 31, 20, 56, 44, 6, 42, 39, 36, 21]),
    (7287892408478244179, [17, 25, 10, 22, 38, 53, 35, 28, 55, 4, 27, 30, 54, 60, 3]),
    (823946298164345936, [26, 5, 29, 49, 41, 14, 32, 7, 40, 16, 51, 15, 12, 45, 24]),
    (7726251715572897737, [10, 13, 5, 58, 22, 34, 11, 20, 23, 55, 18, 48, 57, 30, 33]),
]


def test_papers_of_the_first_version_are_still_rebuilt(topic):
    versions = {place: version.pk for place, version in enumerate(pool_of(60, topic=topic), start=1)}
    exam = draft_exam()
    points = [Decimal("2.5")] * 6 + [Decimal(2)] * 4 + [Decimal(3)] * 5
    for number, (seed, held) in enumerate(OLD_PAPERS, start=1):
        paper = PaperFactory(exam=exam, number=number, seed=seed, total_points=sum(points))
        for position, (place, worth) in enumerate(zip(held, points, strict=True), start=1):
            PaperItemFactory(paper=paper, position=position, version_id=versions[place], points=worth)
    request = {
        "sections": OLD_SECTIONS,
        "pool": [[versions[place], *rest] for place, *rest in OLD_POOL],
        "min_criterion_percent": "30",
        "paper_count": 4,
        "seed": 987654321,
    }
    Assembly.objects.create(exam=exam, method="draw-1", request=request, assembled_at=NOW)
    assert replay(exam).difference == ""


def test_what_is_stored_of_a_spec_is_plain_and_small():
    spec = PaperSpec((SectionSpec("single", 1, Decimal(2)),), (Candidate(5, "single", 1, True),), Decimal(30), 1, 9)
    assert spec_data(spec)["pool"] == [[5, "single", 1, 1, "", 3000, []]]
