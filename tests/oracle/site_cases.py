"""Tiny scenarios with rules about sites and prices, each with what it comes to, stated by hand."""

from collections.abc import Callable
from typing import Any

from planner.scenario.model import Limits, Scenario
from tests.oracle.cases import blue_is_free, rule
from tests.oracle.limit_cases import OPEN, longer, more_work
from tests.oracle.tiny import BLUE, RED, Units, hall, site, stream, supply

type Case = Callable[[Units], tuple[Scenario, dict[str, Any]]]
FOREIGN = frozenset({BLUE})
HALLS = (hall(), hall("wet", cooling="liquid", racks=4))


def ruled(u: Units, effect: dict[str, Any], *, about: str = "site", terms: Any = None, **changes: Any) -> Scenario:
    """One rule, in force all the time unless it says otherwise."""
    fields = {"scope": None, "effective_from": "2026-01-01", "subject": about} | changes.pop("fields", {})
    policy = (
        OPEN | {"rules": [rule("the-rule", [effect], **fields)]} | ({"terms": {"the-rule": terms}} if terms else {})
    )
    return blue_is_free(u, [], **{"policy": policy, **more_work(u), **changes})


def subsidy(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Energy for 0.1 instead of 0.5 makes red the cheaper one, but only without any blue."""
    effect = {"type": "subsidy", "condition": "all_domestic", "resulting_tariff": "0.1 XTS/kWh"}
    dear = [site(halls=HALLS, tariff="4 XTS/kWh")]
    return ruled(u, effect, sites=dear, supply=enough()), {"gain": {"home": (3.9, 0.0)}, "foreign": FOREIGN}


def reduction(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """No more than three quarters of the bill come off."""
    effect = {"type": "subsidy", "condition": "all_domestic", "bill_reduction_max": 0.75}
    terms = {"resulting_tariff": "0.1 XTS/kWh"}
    dear = [site(halls=HALLS, tariff="8 XTS/kWh")]
    found = {"gain": {"home": (6.0, 0.0)}, "foreign": FOREIGN}
    return ruled(u, effect, terms=terms, sites=dear, supply=enough()), found


def granted(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Two fifths of the price of hardware back."""
    effect = {"type": "subsidy", "condition": "all_domestic", "capex_share": 0.4}
    return ruled(u, effect, supply=enough()), {"gain": {"home": (0.0, 0.4)}, "foreign": FOREIGN}


def base_in_the_way(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """A blue supernode stands there: it is retired for the subsidy, or kept."""
    effect = {"type": "subsidy", "condition": "all_domestic", "resulting_tariff": "0.1 XTS/kWh"}
    base = [{"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"}]
    dear = [site(halls=HALLS, tariff="6 XTS/kWh")]
    found = {"gain": {"home": (5.9, 0.0)}, "foreign": FOREIGN}
    return ruled(u, effect, sites=dear, supply=enough(), installed=base), found


def one_of_two(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Blue goes to the site without a subsidy, red to the one with it."""
    effect = {"type": "subsidy", "condition": "all_domestic", "resulting_tariff": "0.1 XTS/kWh"}
    funded = {"field": "site.state_funded", "op": "==", "value": True}
    places = [site("near", HALLS, state_funded=True, tariff="3 XTS/kWh"), site("far", HALLS, tariff="1 XTS/kWh")]
    found = {"gain": {"near": (2.9, 0.0)}, "foreign": FOREIGN}
    return ruled(u, effect, sites=places, fields={"scope": funded}), found


def surcharge(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Air halls have a PUE of 1.25, liquid ones of 1.1."""
    effect = {"type": "surcharge", "per_energy": None, "pue_threshold": 1.2}
    found = {"surcharge": {"home": (1.0, 1.2)}}
    return ruled(u, effect, terms={"per_energy": "1 XTS/kWh"}, supply=one_blue()), found


def preference(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Foreign bids count as if they cost three quarters more."""
    effect = {"type": "price_preference", "bid_discount": 3 / 7}
    return ruled(u, effect, about="chip", supply=enough()), {"handicap": 0.75, "foreign": FOREIGN}


def inefficient(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Air halls get nothing new; what stands in them stays."""
    effect = {"type": "site_efficiency_cap", "pue_max": 1.2}
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    work = stream({"2026-Q2": u.target(RED, 4)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    fields = {"installed": base, "supply": one_blue(), "workloads": [work]}
    return ruled(u, effect, **fields), {"closed": frozenset({("home", "air")})}


def energy(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Two of the three systems can run: 4 kW at 1.25 and 6 kW at 1.1, at 80 %, for 91 days."""
    effect = {"type": "site_efficiency_cap", "energy_quota": "as_approved"}
    # The rule allows it from January on: 181 days of the year's quota, all of it used in the second quarter.
    terms = {"energy_quota": {"home": f"{15000 * 365 / 181!r} kWh"}}
    return ruled(u, effect, terms=terms, supply=one_blue()), {"energy": {"home": 15000.0}}


def removed(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """What stands there of blue must be out after a quarter's notice; what is red takes over."""
    effect = {"type": "removal_required", "notice": "3 months"}
    base = [{"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"}]
    blue = {"field": "chip.family", "op": "==", "value": "Blue"}
    work = stream(u.target(RED, 1), ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    found = {"leaves": {BLUE: 2}, "allowed": no_blue_from(0)}
    fields = {"scope": blue}
    return (
        ruled(u, effect, about="chip", fields=fields, **longer(u) | {"workloads": [work], "installed": base}),
        found,
    )


def seized(u: Units, share: float | None = None, **changes: Any) -> tuple[Scenario, dict[str, Any]]:
    """From the third quarter on the buyer may have no blue, in service or in store, for which part of the price comes
    back. Two stand there or come by then, one of them in store, where each accelerator costs its rent.
    """
    effect = {"type": "surrender_required", "effective_from": "2026-07-01", "compensation_share": share}
    work = stream(u.target(RED, 1), ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    fields = longer(u) | {
        "installed": [{"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"}],
        "stock": [{"system": BLUE, "count": 1}],
        "workloads": [work],
        "warehouse": {"price_per_month": "5 XTS"},
    }
    blue = {"field": "chip.family", "op": "==", "value": "Blue"}
    found = {"leaves": {BLUE: 2}, "seized": {BLUE: (2, share or 0.0)}, "allowed": no_blue_from(2)}
    return ruled(u, effect, about="chip", fields={"scope": blue}, **fields | changes), found


def bought_back(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """The same with 40 % of the price, and a supernode under way that may be taken for it."""
    old = {"id": "old", "system": BLUE, "count": 1, "placed": "2025-Q3", "due": "2026-Q2", "paid": 0.7}
    return seized(u, 0.4, orders=[old])


def removed_though_counted(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Red may be in service beside as much of blue only, which must be out a quarter later: nothing is bought."""
    scenario, found = removed(u)
    share = {"id": "blue", "of": {"families": ["Blue"]}, "least_share": 0.5, "counts": "fleet"}
    return scenario.replace(limits=Limits.model_validate({"quotas": [share]})), found


def enough() -> dict[str, Any]:
    """Three servers or supernodes of each, delivered in the second quarter."""
    return supply(red={"2026-Q2": 12}, blue={"2026-Q2": 16}, carry_over=False)


def one_blue() -> dict[str, Any]:
    """Two servers and one supernode, delivered in the second quarter."""
    return supply(red={"2026-Q2": 8}, blue={"2026-Q2": 8}, carry_over=False)


def no_blue_from(period: int) -> Callable[..., bool]:
    """Blue is neither installed nor operated from a period on."""

    def allowed(action: str, accelerator: str, place: str | None, t: int) -> bool:
        return not (accelerator == "tiny-blue" and action in ("install", "operate") and t >= period)

    return allowed


RULED: tuple[Case, ...] = (
    subsidy,
    reduction,
    granted,
    base_in_the_way,
    one_of_two,
    surcharge,
    preference,
    inefficient,
    energy,
    removed,
    seized,
    bought_back,
    removed_though_counted,
)
