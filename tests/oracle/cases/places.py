"""Halls, racks, power, cooling, caps on energy and carbon; power and space that are bought."""

from planner.scenario.model import Scenario
from tests.oracle.tiny import GREEN, RED, Units, build, hall, run, site, stream, supply

SHORT = {"start": "2026-Q1", "end": "2026-Q2"}


def hall_power(u: Units) -> Scenario:
    """The hall feeds one server at first and two later; the rest falls short."""
    tight = site(halls=(hall(it_power={"2026-Q1": "5 kW", "2026-Q3": "9 kW"}),))
    return build(
        sites=[tight],
        workloads=[stream({"2026-Q2": u.target(RED, 2)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def grid_and_pue(u: Units) -> Scenario:
    """Two servers fit the hall but not the meter: the second goes to the dearer site."""
    cold = site("cold", grid="6 kW", tariff="0.1 XTS/kWh")
    dear = site("dear", grid="20 kW", tariff="0.9 XTS/kWh")
    return build(sites=[cold, dear], workloads=[stream({"2026-Q2": u.target(RED, 1.7)})])


def cooling_fit(u: Units) -> Scenario:
    """Green is cheap and liquid, red dear and air: each goes where its cooling is."""
    both = site(halls=(hall(it_power="4.5 kW"), hall("wet", cooling="liquid", it_power="5 kW")))
    work = stream({"2026-Q2": u.target(RED, 1.3)}, ported=["redware", "greenware"])
    return build(sites=[both], workloads=[work], supply=supply(red=4, green=4))


def rack_limits(u: Units) -> Scenario:
    """Positions for one server and a half; the power of a rack decides how many share it."""
    tight = site(halls=(hall(rack_power="5 kW", racks=1),))
    return build(sites=[tight], workloads=[stream({"2026-Q2": u.target(RED, 1.5)}, shortfall=u.short(RED, 40000))])


def rack_too_hot(u: Units) -> Scenario:
    """No rack feeds a server: infeasible."""
    return build(sites=[site(halls=(hall(rack_power="3 kW"),))], workloads=[stream({"2026-Q2": u.target(RED, 1)})])


def grid_expansion(u: Units) -> Scenario:
    """The meter feeds one server; a step feeds another, as often as it is offered, if the shortfall is worth it."""
    more = {"id": "line", "power": "5 kW", "times": 2}
    return build(
        sites=[site(grid="5.5 kW", expansions=[more])],
        workloads=[stream({"2026-Q2": u.target(RED, 2)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def grid_expansion_too_dear(u: Units) -> Scenario:
    """The same step at a price that no shortfall is worth; a later and cheaper one is."""
    steps = [
        {"id": "dear", "power": "5 kW", "cost": "90000 XTS", "lead_time": "0 h"},
        {"id": "late", "power": "5 kW", "cost": "900 XTS", "earliest": "2026-Q2"},
    ]
    return build(
        sites=[site(grid="5.5 kW", expansions=steps)],
        workloads=[stream({"2026-Q2": u.target(RED, 2)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def hall_expansion(u: Units) -> Scenario:
    """The hall has room for one server and power for part of a second: space and power come in one step."""
    small = hall(
        it_power="6 kW", racks=1, rack_power="5 kW", expansions=[{"id": "wing", "it_power": "3 kW", "racks": 1}]
    )
    return build(
        sites=[site(halls=(small,))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.6)}, shortfall=u.short(RED, 60000))],
        supply=supply(red=8),
    )


def two_kinds_in_a_hall(u: Units) -> Scenario:
    """A liquid hall feeds two of green or one of blue, not one of each."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(hall("wet", cooling="liquid", it_power="8 kW"),))],
        workloads=[
            stream({"2026-Q2": u.target(RED, 3)}, ported=["greenware", "blueware"], shortfall=u.short(RED, 90000))
        ],
        supply=supply(red=0, green=4, blue=8),
    )


def two_halls_at_a_meter(u: Units) -> Scenario:
    """Either hall can have all its power from the grid, but not both."""
    halls = (hall(), hall("wet", cooling="liquid"))
    return build(
        horizon=SHORT,
        sites=[site(halls=halls, grid="9.8 kW")],
        workloads=[
            stream({"2026-Q2": u.target(RED, 3)}, ported=["redware", "greenware"], shortfall=u.short(RED, 90000))
        ],
        supply=supply(red={"2026-Q2": 8}, green={"2026-Q2": 8}, carry_over=False),
    )


def one_step_only(u: Units) -> Scenario:
    """With a step of power either hall has a server's, with a second one both would; it is offered once."""
    more = {"id": "line", "power": "5 kW", "cost": "100 XTS", "lead_time": "0 h"}
    halls = (hall(), hall("wet", cooling="liquid"))
    work = stream({"2026-Q2": u.target(RED, 2)}, ported=["redware", "greenware"], shortfall=u.short(RED, 90000))
    return build(
        sites=[site(halls=halls, grid="3 kW", expansions=[more])],
        workloads=[work],
        supply=supply(red={"2026-Q2": 4}, green={"2026-Q2": 4}, carry_over=False),
    )


def power_for_everyone(u: Units) -> Scenario:
    """Caps on energy and carbon that nobody comes near."""
    return build(
        horizon=SHORT,
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
        limits={"energy": {"total": "90 MWh"}, "carbon": {"per_year": {"2026": "90 t"}}},
    )


def energy_in_total(u: Units) -> Scenario:
    """Energy of the whole plan for two thirds of what is asked: less is done when it is cheaper to miss."""
    cheap = {"2026-Q1": "0.1 XTS/kWh", "2026-Q3": "0.7 XTS/kWh"}
    return build(
        sites=[site(tariff=cheap)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.9), shortfall=u.short(RED, 40000))],
        supply=supply(red=4),
        limits={"energy": {"total": "16 MWh"}},
    )


def retrofit(u: Units) -> Scenario:
    """Green is cheap and liquid: the air hall is turned to liquid, and what stands there goes."""
    made = {"id": "wet", "it_power": "9 kW", "rack_power": "20 kW", "racks": 4}
    return build(
        sites=[site(halls=(hall(retrofit=made),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream(
                {"2026-Q1": u.target(RED, 0.5), "2026-Q3": u.target(GREEN, 1.9)},
                ported=["redware", "greenware"],
                shortfall=u.short(RED, 60000),
            )
        ],
        supply=supply(red=0, green=8),
    )


def run_on_bought_power(u: Units) -> Scenario:
    """A run on two servers needs both at once: the power for the second has to be bought first."""
    more = {"id": "line", "power": "4 kW", "cost": "500 XTS"}
    return build(
        sites=[site(grid="9 kW", expansions=[more])],
        workloads=[run(u.tokens(RED, 2, 0.9), "2026-Q3", [8], missed="90000 XTS")],
        supply=supply(red=8),
    )


def season_and_tariff(u: Units) -> Scenario:
    """The cheap site is hot in summer, when its tariff doubles: work goes where it is cheapest in each quarter."""
    hot = hall(pue_season={"Q3": 1.4, "M04": 1.1})
    season = {"M07": 3.0, "Q3": 2.5}
    warm = site("warm", (hot,), tariff={"2025": "0.3 XTS/kWh", "2026-Q2": "0.4 XTS/kWh"}, tariff_season=season)
    mild = site("mild", tariff="0.6 XTS/kWh")
    return build(
        sites=[warm, mild],
        workloads=[stream({"2026-Q2": u.target(RED, 0.9), "2026-Q3": u.target(RED, 1.2)})],
        supply=supply(red=8),
        installed=[{"system": RED, "site": "warm", "hall": "air", "count": 1, "since": "2025-Q1"}],
    )


def summer_at_the_meter(u: Units) -> Scenario:
    """Two servers fit the meter but in the month of July, which decides its quarter."""
    hot = hall(pue_season={"M07": 1.2})
    return build(
        sites=[site(halls=(hot,), grid="11 kW")],
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def power_cut(u: Units) -> Scenario:
    """A fifth of the grid is gone in August and 1 kW more from May on: one server must be off."""
    cuts = [{"start": "2026-08", "share": "20 %"}, {"start": "2026-05", "end": "2026-09", "power": "1 kW"}]
    return build(
        sites=[site(grid="11.5 kW", cuts=cuts)],
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def energy_cap(u: Units) -> Scenario:
    """No more energy in the last quarter than a server and a half draw: the rest falls short."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
        limits={"energy": {"per_year": {"2026-Q3": "13 MWh"}}},
    )


def carbon_cap(u: Units) -> Scenario:
    """Cheap energy is dirty, and the cap on carbon sends part of the work to the clean site."""
    dirty = site("dirty", tariff="0.1 XTS/kWh", carbon={"2025": "0.9 kg/kWh"})
    clean = site("clean", tariff="0.9 XTS/kWh", carbon="100 g/kWh")
    return build(
        sites=[dirty, clean],
        workloads=[stream({"2026-Q3": u.target(RED, 1.8)})],
        supply=supply(red=8),
        limits={"carbon": {"per_year": {"2026-Q3": "11 t"}}},
    )
