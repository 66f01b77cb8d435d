"""From a spec to its papers by the method that it names (pure).

`assemble(spec)` depends on `spec` alone (and, for parallel papers, on the version of the solver): the same spec
gives the same papers on any machine. `exams.papers.spec` says what a spec is, `exams.papers.stock` what it lacks.
"""

from collections.abc import Callable

from exams.papers.draw import draw_papers
from exams.papers.families import split
from exams.papers.parallel import parallel_papers
from exams.papers.spec import AssembledItem, AssembledPaper, Impossible, PaperSpec, paper_seed
from exams.papers.stock import shortfalls

Told = Callable[[int, int], object]


def assemble(spec: PaperSpec, *, progress: Told | None = None) -> list[AssembledPaper]:
    """All papers by number; raises Impossible with what is lacking. `progress(done, total)` is told each paper."""
    told = progress or (lambda done, total: None)
    if spec.method == "fixed":
        return [fixed_paper(spec)]
    try:
        if spec.method == "draw":
            return draw_papers(spec, split(spec), told)
        return parallel_papers(spec, told)
    except Impossible as problem:
        raise Impossible(shortfalls(spec) or problem.shortfalls) from problem


def fixed_paper(spec: PaperSpec) -> AssembledPaper:
    """The questions in the order in which they were chosen."""
    items = tuple(
        AssembledItem(candidate.version_id, place, section.points)
        for place, (section, candidate) in enumerate(zip(spec.sections, spec.pool, strict=True))
    )
    return AssembledPaper(1, paper_seed(spec.seed, 1), items, 0, sum(c.difficulty for c in spec.pool))
