"""Mixed-integer programs, solved by HiGHS the same way every time (pure).

highspy and not `scipy.optimize.milp`: scipy passes neither the random seed nor the number of threads, which
reproducible papers need, and does not say which HiGHS it carries, which a stored assembly must record.
One thread, a given seed, limits on nodes and gap but never on time: the same program gives the same values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

INFINITY = float("inf")
MANY = 2**31 - 1


@dataclass(slots=True)
class Program:
    """Minimise the costs: columns with bounds, rows with bounds. Columns and rows are numbered from 0."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def add_column(self, *, cost: float = 0.0, lower: float = 0.0, upper: float = INFINITY, whole: bool = False) -> int:
        """A variable; returns its number."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def add_row(self, terms: Iterable[tuple[int, float]], *, lower: float = -INFINITY, upper: float = INFINITY) -> None:
        """A sum of factor × variable between bounds."""
        for column, factor in terms:
            self.columns.append(column)
            self.factors.append(factor)
        self.starts.append(len(self.columns))
        self.row_lower.append(lower)
        self.row_upper.append(upper)


@dataclass(frozen=True, slots=True)
class Solution:
    """`values` is empty when none was found; `proven`: nothing better (or nothing at all) exists within the gap."""

    values: Sequence[float]
    objective: float
    proven: bool

    @property
    def found(self) -> bool:
        """Whether there are values."""
        return len(self.values) > 0


class Quiet(highspy.Highs):
    """HiGHS without callbacks into Python, which cost time and print a banner."""

    def enableCallbacks(self) -> None:  # noqa: N802 — the name is highspy's
        """None."""


def solver_name() -> str:
    """Name and version of what solves: part of what papers depend on."""
    highs = Quiet()
    return f"HiGHS {highs.version()} ({highs.githash()})"


def solve(
    program: Program,
    *,
    seed: int = 0,
    gap: float = 0.0,
    slack: float = 1e-6,
    nodes: int = MANY,
) -> Solution:
    """The values with the least cost, to within a relative `gap` or an absolute `slack`.

    `nodes` limits branch and bound.
    """
    highs = Quiet()
    for name, value in {
        "output_flag": False, "threads": 1, "parallel": "off", "random_seed": seed % MANY,
        "mip_rel_gap": gap, "mip_abs_gap": slack, "mip_max_nodes": nodes,
    }.items():  # fmt: skip
        highs.setOptionValue(name, value)
    highs.passModel(model_of(program))
    highs.run()
    status = highs.getModelStatus()
    info = highs.getInfo()
    has_values = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = list(highs.getSolution().col_value) if has_values else []
    objective = info.objective_function_value if has_values else INFINITY
    kinds = highspy.HighsModelStatus
    return Solution(values, objective, proven=status in (kinds.kOptimal, kinds.kInfeasible))


def model_of(program: Program) -> highspy.HighsLp:
    """The program as HiGHS takes it."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
    lp.col_cost_ = np.array(program.cost)
    lp.col_lower_, lp.col_upper_ = np.array(program.lower), np.array(program.upper)
    lp.row_lower_, lp.row_upper_ = np.array(program.row_lower), np.array(program.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = np.array(program.starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(program.columns, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(program.factors)
    if any(program.whole):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in program.whole]
    return lp
