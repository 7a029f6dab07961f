"""What rules and the buyer's own limits demand of a plan beyond opening and closing actions, as numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Literal

from planner.policy.permissions import Obligation
from planner.scenario.quotas import Counts

CapKind = Literal["quota", "flow_ratio", "share_limit", "bundled_purchase"]


@dataclass(frozen=True, slots=True)
class Cap:
    """Counted systems times their weights, added up, stay within a limit: `sum weight_i count_i <= limit`."""

    id: str
    """Rule or limit, and what of it: vendor, site, year."""
    kind: CapKind
    counts: Counts
    weights: tuple[tuple[int, float], ...]
    """(system, weight), none of them zero."""
    periods: tuple[int, ...]
    """Periods that are added up."""
    sites: frozenset[int] | None
    """Sites that count; None: all."""
    limit: float
    unit: str


@dataclass(frozen=True, slots=True)
class Subsidy:
    """What a site gets in a period in which every accelerator in service there is domestic."""

    site: int
    period: int
    per_kwh: float
    """Taken off the price of a kWh at the meter."""
    capex_share: float
    """Paid back of the price of what is placed in service."""
    foreign: frozenset[int]
    """Systems that lose it."""


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A higher price of energy in halls above a power usage effectiveness."""

    site: int
    period: int
    per_kwh: float
    above: float


@dataclass(frozen=True, slots=True)
class EfficiencyCap:
    """Nothing new is placed in halls whose power usage effectiveness is higher."""

    site: int
    period: int
    most: float
    duty: Obligation


@dataclass(frozen=True, slots=True)
class EnergyQuota:
    """Energy at the meter of a site over some periods, kWh."""

    id: str
    site: int
    periods: tuple[int, ...]
    most: float
    load_factor: float
    """Average draw of a system that is on over its planning power."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Systems that must be out of service in a period; those placed before `older_than` may stay."""

    systems: frozenset[int]
    site: int | None
    period: int
    older_than: date | None


@dataclass(frozen=True, slots=True)
class Surrender:
    """Systems of which the buyer has none in a period; `share` of the price of those given up then comes back."""

    systems: frozenset[int]
    period: int
    share: float


@dataclass(frozen=True, slots=True)
class Preference:
    """Bids for these systems count for more than their price when ordered in a period: `handicap` times it on top."""

    systems: frozenset[int]
    period: int
    handicap: float


@dataclass(frozen=True, slots=True)
class Duty:
    """What one effect of a rule does to the plan, for the report."""

    rule: str
    kind: str
    """Type of the effect."""
    does: str
    """What it does in the program, or why it does nothing there."""
    acts: bool
    """Whether it does something."""
    first: str
    """First and last period concerned."""
    last: str
    """The last of them."""
    sites: tuple[str, ...]
    """Sites concerned; empty: what the buyer orders, whatever the site."""
    date: str | None
    """Day since which it binds."""
    source: str
    """Where the rule was read."""
    summary: str
    """The rule in words."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part: `inflow[t]` comes in, `stock` is there at the start, `need` by system."""

    id: str
    unit: str
    stock: float
    inflow: tuple[float, ...]
    need: Mapping[int, float]


@dataclass(frozen=True)
class Obliged:
    """All of it; empty where nothing is demanded."""

    caps: tuple[Cap, ...] = ()
    subsidies: tuple[Subsidy, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    efficiency: tuple[EfficiencyCap, ...] = ()
    energy: tuple[EnergyQuota, ...] = ()
    removals: tuple[Removal, ...] = ()
    surrenders: tuple[Surrender, ...] = ()
    preferences: tuple[Preference, ...] = ()

    def and_(self, other: "Obliged") -> "Obliged":
        """Both together."""
        return Obliged(*((*getattr(self, f.name), *getattr(other, f.name)) for f in fields(self)))

    def of_kind(self, kind: CapKind) -> Iterator[Cap]:
        """Caps of one kind, in order."""
        return (cap for cap in self.caps if cap.kind == kind)

    @cached_property
    def subsidy_at(self) -> dict[tuple[int, int], Subsidy]:
        """(site, period) -> the best of the subsidies there."""
        best: dict[tuple[int, int], Subsidy] = {}
        for found in sorted(self.subsidies, key=lambda s: (s.per_kwh, s.capex_share)):
            best[found.site, found.period] = found
        return best

    @cached_property
    def given_up(self) -> dict[tuple[int, int], float]:
        """(i, t) of systems of which the buyer may have none -> share of the price that comes back."""
        found: dict[tuple[int, int], float] = {}
        for surrender in self.surrenders:
            for i in surrender.systems:
                key = (i, surrender.period)
                found[key] = max(surrender.share, found.get(key, 0.0))
        return found


NOTHING = Obliged()
"""Where neither rules nor the buyer demand anything."""
