"""Random worlds: distributions inverted over a Latin hypercube or a Sobol sequence, correlated by rank."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from planner.analysis.asked.draws import Correlation, Draws, Variable
from planner.analysis.line import Line, line_of
from planner.errors import InputError, Place, nearest
from planner.io.yaml import Document, YamlPath

if TYPE_CHECKING:
    import numpy as np

type Inverse = Callable[[float], Any]
"""Share of the distribution to value."""
type Band = Callable[[str], tuple[Any, Any, Any]]
"""Ledger key to low, mid and high, each as it is written."""


def sample(asked: Draws, document: Document, at: YamlPath, band: Band) -> list[dict[str, Any]]:
    """Value by variable of every draw. Raises InputError for impossible bounds and correlations."""
    names = [variable.id for variable in asked.variables]
    inverses = [
        inverse(variable, document.place((*at, "variables", n)), band) for n, variable in enumerate(asked.variables)
    ]
    shares = _correlated(_cube(asked), _matrix(names, asked.correlations, document, at))
    return [
        {name: f(float(u)) for name, f, u in zip(names, inverses, row, strict=True)} for row in shares[: asked.runs]
    ]


def inverse(variable: Variable, place: Place, band: Band) -> Inverse:
    """Share in (0, 1) to value of a variable. Raises InputError for impossible bounds."""
    if variable.discrete is not None:
        return _discrete(variable.discrete.values, variable.discrete.weights, place)
    if variable.fact is not None:
        low, mid, high = band(variable.path or variable.factor or "")
        line = line_of(place, low, mid, high)
        mode = mid if variable.fact == "triangular" else None
        return _bounded(line, low, high, mode, place)
    for spread, mode in ((variable.uniform, None), (variable.triangular, variable.triangular)):
        if spread is not None:
            _asked(spread, ("low", "high", "mode") if mode else ("low", "high"), place)
            line = line_of(place, spread.low, spread.high, spread.mode)
            return _bounded(line, spread.low, spread.high, spread.mode if mode else None, place)
    if variable.normal is not None:
        _asked(variable.normal, ("mean", "sd"), place, may=("low", "high"))
        given = variable.normal
        line = line_of(place, given.mean, given.sd, given.low, given.high)
        return _cut("normal", line, line.read(given.mean), line.read(given.sd), given.low, given.high, place)
    assert variable.lognormal is not None
    _asked(variable.lognormal, ("median", "sigma"), place, may=("low", "high"))
    given = variable.lognormal
    line = line_of(place, given.median, given.low, given.high)
    return _cut("lognormal", line, line.read(given.median), given.sigma or 0.0, given.low, given.high, place)


def _asked(spread: Any, need: tuple[str, ...], place: Place, may: tuple[str, ...] = ()) -> None:
    given = {name for name in type(spread).model_fields if getattr(spread, name) is not None}
    if missing := sorted(set(need) - given):
        raise InputError.of("distribution", f"this distribution needs {' and '.join(missing)}", None, place)
    if unused := sorted(given - set(need) - set(may)):
        hint = f"it takes {', '.join((*need, *may))}"
        raise InputError.of("distribution", f"this distribution has no {' or '.join(unused)}", hint, place)


def _bounded(line: Line, low: Any, high: Any, mode: Any, place: Place) -> Inverse:
    """Uniform, or triangular with a mode; its inverse is a closed form."""
    a, b = line.read(low), line.read(high)
    if not a < b:
        raise _impossible(f"low ({low}) must be below high ({high})", place)
    if mode is None:
        return lambda u: line.write(a + (b - a) * u)
    c = line.read(mode)
    if not a <= c <= b:
        raise _impossible(f"the mode ({mode}) must lie between low ({low}) and high ({high})", place)
    split = (c - a) / (b - a)

    def triangular(u: float) -> Any:
        if u < split:
            return line.write(a + ((b - a) * (c - a) * u) ** 0.5)
        return line.write(b - ((b - a) * (b - c) * (1.0 - u)) ** 0.5)

    return triangular


def _cut(kind: str, line: Line, centre: float, width: float, low: Any, high: Any, place: Place) -> Inverse:
    """Normal or lognormal, cut at its bounds: the share is stretched over what lies between them."""
    from math import exp, log

    from scipy.stats import norm

    if not width > 0:
        raise _impossible("the standard deviation must be above zero", place)
    if kind == "lognormal" and not centre > 0:
        raise _impossible("the median of a lognormal must be above zero", place)
    ends = [None if end is None else line.read(end) for end in (low, high)]
    if ends[0] is not None and ends[1] is not None and not ends[0] < ends[1]:
        raise _impossible(f"low ({low}) must be below high ({high})", place)

    def share(value: float) -> float:
        if kind == "normal":
            return float(norm.cdf((value - centre) / width))
        return float(norm.cdf(log(value / centre) / width)) if value > 0 else 0.0

    first = 0.0 if ends[0] is None else share(ends[0])
    last = 1.0 if ends[1] is None else share(ends[1])
    if last - first < 1e-12:
        raise _impossible("nothing of this distribution lies between its bounds", place)

    def value(u: float) -> Any:
        deviation = float(norm.ppf(first + (last - first) * u)) * width
        return line.write(centre + deviation if kind == "normal" else centre * exp(deviation))

    return value


def _discrete(values: Sequence[Any], weights: Sequence[float] | None, place: Place) -> Inverse:
    shares = list(weights) if weights is not None else [1.0] * len(values)
    if len(shares) != len(values):
        raise _impossible(f"{len(values)} values have {len(shares)} weights", place)
    if min(shares) < 0 or sum(shares) <= 0:
        raise _impossible("weights must not be negative, and not all zero", place)
    ends = list(accumulate(weight / sum(shares) for weight in shares))
    last = max(n for n, weight in enumerate(shares) if weight > 0)
    return lambda u: values[min(bisect_right(ends, u), last)]


def _impossible(message: str, place: Place) -> InputError:
    return InputError.of("distribution", f"impossible distribution: {message}", None, place)


def _cube(asked: Draws) -> "np.ndarray":
    """Points in the unit cube, one row a draw; within (0, 1)."""
    import numpy as np
    from scipy.stats import qmc

    count = len(asked.variables)
    rng = np.random.default_rng(asked.seed)
    if asked.sample == "random":
        points = rng.random((asked.runs, count))
    elif asked.sample == "sobol":
        power = max(0, (asked.runs - 1).bit_length())
        points = qmc.Sobol(count, rng=rng).random_base2(power)
    else:
        points = qmc.LatinHypercube(count, rng=rng).random(asked.runs)
    return np.clip(points, 1e-12, 1.0 - 1e-12)


def _matrix(
    names: list[str], correlations: Sequence[Correlation], document: Document, at: YamlPath
) -> "np.ndarray | None":
    """Pearson correlations of the normal scores that give the rank correlations wanted: 2 sin(pi rank / 6)."""
    import numpy as np

    if not correlations:
        return None
    matrix = np.eye(len(names))
    for n, correlation in enumerate(correlations):
        where = (*at, "correlations", n, "between")
        for name in correlation.between:
            if name not in names:
                close = nearest(name, names)
                hint = f"did you mean {close!r}?" if close else f"variables: {', '.join(names)}"
                message = f"there is no variable {name!r}"
                raise InputError.of("unknown-name", message, hint, document.place(where))
        i, j = (names.index(name) for name in correlation.between)
        if i == j:
            raise InputError.of("correlation", "a variable is correlated with itself", None, document.place(where))
        matrix[i, j] = matrix[j, i] = 2.0 * np.sin(np.pi * correlation.rank / 6.0)
    if np.linalg.eigvalsh(matrix)[0] < 1e-9:
        message = "these correlations contradict one another"
        hint = "lower some of them: their matrix must be positive definite"
        raise InputError.of("correlation", message, hint, document.place((*at, "correlations")))
    return matrix


def _correlated(points: "np.ndarray", matrix: "np.ndarray | None") -> "np.ndarray":
    """The same marginal points in an order that has the correlations wanted (Iman and Conover, 1982).

    The scores of each column are mixed so that their sample correlation is the matrix exactly; then each column's
    points are put into the order of its mixed scores, so that stratification survives.
    """
    import numpy as np
    from scipy.stats import norm, rankdata

    if matrix is None or len(points) < 3:
        return points
    scores = norm.ppf(points)
    own = np.corrcoef(scores, rowvar=False)
    if np.linalg.eigvalsh(own)[0] < 1e-9:  # fewer draws than variables: nothing to mix exactly
        own = np.eye(len(matrix))
    mixed = scores @ np.linalg.inv(np.linalg.cholesky(own)).T @ np.linalg.cholesky(matrix).T
    columns = []
    for k in range(points.shape[1]):
        order = rankdata(mixed[:, k], method="ordinal").astype(int) - 1
        columns.append(np.sort(points[:, k])[order])
    return np.stack(columns, axis=1)
