"""Tiny scenarios that show what limits and subsidies count of systems that move and of those that are rented."""

from collections.abc import Callable
from typing import Any

from planner.scenario.model import Scenario
from tests.oracle.cases import offer
from tests.oracle.limit_cases import FOREIGN, OPEN, asked
from tests.oracle.site_cases import ruled
from tests.oracle.tiny import BLUE, RED, Units, hall, site, stream, supply

HALLS = (hall(), hall("wet", cooling="liquid", racks=4))
SUBSIDY = {"type": "subsidy", "condition": "all_domestic", "resulting_tariff": "0.1 XTS/kWh"}
FUNDED = {"scope": {"field": "site.state_funded", "op": "==", "value": True}}

type Case = Callable[[Units], Scenario]


def leaving(u: Units) -> dict[str, Any]:
    """A server at a site that loses its power in the second quarter; it may move, or a new one come, to the other."""
    near = site("near", (hall(),), grid={"2026-Q1": "90 kW", "2026-Q2": "0 kW"})
    work = stream({"2026-Q1": u.target(RED, 0.5), "2026-Q3": u.target(RED, 1)}, shortfall=u.short(RED, 60000))
    return {
        "horizon": {"start": "2026-Q1", "end": "2026-Q3"},
        "sites": [near, site("far", (hall(),), region="coast")],
        "installed": [{"system": RED, "site": "near", "hall": "air", "count": 1, "since": "2025-Q1"}],
        "relocation": {"between_sites": True},
        "workloads": [work],
        "supply": supply(red={"2026-Q3": 4}, carry_over=False),
        "policy": OPEN,
    }


def rented(u: Units) -> dict[str, Any]:
    """Blue may be rented for less than either is bought for."""
    work = stream({"2026-Q2": u.target(RED, 1)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    return {
        "horizon": {"start": "2026-Q1", "end": "2026-Q2"},
        "workloads": [work],
        "rent": [offer(system=BLUE, systems=1, price="0.3 XTS/h")],
        "supply": supply(red={"2026-Q2": 4}, blue={"2026-Q2": 8}, carry_over=False),
        "policy": OPEN,
    }


def moved_fills_a_place(u: Units) -> Scenario:
    """No system in service at the far site: none may move there."""
    return asked(u, {"of": {"families": ["Red"]}, "most": 0, "counts": "fleet", "sites": ["far"]}, **leaving(u))


def moved_is_not_placed(u: Units) -> Scenario:
    """Nothing may be placed in service at the far site: what moves there is not."""
    return asked(u, {"of": {"families": ["Red"]}, "most": 0, "counts": "installs", "sites": ["far"]}, **leaving(u))


def moved_is_not_delivered(u: Units) -> Scenario:
    """No delivery: what moves is none."""
    return asked(u, {"of": {"families": ["Red"]}, "most": 0}, **leaving(u))


def never_more_than_elsewhere(u: Units) -> Scenario:
    """Red may be nine tenths of what is in service from the third quarter on: a red one that has moved is all of it."""
    share = {"of": {"families": ["Red"]}, "most_share": 0.9, "counts": "fleet", "first": "2026-Q3"}
    return asked(u, share, **leaving(u))


def rented_is_not_in_the_fleet(u: Units) -> Scenario:
    """No blue in service: what is rented is not the buyer's."""
    return asked(u, {"of": FOREIGN, "most": 0, "counts": "fleet"}, **rented(u))


def rented_is_no_delivery(u: Units) -> Scenario:
    """No blue delivered."""
    return asked(u, {"of": FOREIGN, "most": 0}, **rented(u))


def rented_has_no_share(u: Units) -> Scenario:
    """Seven tenths of the compute in service are foreign at most, of which none is when the blue is rented."""
    share = {"of": FOREIGN, "most_share": 0.3, "counts": "fleet", "basis": "compute"}
    return asked(u, share, **rented(u))


COUNTED: dict[Case, bool] = {
    moved_fills_a_place: True,
    moved_is_not_placed: False,
    moved_is_not_delivered: False,
    never_more_than_elsewhere: True,
    rented_is_not_in_the_fleet: False,
    rented_is_no_delivery: False,
    rented_has_no_share: False,
}
"""Each with whether its limit changes what is done."""


def subsidy_once_it_is_gone(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """A blue supernode at the subsidised site goes to the other: the site is domestic from when it leaves."""
    near = site("near", HALLS, state_funded=True, tariff="6 XTS/kWh")
    far = site("far", HALLS, tariff="1 XTS/kWh")
    base = [{"system": BLUE, "site": "near", "hall": "wet", "count": 1, "since": "2025-Q1"}]
    base.append({"system": RED, "site": "near", "hall": "air", "count": 1, "since": "2025-Q1"})
    found = {"gain": {"near": (5.9, 0.0)}, "foreign": frozenset({BLUE})}
    changes = {"sites": [near, far], "installed": base, "relocation": {"between_sites": True}, "supply": {}}
    work = stream(u.target(RED, 2), ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    span = {"start": "2026-Q1", "end": "2026-Q2"}
    return ruled(u, SUBSIDY, fields=FUNDED, **changes, workloads=[work], horizon=span), found


def subsidy_beside_rent(u: Units) -> tuple[Scenario, dict[str, Any]]:
    """Rented blue stands elsewhere: the site keeps its subsidy, and no rent is subsidised."""
    dear = [site(halls=HALLS, tariff="4 XTS/kWh")]
    found = {"gain": {"home": (3.9, 0.0)}, "foreign": frozenset({BLUE})}
    given = rented(u) | {"sites": dear}
    given.pop("policy")
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    work = stream(u.target(RED, 4), ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    return ruled(u, SUBSIDY, **given | {"installed": base, "workloads": [work]}), found


SUBSIDISED = (subsidy_once_it_is_gone, subsidy_beside_rent)
