"""Tiny scenarios with quotas, shares and ratios: the buyer's own, and rules that say the same."""

from typing import Any

from planner.scenario.model import Scenario
from tests.oracle.cases import blue_is_free, rule
from tests.oracle.tiny import BLUE, RED, Units, build, hall, site, stream, supply

OPEN = {"without": ["no-blue-imports"]}
FOREIGN = {"countries": ["XB"]}


def asked(u: Units, *limits: dict[str, Any], **changes: Any) -> Scenario:
    """Blue is free to come but for these limits; it is cheaper per token than red."""
    named = [{"id": f"limit-{n}", **limit} for n, limit in enumerate(limits)]
    return blue_is_free(u, [], **{"limits": {"quotas": named}, **changes})


def ruled(u: Units, *effects: dict[str, Any], terms: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """The same with one rule in place of the limits."""
    fields = {"scope": None, "effective_from": "2026-01-01"} | changes.pop("fields", {})
    policy = (
        OPEN
        | {"rules": [rule("the-rule", list(effects), **fields)]}
        | ({"terms": {"the-rule": terms}} if terms else {})
    )
    return blue_is_free(u, [], **{"policy": policy, **changes})


def more_work(u: Units) -> dict[str, Any]:
    """Enough for two of each, within two quarters."""
    work = stream({"2026-Q2": u.target(RED, 3)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    return {
        "horizon": {"start": "2026-Q1", "end": "2026-Q2"},
        "workloads": [work],
        "supply": supply(red={"2026-Q2": 8}, blue={"2026-Q2": 16}, carry_over=False),
    }


def longer(u: Units) -> dict[str, Any]:
    """One of each a quarter, from the second on."""
    step = {"2026-Q2": 8}
    return more_work(u) | {
        "horizon": {"start": "2026-Q1", "end": "2026-Q3"},
        "supply": supply(red={"2026-Q2": 4}, blue=step, carry_over=False),
    }


def pending(u: Units) -> dict[str, Any]:
    """A blue supernode is under way."""
    old = {"id": "old", "system": BLUE, "count": 1, "placed": "2025-Q3", "due": "2026-Q2", "paid": 0.5}
    return {"orders": [old]} | more_work(u)


def two_sites(u: Units) -> dict[str, Any]:
    """Blue fits both sites."""
    halls = (hall(), hall("wet", cooling="liquid", racks=4))
    return {"sites": [site("near", halls), site("far", halls, region="coast")]} | more_work(u)


LIMITED = {
    "quota by year": lambda u: asked(u, {"of": FOREIGN, "most": 8}, **more_work(u)),
    "quota of none": lambda u: asked(u, {"of": {"vendors": ["tiny-abroad"]}, "most": 7, "every": "total"}),
    "quota counts what is pending": lambda u: asked(u, {"of": FOREIGN, "most": 8}, **pending(u)),
    "quota for a while": lambda u: asked(u, {"of": FOREIGN, "most": 0, "last": "2026-Q2"}, **longer(u)),
    "quota of money": lambda u: asked(u, {"most": 30000, "basis": "cost", "counts": "orders"}, **more_work(u)),
    "one for one": lambda u: asked(u, {"of": FOREIGN, "among": {"domestic": True}, "most_per": 1}, **more_work(u)),
    "share of compute": lambda u: asked(
        u, {"of": {"domestic": True}, "least_share": 0.4, "basis": "compute", "counts": "installs"}, **more_work(u)
    ),
    "share of the fleet": lambda u: asked(
        u, {"of": {"families": ["Red"]}, "least_share": 0.5, "counts": "fleet"}, **more_work(u)
    ),
    "share by site": lambda u: asked(
        u, {"of": {"domestic": True}, "least_share": 0.5, "counts": "fleet", "each": "site"}, **two_sites(u)
    ),
    "share at one site": lambda u: asked(
        u, {"of": {"domestic": True}, "least_share": 1, "counts": "installs", "sites": ["near"]}, **two_sites(u)
    ),
    "no vendor has most": lambda u: asked(u, {"each": "vendor", "most_share": 0.7}, **more_work(u)),
    "each domestic vendor has some": lambda u: asked(
        u, {"each": "vendor", "of": {"domestic": True}, "least_share": 0.1, "counts": "orders"}, **more_work(u)
    ),
    "power": lambda u: asked(
        u, {"of": FOREIGN, "most_share": 0.5, "basis": "power", "counts": "fleet"}, **more_work(u)
    ),
}
"""Each binds or forbids something."""

QUOTA = {"type": "quantity_cap", "units": 8, "every": "year", "joint": True}
SHARE = {"type": "domestic_share_min", "share": 0.5}
BLUE_ONLY = {"fields": {"scope": {"field": "chip.family", "op": "==", "value": "Blue"}}}
FUNDED = {"fields": {"scope": {"field": "site.state_funded", "op": "==", "value": True}}}

SAME = {
    "quota": lambda u: (
        ruled(u, QUOTA, **BLUE_ONLY, **more_work(u)),
        asked(u, {"of": FOREIGN, "most": 8}, **more_work(u)),
    ),
    "quota settled by terms": lambda u: (
        ruled(u, QUOTA | {"units": None}, terms={"units": 8}, **BLUE_ONLY, **more_work(u)),
        asked(u, {"of": FOREIGN, "most": 8}, **more_work(u)),
    ),
    "quota in performance": lambda u: (
        ruled(u, QUOTA | {"units": None, "compute_tpp": 8 * 220 * 16}, **BLUE_ONLY, **more_work(u)),
        asked(u, {"of": FOREIGN, "most": 8}, **more_work(u)),
    ),
    "share of orders": lambda u: (
        ruled(u, SHARE, **more_work(u)),
        asked(u, {"of": {"domestic": True}, "least_share": 0.5, "counts": "orders"}, **more_work(u)),
    ),
    "more than a share": lambda u: (
        ruled(u, SHARE | {"strict": True}, **more_work(u)),
        asked(u, {"of": {"domestic": True}, "least_share": 0.501, "counts": "orders"}, **more_work(u)),
    ),
    "share from a day on": lambda u: (
        ruled(u, SHARE | {"by": "2026-04-01"}, terms={"counts": "fleet", "basis": "compute"}, **more_work(u)),
        asked(
            u,
            {"of": {"domestic": True}, "least_share": 0.5, "counts": "fleet", "basis": "compute", "first": "2026-Q2"},
            **more_work(u),
        ),
    ),
    "share of a funded site": lambda u: (
        ruled(u, SHARE, **FUNDED, **funded(u)),
        asked(u, {"of": {"domestic": True}, "least_share": 0.5, "counts": "installs", "sites": ["near"]}, **funded(u)),
    ),
    "bundle": lambda u: (
        ruled(u, {"type": "bundled_purchase", "domestic_per_unit": 0.5}, **BLUE_ONLY, **more_work(u)),
        asked(u, {"of": FOREIGN, "among": {"domestic": True}, "most_per": 2, "counts": "orders"}, **more_work(u)),
    ),
}
"""A rule, and the limit that says the same."""


def funded(u: Units) -> dict[str, Any]:
    """Two sites, the near one built with public money."""
    given = two_sites(u)
    near, far = given["sites"]
    return given | {"sites": [near | {"state_funded": True}, far]}


__all__ = ["LIMITED", "SAME", "build"]
