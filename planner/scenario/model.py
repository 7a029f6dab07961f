"""The scenario: what a planner asks. Frozen; a what-if is a new scenario, never a mutation.

Every quantity is written with its unit in YAML (`40 MW`, `0.35 CNY/kWh`, `2 quarters`) and held as a
float in the base unit of `planner.units`; money keeps its currency until `planner.costs` converts it.
Each part has a file beside this one; their names can all be had from here.
"""

from datetime import date
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from planner.io.models import StrictModel, refuse
from planner.io.yaml import Document
from planner.scenario.apart import Apart
from planner.scenario.attrition import Attrition
from planner.scenario.common import Level, Name, Schedule
from planner.scenario.floors import ComputeFloor
from planner.scenario.goals import Caps, Goal, Objective, goals
from planner.scenario.installation import Installation
from planner.scenario.limits import Limits
from planner.scenario.market import Allocation, Candidates, Part, PendingOrder, Supply
from planner.scenario.mixed import MixedRuns
from planner.scenario.money import Budget, Finance
from planner.scenario.periods import Calendar, Period, PeriodLabel, Step, calendar, calendar_of, label_end, label_start
from planner.scenario.porting import Porting
from planner.scenario.power import PowerSettings
from planner.scenario.quotas import Quota, Scope, Terms
from planner.scenario.relocation import Relocation
from planner.scenario.rent import RentOffer
from planner.scenario.rules import Counterfactual, License, PolicySettings
from planner.scenario.sites import Hall, Installed, Site
from planner.scenario.warehouse import Stocked, Warehouse
from planner.scenario.workloads import ContinuousTraining, RecipeSpec, TrainingRun, Workload
from planner.units import Duration, Fraction

__all__ = [
    "Allocation",
    "Apart",
    "Attrition",
    "Budget",
    "Candidates",
    "Caps",
    "ComputeFloor",
    "ContinuousTraining",
    "Counterfactual",
    "Finance",
    "Hall",
    "Horizon",
    "Installation",
    "Installed",
    "Level",
    "License",
    "Limits",
    "MixedRuns",
    "Name",
    "Part",
    "PendingOrder",
    "PolicySettings",
    "Porting",
    "PowerSettings",
    "Quota",
    "RecipeSpec",
    "Relocation",
    "RentOffer",
    "Scenario",
    "Schedule",
    "Scope",
    "Site",
    "Solver",
    "Stocked",
    "Supply",
    "Terms",
    "TrainingRun",
    "Warehouse",
    "Workload",
]


class Horizon(StrictModel):
    """First and last period of the plan and their kind, or its periods one by one."""

    start: PeriodLabel
    """First period; may be left out where `periods` says it."""
    end: PeriodLabel
    """Last period; the same."""
    step: Step = "quarter"
    """Kind of all its periods."""
    periods: tuple[PeriodLabel, ...] | None = None
    """Periods of mixed length instead, each where the one before ends: `[2026-01, 2026-02, 2026-03, 2026-Q2, 2027]`."""

    @model_validator(mode="before")
    @classmethod
    def _ends(cls, data: Any) -> Any:
        """The first and the last of the periods that are written out."""
        listed = data.get("periods") if isinstance(data, dict) else None
        return {"start": listed[0], "end": listed[-1]} | data if isinstance(listed, list | tuple) and listed else data

    @model_validator(mode="after")
    def _in_a_row(self) -> "Horizon":
        if self.periods is None:
            return self
        if "step" in self.model_fields_set:
            raise refuse("a horizon has either a `step` or `periods` one by one", "keep one of the two")
        if (self.start, self.end) != (self.periods[0], self.periods[-1]):
            told = f"{self.periods[0]} to {self.periods[-1]}"
            raise refuse(
                f"start and end ({self.start} to {self.end}) are not those of the periods, {told}", "leave them out"
            )
        for n, (one, after) in enumerate(pairwise(self.periods), start=1):
            if label_end(one) != label_start(after):
                message = f"{after} does not begin where {one} ends, on {label_end(one).isoformat()}"
                raise refuse(message, "periods follow each other without gap or overlap", at=("periods", n))
        return self

    @model_validator(mode="after")
    def _ordered(self) -> "Horizon":
        if label_start(self.end) < label_start(self.start):
            raise ValueError(f"the horizon ends ({self.end}) before it starts ({self.start})")
        return self


class Solver(StrictModel):
    """When to stop."""

    gap: Fraction = 0.005
    """Proved relative gap at which a plan is good enough."""
    time_limit: Duration | None = 1 / 12
    """After which the best plan so far is taken, for each world; five minutes unless stated; null: no limit."""
    threads: int = Field(default=1, ge=1, le=256)
    """Threads of the solver itself; worlds are solved side by side besides."""
    merge: bool = True
    """Whether halls and sites that differ in nothing but their names are planned as one and shared out again."""


class Scenario(StrictModel):
    """Everything that is asked; see docs/schema.md."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    name: Name
    """Short name; every table carries it."""
    title: str | None = None
    """What it is about, in words."""
    catalog: tuple[str, ...] = ("builtin",)
    """Catalog folders, later ones overlay earlier; `builtin` is the shipped one."""
    values: Level = "mid"
    """Which of low, mid, high is used of every uncertain fact."""
    buyer: str
    """Profile of who buys: country, owner, tags that rules look at."""
    knowledge_date: date
    """Day on which the plan is made: rules announced later are not known to it."""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """Currency of the plan, ISO 4217 code."""
    horizon: Horizon
    """Periods of the plan."""
    finance: Finance
    """Discount rate, exchange rates, deposit."""
    sites: tuple[Site, ...] = Field(min_length=1)
    """Where systems can stand."""
    installed: tuple[Installed, ...] = ()
    """What stands there already."""
    orders: tuple[PendingOrder, ...] = ()
    """What has been ordered and not delivered."""
    attrition: Attrition | None = None
    """How many systems in service fail beyond repair; None: none."""
    stock: tuple[Stocked, ...] = ()
    """What has been delivered and stands nowhere yet."""
    warehouse: Warehouse | None = None
    """What keeping systems in store costs, and how many can be kept; None: nothing, and any number."""
    supply: Supply = Supply()
    """What the buyer can have."""
    systems: Candidates = Candidates()
    """What may be bought."""
    relocation: Relocation = Relocation()
    """Whether installed systems may move."""
    installation: Installation | None = None
    """How long a system takes to work once it is placed in service; None: no time."""
    rent: tuple[RentOffer, ...] = ()
    """What may be rented."""
    workloads: tuple[Workload, ...] = Field(min_length=1)
    """What is to be trained."""
    apart: tuple[Apart, ...] = ()
    """Work that must not share a hall or a site, for its security or its owners."""
    mixed_runs: tuple[MixedRuns, ...] = ()
    """Kinds of system that may do one coherent run, or one job of divisible work, together."""
    porting: Porting = Porting()
    """What ports of software take, besides time and money."""
    budget: Budget = Budget()
    """What may be spent."""
    power: PowerSettings = PowerSettings()
    """What draws power besides systems at work."""
    limits: Limits = Limits()
    """How much energy may be drawn, carbon emitted, and of what how much may be bought."""
    policy: PolicySettings = PolicySettings()
    """How rules are applied."""
    counterfactuals: tuple[Counterfactual, ...] = ()
    """Other worlds to price the rules by."""
    objective: Objective = "cost"
    """What is sought: cost, throughput, completion, energy, carbon, concentration or shortage; or a list of them in
    order of importance, each with the share by which later ones may worsen it: `[{cost: 1 %}, energy]`.
    """
    least_compute: tuple[ComputeFloor, ...] = ()
    """Compute that must be running at some sites or in a region."""
    caps: Caps = Caps()
    """What each of these may come to at most."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Own values for planning parameters of the catalog (by id), e.g. `{hardware-maintenance: 4 %/yr}`."""
    facts: dict[str, Any] = Field(default_factory=dict)
    """Own values for single facts of the catalog, by the key under which a plan lists them: a value, `low`, `mid` or
    `high` of its range, or a factor, e.g. `{systems.hgx-h20.price: x 0.5, assumptions.hardware-life: low}`; of a rule
    a field, e.g. `{policies.RULE.effective_from: 2027-01-01}`.
    """
    solver: Solver = Solver()
    """When the search ends."""
    silence: tuple[str, ...] = ()
    """Codes of warnings that are not shown (`planner validate` shows them)."""
    _document: Document | None = PrivateAttr(default=None)

    @property
    def document(self) -> Document | None:
        """The YAML it was read from, for the places of later complaints; None when made in Python."""
        return self._document

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What is sought in order, priorities of workloads first and cost last."""
        return goals(self.objective, (work.priority for work in self.workloads if work.priority is not None))

    @property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        horizon = self.horizon
        if horizon.periods is not None:
            return calendar_of(horizon.periods)
        return calendar(horizon.start, horizon.end, horizon.step)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the plan, in order."""
        return self.calendar.periods

    @property
    def supply_known_by(self) -> date | None:
        """The day by which a supply record must have been known to count; None: all of them count."""
        return self.knowledge_date if self.supply.hindsight == "deny" else None

    def replace(self, **changes: Any) -> "Scenario":
        """A copy with some fields replaced."""
        return self.model_copy(update=changes)

    @property
    def runs(self) -> tuple[TrainingRun, ...]:
        """The coherent training runs."""
        return tuple(w for w in self.workloads if isinstance(w, TrainingRun))

    @property
    def streams(self) -> tuple[ContinuousTraining, ...]:
        """The divisible workloads."""
        return tuple(w for w in self.workloads if isinstance(w, ContinuousTraining))
