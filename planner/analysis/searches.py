"""Searches whose next runs follow from answers: where a plan flips, and least cost under a moving limit."""

from dataclasses import dataclass
from typing import Any

from planner.analysis.answer import Answer
from planner.analysis.asked.searches import BreakEven, Frontier, Until
from planner.analysis.cases import Case, Kind
from planner.analysis.compare import bought_accelerators
from planner.analysis.line import Line, line_of
from planner.analysis.points import Point, Search, beaten, point_patch
from planner.analysis.questions import Sweep
from planner.errors import InputError
from planner.scenario.model import Scenario
from planner.units import Money

HUNDREDTH = 0.01
"""Share of the interval at which a search for a flip ends unless it says otherwise."""
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Flip:
    """Where a plan flips: between `low` and `high`, the nearest values tried on both sides."""

    study: str
    title: str
    path: str
    what: str
    start: Any
    end: Any
    at_start: str
    """What holds at the start of the interval."""
    at_end: str
    low: Any | None
    """Value nearest to the start's side at which the start's state still holds; None: no flip."""
    high: Any | None
    """Value next to it at which it does not."""
    runs: int
    note: str = ""


def flip(sweep: Sweep, n: int) -> Search[Flip]:
    """Halve the interval of a break-even until it is as narrow as asked."""
    asked = sweep.given.break_even[n]
    line = line_of(sweep.document.place(("break_even", n, "from")), asked.start, asked.end)
    a, b = line.read(asked.start), line.read(asked.end)
    width = _width(asked, line, abs(b - a))
    test = _Test(asked.until, sweep.scenario)
    first, last = yield [_case(sweep, n, asked, line.write(x), "break-even", "break_even") for x in (a, b)]
    at_start, at_end = test.state(first), test.state(last)
    title = asked.title or asked.id

    def found(low: Any, high: Any, runs: int, note: str = "") -> Flip:
        path = asked.path or f"{asked.factor} (factor)"
        return Flip(asked.id, title, path, test.what, asked.start, asked.end, at_start, at_end, low, high, runs, note)

    if at_start == at_end:
        return found(None, None, 2, f"{at_start} at both ends: no flip was looked for between them")
    runs = 2
    while abs(b - a) > width and runs < MOST_STEPS:
        middle = float(int((a + b) // 2)) if line.whole else (a + b) / 2.0
        if middle in (a, b):
            break
        (answer,) = yield [_case(sweep, n, asked, line.write(middle), "break-even", "break_even")]
        runs += 1
        if test.state(answer) == at_start:
            a = middle
        else:
            b = middle
    gap = max((answer.plan["gap"] for answer in (first, last) if answer.plan is not None), default=0.0)
    note = "" if gap < 1e-9 else f"plans are proved to {100 * gap:.2f} %: within that, they may flip for no reason"
    return found(line.write(a), line.write(b), runs, note)


def _width(asked: BreakEven, line: Line, span: float) -> float:
    if asked.tolerance is None:
        return 1.0 if line.whole else span * HUNDREDTH
    if line.whole:
        return max(1.0, float(asked.tolerance))
    return max(line.read(asked.tolerance), span * 1e-9)


def frontier(sweep: Sweep, n: int) -> Search[tuple[Point, ...]]:
    """Least cost at every value of the limit, and what the metric is there."""
    asked = sweep.given.frontiers[n]
    line = line_of(sweep.document.place(("frontiers", n, "from")), asked.start, asked.end)
    values = line.spaced(asked.start, asked.end, asked.steps)
    answers = yield [_case(sweep, n, asked, value, "frontier", "frontiers") for value in values]
    metric = asked.metric or ""
    found = [(answer.objective, answer.metric(metric)) for answer in answers]
    known = [answer.plan for answer in answers if answer.plan is not None]
    if known and all(value is None for _, value in found):
        names = ", ".join(sorted(row["metric"] for row in known[0]["frames"]["metrics"]))
        place = sweep.document.place(("frontiers", n, "metric"))
        raise InputError.of("unknown-name", f"a plan has no metric {metric!r}", f"metrics: {names}", place)
    lost = beaten(found, (True, asked.better == "less"))
    return tuple(
        Point(
            asked.id,
            limit,
            answer.id,
            answer.status,
            cost,
            answer.bound,
            metric,
            value,
            dominated,
            "cost",
            cost,
            answer.bound,
        )
        for limit, answer, (cost, value), dominated in zip(values, answers, found, lost, strict=True)
    )


def _case(sweep: Sweep, n: int, asked: BreakEven | Frontier, value: Any, kind: Kind, section: str) -> Case:
    patch = point_patch(sweep.document, (section, n, "from"), asked.path, asked.factor, value)
    name = f"{asked.id}/{str(value).replace(' ', '').replace('/', 'per')}"
    title = f"{asked.id} at {value}"
    coordinates = {asked.id: value}
    return Case(name, title, kind, asked.id, sweep.scenario, (*sweep.on(asked.on), patch), coordinates)


class _Test:
    """What a search looks for, asked of one answer."""

    def __init__(self, until: Until, scenario: Scenario) -> None:
        self.until = until
        self.cost = None if until.cost is None else _amount(until.cost, scenario)
        name = next(name for name in type(until).model_fields if getattr(until, name) is not None)
        said = getattr(until, name)
        self.what = {"feasible": "whether there is a plan", "cost": f"cost above {said}"}.get(name, f"{name} {said}")

    def state(self, answer: Answer) -> str:
        """In words."""
        until, plan = self.until, answer.plan
        if until.feasible:
            return "no plan" if plan is None else "a plan"
        if plan is None:
            return "no plan"
        if self.cost is not None:
            return "above" if (answer.objective or 0.0) > self.cost else "within"
        if until.order is not None:
            taken = any(record["order_id"] == until.order for record in plan["decisions"]["accepted"])
            return "taken" if taken else "not taken"
        key = next(key for key in ("system", "accelerator", "vendor") if getattr(until, key) is not None)
        return "bought" if bought_accelerators(plan, key)[getattr(until, key)] > 0 else "not bought"


def _amount(cost: Any, scenario: Scenario) -> float:
    """A cost in the scenario's currency. Raises InputError."""
    from planner.costs.exchange import exchange

    return exchange(scenario).convert(Money.parse(cost))


def check_until(sweep: Sweep) -> None:
    """Names that searches look for must exist. Raises InputError at their places."""
    from planner.errors import Collector, nearest
    from planner.scenario.load import catalog_of

    catalog, faults = catalog_of(sweep.scenario), Collector()
    known = {
        "system": list(catalog.systems),
        "accelerator": list(catalog.accelerators),
        "vendor": list(catalog.vendors),
        "order": [order.id for order in sweep.scenario.orders],
    }
    for n, asked in enumerate(sweep.given.break_even):
        for key, names in known.items():
            name = getattr(asked.until, key)
            if name is not None and name not in names:
                close = nearest(name, names)
                hint = f"did you mean {close!r}?" if close else None
                place = sweep.document.place(("break_even", n, "until", key))
                faults.add("unknown-name", f"there is no {key} {name!r}", hint, place)
        if asked.until.cost is not None:
            try:
                _amount(asked.until.cost, sweep.scenario)
            except InputError as error:
                place = sweep.document.place(("break_even", n, "until", "cost"))
                for d in error.diagnostics:
                    faults.add(d.code, d.message, d.hint, place)
    faults.raise_if_any()
