"""What the check has to know of the world besides the scenario, as plain numbers behind one small interface.

`planner.plan.verify.adapter` answers from a catalog; tests answer by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from planner.policy.effect import Action
from planner.policy.permissions import Obligation
from planner.scenario.model import Hall, Scope, Site, Workload
from planner.scenario.network import NetworkOffer
from planner.scenario.periods import Period
from planner.units import Money


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A system as it is bought: g accelerators of one kind with their host."""

    id: str
    accelerator: str
    family: str
    """Family of the accelerator (`supply.scale` may name it)."""
    platform: str
    accelerators: int
    server: bool
    """Whether its scale-out network is bought beside it."""
    power: float
    """kW of the whole system."""
    racks: float
    """Rack positions; below 1, servers share a rack."""
    cooling: str
    """air, liquid or either."""
    price: Money
    lead_time: float
    """Hours from order to delivery."""
    released: date | None
    """Later of the system's and its accelerator's release; None: not known."""
    reach: int | None
    """Most accelerators in one coherent cluster by the system's own limit and its fabric's; None: not known."""
    compute: float = 0.0
    """Dense BF16 TFLOP/s per accelerator; 0: none."""
    components: Mapping[str, float] = field(default_factory=dict)
    """Parts per system."""
    vendor: str = ""
    domestic: bool = False
    """Whether its accelerator is designed in the buyer's country."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """A network that a hall may buy."""

    reach: int
    """Most accelerators of one job."""
    cost: Money
    """Per accelerator attached."""
    power: float
    """kW per accelerator attached and on."""
    oversubscription: float = 1.0
    below: int = 0
    """Accelerators that the tier below it joins without oversubscription."""
    components: Mapping[str, float] = field(default_factory=dict)
    """Parts per accelerator attached, of all its tiers, where their supply is limited."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Planning parameters of the catalog after the scenario's own values."""

    asset_life: float
    """Years."""
    porting_time: float
    """Hours."""
    porting_cost: Money
    """Of one port of one software family to one platform."""
    network: Money
    """Scale-out network per accelerator."""
    load_factor: float
    maintenance: float
    """Share of the price per year."""
    residual: tuple[float, ...]
    """Share of the price still to be had at ages 0, 1, 2, ... years; the last value holds on."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a price."""

    share: float
    with_order: bool
    """Due with the order; otherwise on delivery."""
    after: float
    """Hours later."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a purchase is paid."""

    parts: tuple[Part, ...]
    refund: float | None
    """Share of what was paid that comes back on cancellation; None: they do not say."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A rule that voids a pending order."""

    rule: str
    refund: float | None
    """Share of what was paid that comes back; None: the rule does not say."""


class World(Protocol):
    """Facts, throughput and policy as the check asks for them. Unknown systems raise KeyError."""

    @property
    def parameters(self) -> Parameters:
        """Planning parameters."""
        ...

    def knows(self, system: str) -> bool:
        """Whether the catalog has this system."""
        ...

    def system(self, system: str) -> SystemFacts:
        """Facts of one system."""
        ...

    def rate(self, workload: Workload, system: str, accelerators: int) -> float:
        """Goodput of one job in tokens/s; 0 when it does not fit."""
        ...

    def rate_over(self, workload: Workload, system: str, accelerators: int, oversubscription: float, pod: int) -> float:
        """The same over a network that is oversubscribed for groups beyond `pod` accelerators."""
        ...

    def wiring(self, offer: NetworkOffer) -> Wiring:
        """A network that a hall may buy: what the scenario states, else the catalog."""
        ...

    def tariff(self, site: Site) -> Money:
        """Price of one kWh in the site's region."""
        ...

    def carbon(self, site: Site) -> float:
        """kg CO2 per kWh in the site's region."""
        ...

    def flops_per_token(self, workload: Workload) -> float:
        """Model FLOPs of training on one token."""
        ...

    def quoted(self, name: str) -> Money | float:
        """An economic parameter or an assumption of the catalog: a price with its unit, or a share per year."""
        ...

    def buyer_country(self) -> str | None:
        """Country of the buyer."""
        ...

    def usual_terms(self, system: str) -> Terms | None:
        """Terms of payment that the catalog knows for a system; None: it knows none."""
        ...

    def pue(self, site: Site, hall: Hall) -> float:
        """Energy at the meter per energy to IT."""
        ...

    def parameter(self, name: str) -> float | Money:
        """A planning parameter by its id, in base units; Money and its prices per unit as they are."""
        ...

    def country(self, site: Site) -> str:
        """Country of the site's region."""
        ...

    def building_cost(self, site: Site) -> Money:
        """Building and plant per kW of IT load."""
        ...

    def national_supply(self, accelerator: str, period: Period) -> float | None:
        """Accelerators that the whole country can have in the period; None: the catalog has no figure."""
        ...

    def refusal(
        self, action: Action, accelerator: str, site: str | None, period: int, acquired: date | None = None
    ) -> str | None:
        """Why an action (order, import, install, operate) is not permitted; None when it is. `acquired`: the day on
        which the units in question were, for rules that spare older ones.
        """
        ...

    @property
    def exempts(self) -> bool:
        """Whether any rule spares what was acquired before it."""
        ...

    def licence_delay(self, accelerator: str, period: int) -> float:
        """Hours that a licence adds to the lead time of an order of this period."""
        ...

    def duty(self, accelerator: str, period: int) -> float:
        """Tariff on a delivery of this period, as a share of the price."""
        ...

    def cancelled(self, accelerator: str, placed: date, due: date) -> Cancellation | None:
        """The rule that voids an order placed and due on these days, or None."""
        ...

    def attrition(self, accelerator: str, site: str, period: int) -> float | None:
        """Share lost per year that the rules against service state; None: they state none."""
        ...

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """What rules demand of what they allow, by period and site."""
        ...

    def means(self, scope: Scope, accelerator: str) -> bool:
        """Whether a scope of the scenario means an accelerator."""
        ...

    def vendor(self, accelerator: str) -> str:
        """Vendor of an accelerator."""
        ...

    def tpp(self, accelerator: str) -> float:
        """Total processing performance of one accelerator; 0 where it is not known."""
        ...

    def part_supply(self, component: str, period: int) -> tuple[float | None, float | None]:
        """Parts made in a period, and those in stock on its first day, in the whole country."""
        ...

    def part_stopped(self, component: str, period: int) -> bool:
        """Whether a rule keeps a part from coming in on some day of a period."""
        ...

    def hub(self, site: Site) -> bool:
        """Whether a site lies in a national computing hub."""
        ...

    def subsidised_tariff(self, site: Site) -> Money | None:
        """Price of one kWh where every accelerator is domestic, by what is known of the region."""
        ...
