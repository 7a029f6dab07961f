"""A plan: what was decided, what it is proved to be worth, where every number came from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from planner.errors import Diagnostic
from planner.plan import accounts, records
from planner.plan.binding import Limit, limit_records
from planner.plan.capacity import expansion_records
from planner.plan.cash import CashFlow, cash_flows
from planner.plan.decisions import Decisions
from planner.plan.entry import Duals
from planner.plan.metrics import metric_records
from planner.plan.output import At, Output, outputs, with_effect
from planner.plan.pending import pending_records
from planner.plan.rentals import rental_records
from planner.plan.stores import stock_records
from planner.plan.trajectory import Trajectory, trajectory
from planner.plan.wiring import network_records
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.rows.excluded import Excluded
from planner.problem.soundness import warnings, wide

if TYPE_CHECKING:
    from pandas import DataFrame

    from planner.scenario.model import Scenario

SCHEMA_VERSION = 1
"""Version of the plan's JSON; minor additions keep it."""

Status = Literal["optimal", "time_limit", "interrupted"]
"""optimal: proved within the requested gap; time_limit, interrupted: the best plan so far, with its gap."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One goal of the plan, in order of importance; the last is always cost."""

    name: str
    """cost, throughput, completion, energy, carbon, concentration, shortage."""
    value: float
    """What the plan comes to, recomputed by the independent check."""
    bound: float | None
    """What no plan of this program betters that keeps the goals before it; None: not searched for want of time."""
    gap: float | None
    """|value - bound| / |value|; where later goals may worsen it, their tolerance is in it."""
    unit: str
    """Currency, PFLOP/s, days, MWh, t, share."""
    tolerance: float
    """Share of its value by which later goals may worsen it."""
    status: str
    """optimal, time_limit, interrupted."""


@dataclass(frozen=True, slots=True)
class World:
    """The same scenario under other rules, solved: what it costs and what changed."""

    id: str
    """Its id in the scenario."""
    title: str
    """What it asks, in words."""
    without: tuple[str, ...]
    """Rule ids or jurisdictions left out."""
    status: str
    """As of a plan; none when there is no plan."""
    objective: float | None
    """Net present cost."""
    bound: float | None
    """Proved lower bound of it."""
    gap: float | None
    """|objective - bound| / |objective|."""
    verified: bool
    """Whether the independent check agreed."""
    difference: float | None
    """Its cost less the plan's; negative: the rules cost that much."""
    accelerators: Mapping[str, int]
    """Accelerators bought, by kind."""
    accepted_orders: tuple[str, ...]
    """Pending orders that are taken on delivery there."""
    peak_mw: float | None
    """Largest grid power of all sites in one period, MW."""
    goals: Mapping[str, float] = field(default_factory=dict)
    """What it comes to in each goal of the scenario, cost apart."""
    explanation: str = ""
    """Why there is no difference that can be told from zero, or no plan."""
    cash: tuple[tuple[str, int, str, float], ...] = ()
    """Its cash flow: line, index of the period, start, mid or end of it, nominal amount (paid out is negative)."""


@dataclass(frozen=True)
class Plan:
    """A verified answer to a scenario. Money in the scenario's currency; tables through `frames()` or `tables`."""

    case: Case
    problem: Problem
    decisions: Decisions
    status: Status
    objective: float
    """Net present cost, whatever is sought."""
    bound: float
    """Proved lower bound of the net present cost, among the plans that keep the goals before it."""
    gap: float
    """|objective - bound| / |objective|."""
    verified: bool
    """Whether the independent check recomputed every limit and the cost and agreed."""
    limits: tuple[Limit, ...]
    solver: Mapping[str, Any]
    duals: Duals
    """Duals of the linear relaxation by constraint, item, site and period."""
    columns: Mapping[str, float]
    """The solver's columns by name, a start for programs that allow more."""
    worlds: tuple[World, ...] = ()
    stages: tuple[Stage, ...] = ()
    """What was sought, in order of importance."""

    @property
    def only_cost(self) -> bool:
        """Whether least cost alone was sought: differences in cost then tell everything."""
        return len(self.stages) <= 1

    @property
    def scenario(self) -> "Scenario":
        """The scenario it answers."""
        return self.case.scenario

    @property
    def currency(self) -> str:
        """Currency of all its money."""
        return self.problem.currency

    @cached_property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What in the scenario is rarely meant, and a program of wide range, less what it silences."""
        return (*warnings(self.case, self.problem), *wide(self.case, *self.solver.get("matrix_range", (1.0, 1.0))))

    @property
    def currencies(self) -> tuple[str, str | None]:
        """The plan's currency, and the one it reports in besides."""
        return self.currency, self.scenario.finance.reported_in()

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Possibilities that were left out, each with its reason."""
        return self.problem.excluded

    @cached_property
    def track(self) -> Trajectory:
        """Fleet by cell and period."""
        return trajectory(self.problem, self.decisions)

    @cached_property
    def work(self) -> Mapping[At, Output]:
        """Work done by period, site, hall and system."""
        return outputs(self.case, self.problem, self.decisions)

    @cached_property
    def flows(self) -> tuple[CashFlow, ...]:
        """All dated cash flows."""
        return cash_flows(self.problem, self.decisions, self.track)

    @cached_property
    def tables(self) -> dict[str, records.Records]:
        """Every table as a list of records; columns are documented in docs/columns.md."""
        case, problem, decisions = self.case, self.problem, self.decisions
        return {
            "objectives": records.objectives(self.stages),
            "builds": accounts.builds(case, problem, decisions),
            "installs": records.installs(problem, decisions),
            "lots": accounts.lot_records(problem, decisions),
            "fleet": records.fleet(case, problem, self.track, self.work),
            "sites": records.sites(case, problem, decisions, self.track),
            "expansions": expansion_records(problem, decisions),
            "pending": pending_records(case, decisions),
            "rentals": rental_records(case, problem, decisions),
            "stock": stock_records(problem, decisions, self.track),
            "networks": network_records(problem, decisions),
            "jobs": records.jobs(problem, decisions),
            "targets": with_effect(case, problem, decisions, records.targets(problem, decisions)),
            "cashflow": accounts.cashflow(case, problem, self.flows),
            "constraints": limit_records(self.limits, problem),
            "metrics": metric_records(self),
            "inputs": self.case.ledger.rows(),
        }

    def frames(self) -> "dict[str, DataFrame]":
        """Every table as a tidy pandas DataFrame (one fact a row, no multi-index, a `scenario` column first).

        `frames()["cashflow"]`: the sum of amount times discount_factor is minus the objective.
        """
        from planner.plan.frames import frame

        return {name: frame(name, rows, self.scenario) for name, rows in self.tables.items()}

    def to_json(self) -> dict[str, Any]:
        """The plan as plain data, versioned; `planner verify` reads it back."""
        from planner.plan.save import to_json

        return to_json(self)


def excluded_records(entries: tuple[Excluded, ...]) -> records.Records:
    """Excluded possibilities as records."""
    return [asdict(entry) for entry in entries]
