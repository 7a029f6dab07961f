"""Moves, installation, what is in store and what fails."""

from planner.scenario.model import Scenario
from tests.oracle.cases.common import rule
from tests.oracle.tiny import BLUE, RED, Units, build, hall, run, site, stream, supply


def moved_within(u: Units) -> Scenario:
    """The old server stands where power is short in summer; it moves to the other hall and misses a quarter."""
    halls = (hall("old", it_power={"2025-Q4": "5 kW", "2026-Q3": "0 kW"}), hall("new"))
    return build(
        sites=[site(halls=halls)],
        installed=[{"system": RED, "site": "home", "hall": "old", "count": 1, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.8), shortfall=u.short(RED, 30000))],
        supply=supply(red=0),
        relocation={"within_site": True},
    )


def moved_between(u: Units) -> Scenario:
    """Energy is dear where the two servers stand: how many move to the cheap site is a matter of cost."""
    dear, cheap = site("dear", tariff="3 XTS/kWh"), site("cheap", tariff="0.1 XTS/kWh")
    return build(
        sites=[dear, cheap],
        installed=[{"system": RED, "site": "dear", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.5), "2026-Q2": u.target(RED, 1.5)}, shortfall=u.short(RED, 30000))
        ],
        supply=supply(red=0),
        relocation={"between_sites": True},
    )


def moved_once(u: Units) -> Scenario:
    """Power goes from one hall to the other, half of it in July and the rest in October: the new server is left."""
    old = hall("old", it_power={"2025-Q4": "8 kW", "2026-Q3": "4 kW", "2026-Q4": "0 kW"})
    new = hall("new", it_power={"2026-Q3": "4 kW", "2026-Q4": "8 kW"})
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q4"},
        sites=[site(halls=(old, new))],
        installed=[{"system": RED, "site": "home", "hall": "old", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.9), "2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 90000))
        ],
        supply=supply(red={"2026-Q2": 4, "2026-Q3": 0}, carry_over=False),
        relocation={"within_site": True},
        parameters={"relocation-time": "0 h"},
    )


def moved_twice(u: Units) -> Scenario:
    """Power goes from hall to hall to hall: what has moved to the second stays there when its power goes."""
    first = hall("first", it_power={"2025-Q4": "4 kW", "2026-Q2": "0 kW"})
    second = hall("second", it_power={"2025-Q4": "4 kW", "2026-Q2": "8 kW", "2026-Q3": "4 kW", "2026-Q4": "0 kW"})
    third = hall("third", it_power={"2026-Q3": "4 kW", "2026-Q4": "8 kW"})
    base = {"system": RED, "site": "home", "count": 1, "since": "2025-Q1"}
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q4"},
        sites=[site(halls=(first, second, third))],
        installed=[base | {"hall": "first"}, base | {"hall": "second"}],
        workloads=[stream(u.target(RED, 1.8), shortfall=u.short(RED, 90000))],
        supply={},
        relocation={"within_site": True},
        parameters={"relocation-time": "0 h"},
    )


def store_large_enough(u: Units) -> Scenario:
    """What comes early waits in a store with room for more."""
    return build(
        workloads=[stream({"2026-Q3": u.target(RED, 1.5)})],
        supply=supply(red={"2026-Q2": 8, "2026-Q3": 0}, carry_over=False),
        warehouse={"price_per_month": "2 XTS", "capacity": 16},
    )


def installed_late(u: Units) -> Scenario:
    """A third of the first quarter is lost to the installation: a second server comes earlier than it would."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, shortfall=u.short(RED, 60000))],
        supply=supply(red=8),
        installation={},
    )


def installed_in_parts(u: Units) -> Scenario:
    """A quarter and two thirds: nothing of what comes in the second quarter works before the third's last third."""
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q4"},
        workloads=[stream({"2026-Q2": u.target(RED, 1.1)}, shortfall=u.short(RED, 60000), least_job=5)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        supply=supply(red=8),
        installation={"time": "150 days"},
    )


def run_after_installation(u: Units) -> Scenario:
    """A run waits for the quarter after the placement; blue, which is quicker to install, may do it at once."""
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q4"},
        workloads=[run(u.tokens(RED, 1, 0.9), "2026-Q4", [4, 8], missed="90000 XTS", ported=["redware", "blueware"])],
        supply=supply(red=4, blue=8),
        policy={"without": ["no-blue-imports"]},
        installation={"time": "30 days", "systems": {BLUE: "1 quarter"}},
    )


def never_installed(u: Units) -> Scenario:
    """Two quarters from the second of three: what is bought never works, so nothing is."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 0.5)}, shortfall=u.short(RED, 60000))],
        installation={"time": "2 quarters"},
    )


def from_store(u: Units) -> Scenario:
    """Two servers in store: one is needed at once, the other later or not at all, and keeping it costs."""
    return build(
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.8), "2026-Q3": u.target(RED, 1.6)}, shortfall=u.short(RED, 60000))
        ],
        supply=supply(red=0, green=4),
        stock=[{"system": RED, "count": 2}],
        warehouse={"price_per_month": "30 XTS"},
    )


def store_too_small(u: Units) -> Scenario:
    """What comes early, while there is supply, has to wait: the store holds one server, a second stands idle."""
    return build(
        workloads=[stream({"2026-Q3": u.target(RED, 2.5)}, shortfall=u.short(RED, 90000))],
        supply=supply(red={"2026-Q2": 12, "2026-Q3": 0}, carry_over=False),
        sites=[site(halls=(hall(racks=2),))],
        warehouse={"price_per_month": "2 XTS", "capacity": {"2026-Q1": 4, "2026-Q3": 0}},
    )


def stockpile_banned(u: Units) -> Scenario:
    """Blue in store may not be installed: it stays there, at a price, and red does the work."""
    stop = rule(
        "no-install",
        [{"type": "installation_prohibited"}],
        effective_from="2026-01-01",
        scope={"field": "chip.family", "op": "==", "value": "Blue"},
    )
    return build(
        sites=[site(halls=(hall(), hall("wet", cooling="liquid")))],
        workloads=[stream({"2026-Q2": u.target(RED, 0.7)}, ported=["redware", "blueware"])],
        stock=[{"system": BLUE, "count": 1}],
        warehouse={"price_per_month": "5 XTS"},
        policy={"rules": [stop]},
    )


BASE = {"system": RED, "site": "home", "hall": "air", "count": 3, "since": "2025-Q1"}


def attrition(u: Units) -> Scenario:
    """Three old servers wear out below what is asked for: another is bought, or a little falls short."""
    return build(
        workloads=[stream(u.target(RED, 2.6), shortfall=u.short(RED, 60000))],
        installed=[BASE],
        supply=supply(red=4),
        attrition={},
    )


def worn_quickly(u: Units) -> Scenario:
    """Half of red fails in a year, and all that is left at the end is worth something; green is dearer and lasts."""
    return build(
        sites=[site(halls=(hall(), hall("wet", cooling="liquid")))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, ported=["redware", "greenware"])],
        supply=supply(red=8, green=8),
        attrition={"rate": "1 %/yr", "systems": {RED: "50 %/yr"}},
    )


def all_fails(u: Units) -> Scenario:
    """All of it fails within the year, so within the first quarter: half a quarter's work is left."""
    return build(
        workloads=[stream(u.target(RED, 1), shortfall=u.short(RED, 60000), least_job=5)],
        installed=[BASE],
        supply=supply(red=0, green=4),
        attrition={"rate": "100 %/yr"},
    )


def spares(u: Units, **changes: object) -> Scenario:
    """Old blue wears out in a hall that takes no new one; one in store replaces what fails as long as it lasts."""
    fields: dict[str, object] = {
        "horizon": {"start": "2026-Q1", "end": "2026-Q4"},
        "sites": [site(halls=(hall(racks=16),))],
        "workloads": [stream(u.target(BLUE, 2), ported=["blueware"], shortfall=u.short(RED, 60000))],
        "installed": [{**BASE, "system": BLUE, "count": 2}],
        "stock": [{"system": BLUE, "count": 1}],
        "supply": supply(red=0, green=4),
        "attrition": {"rate": "60 %/yr"},
    }
    return build(**fields | changes)


def no_service(u: Units) -> Scenario:
    """The same, and nobody may service blue from July on; then more fails, and the spares stay in store."""
    stop = rule("no-service", [{"type": "service_prohibited", "attrition": 0.8}], effective_from="2026-07-01")
    return spares(u, attrition={"rate": "20 %/yr"}, policy={"rules": [stop]}, warehouse={"price_per_month": "1 XTS"})


def run_on_survivors(u: Units) -> Scenario:
    """A run on two servers for more than a quarter needs a third, whatever of it works."""
    return build(
        workloads=[run(u.tokens(RED, 2, 1.5), "2026-Q3", [8], missed="30000 XTS")],
        installed=[BASE | {"count": 2}],
        supply=supply(red=4),
        attrition={"rate": "10 %/yr"},
    )


def carried_out(u: Units) -> Scenario:
    """What has failed leaves its place, its upkeep and its plug: where there is room for two a third comes in. As
    nobody may service it, no spare does.
    """
    red = {"field": "chip.family", "op": "==", "value": "Red"}
    stop = rule("no-service", [{"type": "service_prohibited"}], effective_from="2026-01-01", scope=red)
    return build(
        policy={"rules": [stop]},
        sites=[site(halls=(hall(racks=1),))],
        workloads=[stream(u.target(RED, 1.9), shortfall=u.short(RED, 90000))],
        installed=[BASE | {"count": 2}],
        supply=supply(red=4),
        attrition={"rate": "90 %/yr"},
        power={"idle": "20 %"},
    )


def worn_and_aged(u: Units) -> Scenario:
    """Two of three reach the end of their life in July: what has failed goes first."""
    return build(
        workloads=[stream(u.target(RED, 2), shortfall=u.short(RED, 60000))],
        installed=[BASE | {"count": 1}, BASE | {"count": 2, "since": "2021-Q3"}],
        supply=supply(red=4),
        attrition={"rate": "70 %/yr"},
        installation={"time": "20 days"},
    )
