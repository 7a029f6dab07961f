"""Money, shares and goals."""

from typing import Any

from planner.plan.verify import Case, examine
from planner.policy.effect import BundledPurchase, DomesticShareMin, PricePreference, QuantityCap, Subsidy
from tests.verify.altered import ENOUGH, Make, asked, duties, obliged, south_site, wired
from tests.verify.hand import PLAN, SCENARIO, HandWorld, scenario

AIR = {"sites": ["north"], "of": {"accelerators": ["alpha"]}}
"""Six alpha servers of 10 kW stand in the north."""


def claimed_of_ports(claimed: dict[str, str], **terms: str) -> Case:
    """A plan with ports that claims the cost of other terms than the hall's."""
    other, case = wired(*ENOUGH, terms=claimed), wired(*ENOUGH, terms=terms)
    return Case(case.scenario, HandWorld(), case.decisions, examine(other).objective)


def wired_and_claimed(*bought: tuple[str, int, float]) -> Case:
    """A plan with ports that claims what it would cost with the price of networks per server."""
    case = wired(*bought)
    return Case(case.scenario, HandWorld(), case.decisions, examine(Case(scenario(), HandWorld(), PLAN)).objective)


def charged() -> Case:
    """A plan that claims its cost without what its highest draw costs."""
    plain = examine(Case(scenario(), HandWorld(), PLAN)).objective
    return Case(scenario(**south_site(demand_charge="3 CNY/kW/month")), HandWorld(), PLAN, plain)


def claimed_without(**power: Any) -> Case:
    """A plan that claims its cost without what else draws power."""
    first, second = SCENARIO["sites"]
    wide = [h | {"it_power": "1 MW"} for h in first["halls"]]
    sites = [{**first, "grid": "1 MW", "halls": wide}, second]
    plain = examine(Case(scenario(sites=sites), HandWorld(), PLAN)).objective
    return Case(scenario(sites=sites, power=power), HandWorld(), PLAN, plain)


def subsidised(foreign: str, claim: set[str]) -> Case:
    """North claims the cost of a subsidy that it would get if beta were domestic."""
    effect = Subsidy(type="subsidy", condition="all_domestic", resulting_tariff="0.1 CNY/kWh")
    all_home = HandWorld(obligations=duties(effect, site="north", home=("alpha", foreign)))
    cheaper = examine(Case(scenario(), all_home, PLAN)).objective
    assert cheaper < examine(Case(scenario(), HandWorld(), PLAN)).objective - 1
    return Case(scenario(), HandWorld(obligations=duties(effect, site="north", home=tuple(claim))), PLAN, cheaper)


def preferred() -> Case:
    """A plan that claims its cash cost where foreign bids count for more."""
    effect = PricePreference(type="price_preference", bid_discount=0.2)
    plain = examine(Case(scenario(), HandWorld(), PLAN)).objective
    return Case(scenario(), HandWorld(obligations=duties(effect, "alpha", "beta")), PLAN, plain)


def paid() -> float:
    cash = examine(Case(scenario(), HandWorld(), PLAN)).cash
    return -sum(flow.amount for flow in cash if flow.line != "residual")


MONEY: dict[str, dict[str, Make]] = {
    "budget-total": {"one yuan": lambda: asked(budget={"total": f"{paid() - 1} CNY"})},
    "budget-per-year": {
        "a year": lambda: asked(budget={"per_year": {"2026": f"{paid() - 1} CNY"}}),
        "a quarter": lambda: asked(budget={"per_year": {"2026-Q4": "100 CNY"}}),
    },
    "quota": {
        "of the buyer": lambda: asked(limits={"quotas": [{"id": "q", "of": {"accelerators": ["beta"]}, "most": 63}]}),
        "with what was pending": lambda: asked(
            limits={"quotas": [{"id": "q", "of": {"accelerators": ["alpha"]}, "most": 47}]}
        ),
        "money": lambda: asked(limits={"quotas": [{"id": "q", "most": 17999, "basis": "cost", "counts": "orders"}]}),
        "in service": lambda: asked(
            limits={"quotas": [{"id": "q", "most": 59.9, "basis": "power", "counts": "fleet", **AIR}]}
        ),
        "of a rule": lambda: obliged(QuantityCap(type="quantity_cap", units=63, joint=True)),
        "in performance": lambda: obliged(QuantityCap(type="quantity_cap", compute_tpp=64 * 320 - 1, joint=True)),
    },
    "ratio": {
        "two for one": lambda: asked(
            limits={
                "quotas": [
                    {"id": "r", "of": {"accelerators": ["beta"]}, "among": {"accelerators": ["alpha"]}, "most_per": 1.3}
                ]
            }
        )
    },
    "share": {
        "too large": lambda: asked(limits={"quotas": [{"id": "s", "each": "vendor", "most_share": 0.57}]}),
        "too small": lambda: asked(
            limits={"quotas": [{"id": "s", "of": {"accelerators": ["alpha"]}, "least_share": 0.43}]}
        ),
        "of a rule": lambda: obliged(DomesticShareMin(type="domestic_share_min", share=0.34), "alpha", "beta"),
        "more than": lambda: obliged(
            DomesticShareMin(type="domestic_share_min", share=1 / 3, strict=True), "alpha", "beta"
        ),
    },
    "bundle": {
        "too few": lambda: obliged(BundledPurchase(type="bundled_purchase", domestic_per_unit=0.51)),
    },
    "objective": {
        "a false claim": lambda: Case(scenario(), HandWorld(), PLAN, 1.0),
        "a subsidy for a site with something foreign": lambda: subsidised("beta", claim={"alpha"}),
        "no preference for what is domestic": preferred,
        "without the charge for the highest draw": charged,
        "without the upkeep of ports": lambda: claimed_of_ports({}, maintenance="10 %/yr"),
        "with ports that keep their value": lambda: claimed_of_ports({"life": "4 yr"}, life="2 yr"),
        "without the price of ports": lambda: wired_and_claimed(*ENOUGH),
        "without the draw of idle systems": lambda: claimed_without(idle="assumed"),
        "without the draw of the network": lambda: claimed_without(network="10 W"),
        "without the draw of storage": lambda: claimed_without(storage="assumed"),
    },
    "caps": {
        "cost": lambda: asked(caps={"cost": "1 CNY"}),
        "throughput": lambda: asked(caps={"throughput": "4 TFLOP/s"}),
        "completion": lambda: asked(caps={"completion": "214 days"}),
        "concentration": lambda: asked(caps={"concentration": 0.5}),
        "shortage": lambda: asked(caps={"shortage": 0.001}),
    },
    "goals": {
        name: lambda name=name: Case(scenario(), HandWorld(), PLAN, claims={name: 99.0})
        for name in ("throughput", "completion", "energy", "carbon", "concentration", "shortage")
    },
}
