"""Minimise a sum of squares under difference constraints: a small interior-point method. Pure.

The problem: find x that minimises the sum of `weight * (x_j - x_i - offset)^2 / 2` over its springs, plus a linear
term, so that `x_j - x_i >= least` for each of its gaps. It is convex, so a point at which the residuals of the
optimality conditions (Karush, Kuhn, Tucker) vanish is the global minimum; the method is Mehrotra's predictor and
corrector, and `solve` returns only what meets these conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

Vector = list[float]
Matrix = list[list[float]]

_STEPS = 60
_EXACT = 1e-7
"""Residuals at which a point is taken for the optimum (the problem's units are seconds)."""


class NoSolution(Exception):
    """The constraints contradict each other, or leave no room at all."""


@dataclass(frozen=True, slots=True)
class Spring:
    """The term `(end - start - offset)^2 / 2`. Variables are numbers from 0; None stands for the constant 0."""

    start: int | None
    end: int | None
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Gap:
    """The constraint `end - start >= least`. None stands for the constant 0."""

    start: int | None
    end: int | None
    least: float


def solve(size: int, springs: Sequence[Spring], linear: Sequence[float], gaps: Sequence[Gap]) -> Vector:
    """Return the `size` variables of the minimum. Raises `NoSolution`."""
    return _Solver(size, springs, linear, gaps).run()


class _Solver:
    def __init__(
        self, size: int, springs: Sequence[Spring], linear: Sequence[float], gaps: Sequence[Gap]
    ) -> None:
        self.size = size
        self.gaps = gaps
        self.hessian = [[1e-9 * (row == column) for column in range(size)] for row in range(size)]
        self.linear = list(linear)
        for spring in springs:
            _add(self.hessian, spring.start, spring.end, 1.0)
            _spread(self.linear, spring.start, spring.end, -spring.offset)
        self.x = [0.0] * size
        self.slack = [max(1.0, -gap.least) for gap in gaps]
        self.force = [1.0] * len(gaps)

    def run(self) -> Vector:
        """Step until the optimality conditions hold."""
        for _ in range(_STEPS):
            dual, primal = self._residuals()
            tension = sum(map(mul, self.slack, self.force)) / max(1, len(self.gaps))
            if max(map(abs, (*dual, *primal, tension)), default=0.0) < _EXACT:
                return self.x
            self._step(dual, primal, tension)
        raise NoSolution

    def _residuals(self) -> tuple[Vector, Vector]:
        dual = [
            sum(map(mul, row, self.x)) + term for row, term in zip(self.hessian, self.linear, strict=True)
        ]
        for gap, force in zip(self.gaps, self.force, strict=True):
            _spread(dual, gap.start, gap.end, -force)
        primal = [
            self._length(gap, self.x) - gap.least - slack
            for gap, slack in zip(self.gaps, self.slack, strict=True)
        ]
        return dual, primal

    def _step(self, dual: Vector, primal: Vector, tension: float) -> None:
        stiff = [row[:] for row in self.hessian]
        for gap, slack, force in zip(self.gaps, self.slack, self.force, strict=True):
            _add(stiff, gap.start, gap.end, force / slack)
        factor = _cholesky(stiff)
        products = [slack * force for slack, force in zip(self.slack, self.force, strict=True)]
        move, slacks, forces = self._direction(factor, dual, primal, products)
        reach = min(_reach(self.slack, slacks), _reach(self.force, forces))
        after = sum(
            (slack + reach * ds) * (force + reach * df)
            for slack, ds, force, df in zip(self.slack, slacks, self.force, forces, strict=True)
        ) / max(1, len(self.gaps))
        centre = (after / tension) ** 3 * tension if tension else 0.0
        products = [
            product + ds * df - centre for product, ds, df in zip(products, slacks, forces, strict=True)
        ]
        move, slacks, forces = self._direction(factor, dual, primal, products)
        reach = 0.99 * min(_reach(self.slack, slacks), _reach(self.force, forces))
        self.x = [value + reach * step for value, step in zip(self.x, move, strict=True)]
        self.slack = [value + reach * step for value, step in zip(self.slack, slacks, strict=True)]
        self.force = [value + reach * step for value, step in zip(self.force, forces, strict=True)]

    def _direction(
        self, factor: Matrix, dual: Vector, primal: Vector, products: Vector
    ) -> tuple[Vector, Vector, Vector]:
        """Return the Newton step of the variables, the slacks and the forces."""
        right = [-value for value in dual]
        for gap, slack, force, rest, product in zip(
            self.gaps, self.slack, self.force, primal, products, strict=True
        ):
            _spread(right, gap.start, gap.end, -(product + force * rest) / slack)
        move = _substitute(factor, right)
        slacks = [self._length(gap, move) + rest for gap, rest in zip(self.gaps, primal, strict=True)]
        forces = [
            -(product + force * ds) / slack
            for product, force, ds, slack in zip(products, self.force, slacks, self.slack, strict=True)
        ]
        return move, slacks, forces

    @staticmethod
    def _length(gap: Gap, x: Sequence[float]) -> float:
        end = 0.0 if gap.end is None else x[gap.end]
        return end if gap.start is None else end - x[gap.start]


def _reach(values: Vector, steps: Vector) -> float:
    """Return how far the step may go, at most 1, before a value turns negative."""
    return min((1.0, *(-value / step for value, step in zip(values, steps, strict=True) if step < 0)))


def _add(matrix: Matrix, start: int | None, end: int | None, weight: float) -> None:
    """Add `weight * (end - start)^2 / 2` to the quadratic form."""
    for variable in (start, end):
        if variable is not None:
            matrix[variable][variable] += weight
    if start is not None and end is not None:
        matrix[start][end] -= weight
        matrix[end][start] -= weight


def _spread(vector: Vector, start: int | None, end: int | None, value: float) -> None:
    """Add the gradient of `value * (end - start)`."""
    if end is not None:
        vector[end] += value
    if start is not None:
        vector[start] -= value


def _cholesky(matrix: Matrix) -> Matrix:
    """Return the lower triangle whose product with its transpose is `matrix`."""
    lower: Matrix = []
    for number, row in enumerate(matrix):
        mine: Vector = []
        for column in range(number):
            other = lower[column]
            mine.append((row[column] - sum(map(mul, mine, other))) / other[column])
        rest = row[number] - sum(map(mul, mine, mine))
        if rest <= 0:
            raise NoSolution
        mine.append(rest**0.5)
        lower.append(mine)
    return lower


def _substitute(lower: Matrix, right: Vector) -> Vector:
    """Solve for the product of `lower` and its transpose."""
    half: Vector = []
    for number, row in enumerate(lower):
        half.append((right[number] - sum(map(mul, row, half))) / row[number])
    result = [0.0] * len(half)
    for number in reversed(range(len(half))):
        below = sum(lower[row][number] * result[row] for row in range(number + 1, len(half)))
        result[number] = (half[number] - below) / lower[number][number]
    return result
