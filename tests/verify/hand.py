"""A plan worked out by hand, and the facts it stands on: small round numbers, no catalog."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from planner.plan.decisions import (
    Accepted,
    Decisions,
    Install,
    Jobs,
    Order,
    Port,
    Powered,
    Retirement,
    Shortfall,
    Start,
)
from planner.plan.verify.world import Cancellation, Parameters, SystemFacts, Terms, Wiring
from planner.policy.permissions import Obligation
from planner.scenario.model import Hall, Scenario, Scope, Site, Workload
from planner.scenario.network import NetworkOffer
from planner.scenario.periods import Period
from planner.units import Money

QUARTER = 2190.0


def cny(amount: float) -> Money:
    return Money(amount, "CNY")


SYSTEMS = {
    "alpha-8": SystemFacts(
        "alpha-8", "alpha", "greek", "pa", 8, True, 10.0, 0.25, "air", cny(1000), QUARTER, date(2025, 1, 1), None
    ),
    "beta-64": SystemFacts(
        "beta-64", "beta", "greek", "pb", 64, False, 100.0, 4.0, "liquid", Money(2000, "USD"), QUARTER, None, 128
    ),
    "gamma-8": SystemFacts(
        "gamma-8", "gamma", "old", "pg", 8, True, 5.0, 0.25, "either", cny(500), QUARTER, None, None
    ),
}
RATES = {"alpha": 10.0, "beta": 20.0, "gamma": 5.0}
"""Tokens/s per accelerator."""


PARAMETERS = Parameters(
    asset_life=5.0,
    porting_time=QUARTER,
    porting_cost=cny(70),
    network=cny(3),
    load_factor=0.5,
    maintenance=0.1,
    residual=(0.8, 0.4, 0.2, 0.0),
)


FIGURES: dict[str, float | Money] = {
    "grid-expansion-cost": cny(5),
    "retrofit-cost": cny(20),
    "lead-time-grid-expansion": QUARTER,
    "lead-time-hall-expansion": QUARTER,
    "lead-time-liquid-retrofit": QUARTER,
    "facility-life": 10 * 8766.0,
    "lead-time-rent": 0.0,
    "relocation-time": QUARTER,
    "porting-start-efficiency": 0.5,
    "porting-maturity-time": 2 * QUARTER,
    "relocation-cost-within": 0.02,
    "relocation-cost-between": 0.05,
    "idle-power": 0.25,
    "network-power": 0.05,
    "storage-power": 0.02,
}


@dataclass
class HandWorld:
    """Answers by hand."""

    parameters: Parameters = PARAMETERS
    refused: dict[tuple[str, str, str | None, int], str] = field(default_factory=dict)
    spared: dict[tuple[str, str], tuple[int, date]] = field(default_factory=dict)
    """Action and accelerator -> first period in which a rule forbids it but for what was acquired up to a day."""
    unfit: set[tuple[str, int]] = field(default_factory=set)
    facts: dict[str, SystemFacts] = field(default_factory=lambda: dict(SYSTEMS))
    delays: dict[str, float] = field(default_factory=dict)
    duties: dict[str, float] = field(default_factory=dict)
    obligations: tuple[Obligation, ...] = ()
    figures: dict[str, float | Money] = field(default_factory=lambda: dict(FIGURES))
    terms: dict[str, Terms] = field(default_factory=dict)

    def knows(self, system: str) -> bool:
        return system in self.facts

    def system(self, system: str) -> SystemFacts:
        return self.facts[system]

    def rate(self, workload: Workload, system: str, accelerators: int) -> float:
        if (system, accelerators) in self.unfit:
            return 0.0
        return RATES[self.facts[system].accelerator] * accelerators

    def rate_over(self, workload: Workload, system: str, accelerators: int, oversubscription: float, pod: int) -> float:
        return self.rate(workload, system, accelerators) / (oversubscription if accelerators > pod else 1.0)

    def wiring(self, offer: NetworkOffer) -> Wiring:
        assert offer.reach and offer.cost and offer.power is not None
        needs = offer.components or {}
        return Wiring(offer.reach, offer.cost, offer.power, offer.oversubscription or 1.0, components=needs)

    def tariff(self, site: Site) -> Money:
        return cny(0.5)

    def carbon(self, site: Site) -> float:
        return 0.6

    def flops_per_token(self, workload: Workload) -> float:
        return 6e9

    def quoted(self, name: str) -> Money | float:
        return {"seat": cny(12), "insured": 0.02}[name]

    def buyer_country(self) -> str:
        return "XA"

    def usual_terms(self, system: str) -> Terms | None:
        return self.terms.get(system)

    def pue(self, site: Site, hall: Hall) -> float:
        return hall.pue or 1.25

    def parameter(self, name: str) -> float | Money:
        return self.figures[name]

    def country(self, site: Site) -> str:
        return "XA"

    def building_cost(self, site: Site) -> Money:
        return cny(90)

    def national_supply(self, accelerator: str, period: Period) -> float | None:
        return {"alpha": 320.0}.get(accelerator)

    @property
    def exempts(self) -> bool:
        return bool(self.spared)

    def refusal(
        self, action: str, accelerator: str, site: str | None, period: int, acquired: date | None = None
    ) -> str | None:
        spared = self.spared.get((action, accelerator))
        if spared is not None and period >= spared[0] and not (acquired and acquired <= spared[1]):
            return "rule-5, which spares what is older"
        return self.refused.get((action, accelerator, site, period))

    def attrition(self, accelerator: str, site: str, period: int) -> float | None:
        return None

    def licence_delay(self, accelerator: str, period: int) -> float:
        return self.delays.get(accelerator, 0.0)

    def duty(self, accelerator: str, period: int) -> float:
        return self.duties.get(accelerator, 0.0)

    def means(self, scope: Scope, accelerator: str) -> bool:
        return not scope.accelerators or accelerator in scope.accelerators

    def vendor(self, accelerator: str) -> str:
        return f"maker of {accelerator}"

    def hub(self, site: Site) -> bool:
        return site.id == "south"

    def subsidised_tariff(self, site: Site) -> Money | None:
        return None

    def part_supply(self, component: str, period: int) -> tuple[float | None, float | None]:
        return 1000.0, 500.0

    def part_stopped(self, component: str, period: int) -> bool:
        return component == "stopped"

    def tpp(self, accelerator: str) -> float:
        return 16 * RATES[accelerator]

    def cancelled(self, accelerator: str, placed: date, due: date) -> Cancellation | None:
        return Cancellation("stop-gamma", 0.5) if accelerator == "gamma" else None


def tokens(hours: float) -> str:
    """What 64 beta train in so many hours."""
    return f"{64 * 20 * 3600 * hours:.0f} tokens"


RECIPE = {"sequence": 4096, "global_batch": 64}
SCENARIO: dict[str, Any] = {
    "name": "by-hand",
    "buyer": "someone",
    "knowledge_date": "2025-10-01",
    "currency": "CNY",
    "horizon": {"start": "2026-Q1", "end": "2026-Q4"},
    "finance": {"discount_rate": 0.08, "fx": {"USD": 7.0}, "deposit": 0.3},
    "sites": [
        {
            "id": "north",
            "region": "r",
            "grid": {"2026-Q1": "30 kW", "2026-Q2": "200 kW"},
            "tariff": "0.4 CNY/kWh",
            "halls": [
                {"id": "air", "cooling": "air", "it_power": "60 kW", "rack_power": "40 kW", "racks": 2},
                {
                    "id": "wet",
                    "cooling": "liquid",
                    "it_power": "110 kW",
                    "rack_power": "30 kW",
                    "racks": 4,
                    "max_cluster": 64,
                    "pue": 1.1,
                },
            ],
        },
        {
            "id": "south",
            "region": "r",
            "grid": "100 kW",
            "halls": [{"id": "air", "cooling": "air", "it_power": "50 kW", "rack_power": "20 kW", "racks": 4}],
        },
    ],
    "installed": [{"system": "gamma-8", "site": "south", "hall": "air", "count": 2, "since": "2021-Q3"}],
    "orders": [
        {"id": "late", "system": "alpha-8", "count": 2, "placed": "2025-Q4", "due": "2026-Q1", "paid": 0.5},
        {"id": "void", "system": "gamma-8", "count": 3, "placed": "2025-Q3", "due": "2026-Q2", "paid": 0.4},
    ],
    "supply": {
        "allocations": [
            {"accelerator": "alpha", "share": 0.1},
            {"accelerator": "beta", "per_period": {"2026-Q2": 64}},
        ]
    },
    "systems": {"exclude": ["gamma-8"]},
    "workloads": [
        {
            "id": "dense",
            "kind": "continuous",
            "model": "m",
            "recipe": RECIPE,
            "ported": ["pa"],
            "target": {"2026-Q1": "160 tokens/s", "2026-Q2": "480 tokens/s", "2026-Q4": "490 tokens/s"},
            "least_job": 16,
            "shortfall": "0.02 CNY",
        },
        {
            "id": "tune",
            "kind": "continuous",
            "model": "m",
            "recipe": RECIPE,
            "ported": ["pg"],
            "target": {"2026-Q1": "20 tokens/s", "2026-Q3": "0 tokens/s"},
        },
        {
            "id": "frontier",
            "kind": "run",
            "model": "m",
            "recipe": RECIPE,
            "family": "moe",
            "platforms": ["pb", "pa"],
            "tokens": tokens(3000),
            "earliest": "2026-Q2",
            "deadline": "2026-Q3",
            "missed": "9000 CNY",
        },
    ],
}


def scenario(**changes: Any) -> Scenario:
    """The scenario, with some of its top-level fields replaced."""
    return Scenario.model_validate({**SCENARIO, **changes})


PLAN = Decisions(
    orders=(Order("alpha-8", 0, 4), Order("beta-64", 0, 1)),
    installs=(
        Install("alpha-8", "north", "air", 0, 2),
        Install("alpha-8", "north", "air", 1, 4),
        Install("beta-64", "north", "wet", 1, 1),
    ),
    retirements=(Retirement("gamma-8", "south", "air", 2, 2),),
    powered=(
        Powered("alpha-8", "north", "air", 0, 2),
        *(Powered("alpha-8", "north", "air", t, 6) for t in (1, 2, 3)),
        *(Powered("beta-64", "north", "wet", t, 1) for t in (1, 2)),
        *(Powered("gamma-8", "south", "air", t, 1) for t in (0, 1)),
    ),
    jobs=(
        Jobs("dense", "alpha-8", 16, "north", "air", 0, 1),
        *(Jobs("dense", "alpha-8", 16, "north", "air", t, 3) for t in (1, 2, 3)),
        *(Jobs("tune", "gamma-8", 8, "south", "air", t, 0.5) for t in (0, 1)),
    ),
    starts=(Start("frontier", "beta-64", 64, "north", "wet", 1),),
    ports=(Port("moe", "pb", 0),),
    shortfalls=(Shortfall("dense", 3, 10.0),),
    accepted=(Accepted("late"),),
)
