"""The scenario: what a planner asks. Frozen; a what-if is a new scenario, never a mutation.

Every quantity is written with its unit in YAML (`40 MW`, `0.35 CNY/kWh`, `2 quarters`) and held as a
float in the base unit of `planner.units`; money keeps its currency until `planner.costs` converts it.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, PrivateAttr, Tag, model_validator

from planner.io.models import StrictModel, revive
from planner.io.yaml import Document
from planner.scenario.periods import Calendar, Period, PeriodLabel, Step, calendar, label_start
from planner.units import Duration, Fraction, Money, PerYear, Power, Tariff, TokenRate, Tokens

Level = Literal["low", "mid", "high"]
Name = Annotated[str, Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class Schedule[T](StrictModel):
    """A value that may step over time: one value, or `{2025-Q4: 20 MW, 2026-Q3: 40 MW}`, each holding
    until the next.
    """

    steps: dict[PeriodLabel, T]
    """Value from the start of each named period on; a single value is stored under year 1."""

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: Any) -> Any:
        if isinstance(data, dict) and "steps" not in data:
            return {"steps": data}
        return data if isinstance(data, dict) else {"steps": {"0001": data}}

    def at(self, period: Period) -> T | None:
        """Value in force at the start of `period`; None before the first step."""
        found = [(label_start(label), value) for label, value in self.steps.items()]
        held = [(start, value) for start, value in found if start <= period.start]
        return max(held, key=lambda pair: pair[0])[1] if held else None

    def __reduce__(self) -> tuple[Any, ...]:
        kind = type(self).__pydantic_generic_metadata__
        return revive, (kind["origin"] or type(self), kind["args"], self.__getstate__())


class Horizon(StrictModel):
    """First and last period of the plan and their kind."""

    start: PeriodLabel
    """First period."""
    end: PeriodLabel
    """Last period."""
    step: Step = "quarter"
    """Kind of all its periods."""

    @model_validator(mode="after")
    def _ordered(self) -> "Horizon":
        if label_start(self.end) < label_start(self.start):
            raise ValueError(f"the horizon ends ({self.end}) before it starts ({self.start})")
        return self


class Hall(StrictModel):
    """A place inside a site with one kind of cooling and its own limits."""

    id: Name
    """Its name within the site."""
    cooling: Literal["air", "liquid"]
    """What its plant cools by; systems that need the other kind cannot stand here."""
    it_power: Schedule[Power]
    """Power that its electrical and cooling plant can serve and remove as heat, kW of IT load."""
    rack_power: Power
    """Most power one rack position may draw, kW."""
    racks: int = Field(ge=0)
    """Rack positions."""
    max_cluster: int | None = Field(default=None, ge=1)
    """Reach of the hall's scale-out fabric: accelerators in one coherent cluster. None: what the systems'
    own fabric reaches.
    """
    pue: float | None = Field(default=None, ge=1.0, le=3.0)
    """Power usage effectiveness; None takes the region's for this cooling."""


class Site(StrictModel):
    """A campus with one grid contract and one or more halls."""

    id: Name
    """Its name in the plan."""
    region: str
    """Where it is: tariff, carbon factor and power usage effectiveness come from there unless stated here."""
    grid: Schedule[Power]
    """Contracted grid power, kW at the meter (IT load times PUE)."""
    halls: tuple[Hall, ...] = Field(min_length=1)
    """Its halls, one kind of cooling each."""
    name: str | None = None
    """Its full name, for people."""
    tariff: Tariff | None = None
    """Price of energy; None takes the region's."""
    state_funded: bool = False
    """Whether public money pays for it (some rules ask for it)."""
    is_new: bool = False
    """Whether it is under construction (some rules ask for it)."""
    completion: Fraction = 1.0
    """Share of the construction that is complete (some rules ask for it)."""
    site_class: str = "large"
    """Class of the site as policy rules name it (large, hyperscale, ...)."""
    note: str | None = None
    """Anything a reader should know."""


class Installed(StrictModel):
    """Systems already in service when the plan starts."""

    system: str
    """What stands there."""
    site: str
    """Site it stands at."""
    hall: str
    """Hall of that site."""
    count: int = Field(ge=0)
    """Systems of this kind and age."""
    since: PeriodLabel
    """Period in which they were placed in service (sets their age)."""


class PendingOrder(StrictModel):
    """An order placed before the plan starts and not yet delivered."""

    id: Name
    """Its name in the plan."""
    system: str
    """What was ordered."""
    count: int = Field(ge=1)
    """Systems ordered; taken on delivery all together or not at all."""
    placed: PeriodLabel
    """Period in which it was ordered."""
    due: PeriodLabel
    """Period at whose start it is delivered."""
    paid: Fraction = 0.0
    """Share of the price already paid (sunk); the rest falls due on delivery."""
    refund: Fraction | None = None
    """Share of what was paid that comes back on cancellation; None leaves it to the cancelling rule (else zero)."""
    price: Money | None = None
    """Price per system of this order; None takes the catalog's."""

    @property
    def placed_on(self) -> date:
        """First day of the period in which it was placed."""
        return label_start(self.placed)


class Allocation(StrictModel):
    """How many accelerators of one kind the buyer can have delivered per period."""

    accelerator: str
    """Which one; all systems that hold it draw on the same allocation."""
    share: Fraction | None = None
    """Share of the national supply in the catalog."""
    per_period: Schedule[int] | None = None
    """Accelerators per period, stated outright."""
    note: str | None = None
    """Where the figure comes from."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Allocation":
        if (self.share is None) == (self.per_period is None):
            raise ValueError("state either `share` (of national supply) or `per_period` (accelerators), not both")
        return self


class Supply(StrictModel):
    """What the buyer can have. Published figures are national; the scenario states the buyer's part of them."""

    share: Fraction | None = None
    """Share of national supply for accelerators without an allocation of their own; None: only what is allocated."""
    carry_over: bool = True
    """Whether allocation that is not called in one period may be called later."""
    scale: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    """Multiplier on the supply of an accelerator or family (what-ifs: `{huawei-ascend-910c: 0.5}`)."""
    choices: dict[str, str] = Field(default_factory=dict)
    """Which record of a conflict group of the catalog is believed: `{ascend-2026: ascend-2026-plan-sum}`."""
    allocations: tuple[Allocation, ...] = ()
    """The buyer's part by accelerator."""


class RecipeSpec(StrictModel):
    """How a model is trained."""

    sequence: int = Field(ge=1)
    """Tokens per sequence."""
    global_batch: int = Field(ge=1)
    """Sequences per optimizer step."""
    precision: Literal["bf16", "fp16", "fp8"] = "bf16"
    """Precision of the linear layers where the accelerator has it; else the next wider one, reported."""


class _Workload(StrictModel):
    id: Name
    """Its name in the plan."""
    model: str
    """Transformer of the catalog."""
    recipe: RecipeSpec
    """How it is trained."""
    family: str | None = None
    """Software family that has to be ported once per platform; None: a family of its own."""
    ported: tuple[str, ...] = ()
    """Platforms it already runs on."""
    platforms: tuple[str, ...] | None = None
    """Platforms that may be considered; None: all."""

    @property
    def software(self) -> str:
        """The software family (its own id by default)."""
        return self.family or self.id


class TrainingRun(_Workload):
    """One training run that has to live in a single coherent cluster and be done by a deadline."""

    kind: Literal["run"]
    """Says that it is such a run."""
    tokens: Tokens
    """Tokens to be trained on."""
    deadline: PeriodLabel
    """The run ends no later than the end of this period."""
    earliest: PeriodLabel | None = None
    """First period in which it may start."""
    sizes: tuple[Annotated[int, Field(ge=1)], ...] | None = None
    """Cluster sizes to consider, accelerators; None: a grid by powers of two."""
    missed: Money | None = None
    """Price of not doing it at all; None: it must be done."""


class ContinuousTraining(_Workload):
    """Training that is divisible into jobs of a useful size, with a throughput target per period."""

    kind: Literal["continuous"]
    """Says that it is divisible work."""
    target: Schedule[TokenRate]
    """Tokens per second to be sustained (after goodput), summed over the jobs."""
    least_job: int = Field(default=1, ge=1)
    """Least accelerators per job: smaller jobs are of no use."""
    shortfall: Money | None = None
    """Price per million tokens not trained; None: the target must be met."""


def _kind(data: Any) -> Any:
    """What a workload says it is. A function, since pydantic reads no field that has validators of its own."""
    return data.get("kind") if isinstance(data, dict) else getattr(data, "kind", None)


Workload = Annotated[
    Annotated[TrainingRun, Tag("run")] | Annotated[ContinuousTraining, Tag("continuous")], Discriminator(_kind)
]


class Candidates(StrictModel):
    """Which systems of the catalog may be bought; both empty: every system of an accelerator with supply."""

    include: tuple[str, ...] = ()
    """Only these; one that lacks a fact is then an error."""
    exclude: tuple[str, ...] = ()
    """Never these."""


class Budget(StrictModel):
    """Limits on cash paid out, in the scenario's currency (undiscounted)."""

    total: Money | None = None
    """Over the whole plan."""
    per_year: dict[PeriodLabel, Money] = Field(default_factory=dict)
    """By year, quarter or month; what is paid at a period's end belongs to that period."""


class Finance(StrictModel):
    """How money is counted."""

    discount_rate: PerYear
    """Nominal discount rate per year, effective."""
    fx: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """Units of the scenario's currency per unit of another: `{USD: 7.15}`."""
    deposit: Fraction = 0.3
    """Share of a system's price paid when it is ordered; the balance is paid on delivery."""


class License(StrictModel):
    """What the planner believes about a licence that a rule leaves open."""

    granted: bool
    """Whether it is granted."""
    delay: Duration = 0.0
    """Time it adds to the lead time."""
    note: str | None = None
    """Why that is believed."""


class PolicySettings(StrictModel):
    """How rules are applied."""

    assume_unknown: Literal["allow", "deny"] = "deny"
    """What an action is taken to be when a fact needed by a rule is unknown."""
    without: tuple[str, ...] = ()
    """Rule ids or jurisdictions (`CN`, `US`) left out."""
    activate: tuple[str, ...] = ()
    """Rules that are not in force (proposed, withdrawn) but taken as if they were."""
    licences: dict[str, License] = Field(default_factory=dict)
    """Outcome of licences by rule id."""
    rules: tuple[dict[str, Any], ...] = ()
    """Further rules, written as in catalogs/policies."""


class Counterfactual(StrictModel):
    """The same scenario under other rules, solved beside the plan to price them."""

    id: Name
    """Its name in the report."""
    title: str
    """What it asks, in words."""
    without: tuple[str, ...]
    """Rule ids or jurisdictions left out."""


class Solver(StrictModel):
    """When to stop."""

    gap: Fraction = 0.005
    """Proved relative gap at which a plan is good enough."""
    time_limit: Duration | None = 1 / 12
    """After which the best plan so far is taken, for each world; five minutes unless stated; null: no limit."""
    threads: int = Field(default=1, ge=1)
    """Threads of the solver itself; worlds are solved side by side besides."""


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
    supply: Supply = Supply()
    """What the buyer can have."""
    systems: Candidates = Candidates()
    """What may be bought."""
    workloads: tuple[Workload, ...] = Field(min_length=1)
    """What is to be trained."""
    budget: Budget = Budget()
    """What may be spent."""
    policy: PolicySettings = PolicySettings()
    """How rules are applied."""
    counterfactuals: tuple[Counterfactual, ...] = ()
    """Other worlds to price the rules by."""
    objective: Literal["cost"] = "cost"
    """What is sought: the least net present cost."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Own values for planning parameters of the catalog (by id), e.g. `{hardware-maintenance: 4 %/yr}`."""
    solver: Solver = Solver()
    """When the search ends."""
    _document: Document | None = PrivateAttr(default=None)

    @property
    def document(self) -> Document | None:
        """The YAML it was read from, for the places of later complaints; None when made in Python."""
        return self._document

    @property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        return calendar(self.horizon.start, self.horizon.end, self.horizon.step)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the plan, in order."""
        return self.calendar.periods

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
