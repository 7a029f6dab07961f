"""Goals other than cost against the brute force, which finds them as costs of a world in which all else is free."""

from dataclasses import replace

import pytest

import planner
from planner.scenario.goals import goals
from planner.scenario.model import Caps, Scenario
from planner.units import Money
from tests.oracle import cases
from tests.oracle.brute import Brute, Launch
from tests.oracle.catalog import facts, rate
from tests.oracle.facts import Facts
from tests.oracle.tiny import BLUE, RED, Units, build, hall, site, stream, supply

UNITS = Units(rate)
CARBON = {"plain": 0.5, "coast": 0.4}
"""kg of CO2 per kWh, of the tiny catalog."""


def free(scenario: Scenario, **changes: object) -> Facts:
    """A world that gives everything away but energy at one unit of money per kWh, whenever it is paid."""
    known = facts(scenario)
    kinds = {name: replace(kind, price=0.0) for name, kind in known.kinds.items()}
    tariff = {s.id: 1.0 for s in scenario.sites}
    return replace(known, kinds=kinds, tariff=tariff, network=0.0, port_cost=0.0, **changes)


def undiscounted(scenario: Scenario) -> Scenario:
    """Without discounts, and with the world's tariffs instead of its own."""
    sites = tuple(s.model_copy(update={"tariff": None}) for s in scenario.sites)
    finance = scenario.finance.model_copy(update={"discount_rate": 0.0})
    return scenario.replace(finance=finance, sites=sites)


def least(scenario: Scenario, known: Facts) -> float:
    return Brute(undiscounted(scenario), known).solve()


def reached(scenario: Scenario, *objective: object) -> planner.Plan:
    plan = planner.solve(scenario.replace(objective=objective[0] if len(objective) == 1 else objective))
    assert plan.verified
    assert [stage.name for stage in plan.stages] == [goal.name for goal in goals(plan.scenario.objective)]
    assert all(stage.gap is not None and stage.gap <= 1e-6 for stage in plan.stages)
    return plan


def two_sites(u: Units) -> Scenario:
    """Red at a cool dear site or a warm cheap one, whose grids differ in carbon."""
    places = [site("near", tariff="0.1 XTS/kWh"), site("far", region="coast", tariff="0.9 XTS/kWh")]
    return build(sites=places, workloads=[stream({"2026-Q2": u.target(RED, 1.7)})])


@pytest.mark.parametrize("case", [cases.cooling_fit, cases.grid_and_pue, cases.porting, two_sites])
def test_least_energy(case):
    scenario = case(UNITS)
    plan = reached(scenario, "energy")
    assert plan.stages[0].value * 1000 == pytest.approx(least(scenario, free(scenario)), rel=1e-6)


@pytest.mark.parametrize("case", [cases.grid_and_pue, two_sites])
def test_least_carbon(case):
    scenario = case(UNITS)
    plan = reached(scenario, "carbon")
    factors = {s.id: CARBON[s.region] for s in scenario.sites}
    expected = least(scenario, replace(free(scenario), tariff=factors))
    assert plan.stages[0].value * 1000 == pytest.approx(expected, rel=1e-6)


def test_carbon_and_energy_ask_for_different_sites():
    scenario = two_sites(UNITS)
    energy, carbon = reached(scenario, "energy"), reached(scenario, "carbon")
    assert {on.site for on in energy.decisions.powered} != {on.site for on in carbon.decisions.powered}


class Ends(Brute):
    """A brute force that pays for the days until coherent runs are done, and for nothing else."""

    def operate_from(self, cost, cash, arrivals, ready, runs):
        launches = [choice for choice in runs if isinstance(choice, Launch)]
        days = 0.0
        for launch in launches:
            began = (self.cal[launch.start].start - self.cal.start).days
            days += began + sum(part * p.hours / 24 for part, p in zip(launch.parts, self.cal, strict=True))
        super().operate_from(days / len(launches), cash, arrivals, ready, runs)


@pytest.mark.parametrize("case", [cases.coherent_reach, cases.run_beside_stream])
def test_earliest_completion(case):
    scenario = case(UNITS)
    streams = tuple(s.model_copy(update={"shortfall": None}) for s in scenario.streams)
    scenario = scenario.replace(workloads=(*scenario.runs, *streams))
    known = replace(free(scenario), tariff=dict.fromkeys((s.id for s in scenario.sites), 0.0))
    brute = Ends(undiscounted(scenario), known)
    assert reached(scenario, "completion").stages[0].value == pytest.approx(brute.solve(), rel=1e-6)


def test_most_throughput_is_what_falls_least_short_of_too_much():
    """A demand that nothing can meet, its shortfall priced at one per million tokens and all else free."""
    asked = {"2026-Q1": "0 tokens/s", "2026-Q2": UNITS.target(RED, 40.0)}
    sites = [site(halls=(hall(it_power="9 kW"), hall("wet", cooling="liquid", it_power="5 kW")))]
    ported = ["redware", "greenware"]
    little = supply(red=4, green=4, carry_over=False)
    scenario = build(sites=sites, workloads=[stream("0 tokens/s", ported=ported)], supply=little)
    demanding = build(sites=sites, workloads=[stream(asked, ported=ported, shortfall="1 XTS")], supply=little)
    known = replace(free(demanding), tariff={"home": 0.0})
    missing = least(demanding, known) * 1e6
    periods = demanding.calendar.periods
    wanted = sum((demanding.streams[0].target.at(p) or 0.0) * p.hours * 3600 for p in periods)
    plan = reached(scenario, "throughput")
    tokens = sum(row["delivered"] * p.hours * 3600 for row, p in zip(plan.tables["targets"], periods, strict=True))
    assert tokens == pytest.approx(wanted - missing, rel=1e-6)
    flops = tokens * plan.problem.goals.stream_flops[0] * 1e12
    assert plan.stages[0].value == pytest.approx(flops / sum(p.hours for p in periods) / 3600 / 1e15, rel=1e-9)


def test_least_concentration_shares_the_work_out():
    """Two vendors; the smaller can have one supernode, which does what it can."""
    work = [stream(UNITS.target(RED, 6), ported=["redware", "blueware"])]
    scenario = cases.blue_is_free(UNITS, [], workloads=work, supply=supply(red=4))
    base = [
        {"system": RED, "site": "home", "hall": "air", "count": 6, "since": "2025-Q1"},
        {"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"},
    ]
    scenario = Scenario.model_validate({**scenario.model_dump(mode="json", exclude_unset=True), "installed": base})
    able = UNITS.rate(BLUE) / (6 * UNITS.rate(RED))
    assert able < 0.5
    plan = reached(scenario, "concentration")
    assert plan.stages[0].value == pytest.approx(1 - able, rel=1e-6)


def test_where_nothing_can_work_no_vendor_does():
    """No hall has power: everything falls short, and nobody's part of it is the largest."""
    dark = site(halls=(hall(it_power="1 kW"),))
    work = stream({"2026-Q2": UNITS.target(RED, 1)}, shortfall=UNITS.short(RED, 60000))
    for order in (("cost", "concentration"), ("concentration",)):
        plan = reached(build(sites=[dark], workloads=[work]), *order)
        assert not plan.decisions.jobs
        assert {stage.value for stage in plan.stages if stage.name == "concentration"} == {0.0}


def test_least_shortage_before_cost():
    """What is dear to meet is met all the same, as far as hall and supply let it."""
    tight = site(halls=(hall(it_power="9 kW"),))
    target = {"2026-Q2": UNITS.target(RED, 3), "2026-Q3": "0 tokens/s"}
    work = stream(target, shortfall=UNITS.short(RED, 1.0))
    scenario = build(sites=[tight], workloads=[work], supply=supply(red=4))
    tokens = (scenario.streams[0].target.at(scenario.calendar[1]) or 0.0) * scenario.calendar[1].hours * 3600
    priced = scenario.streams[0].model_copy(update={"shortfall": Money(1e6 / tokens, "XTS")})
    expected = least(scenario.replace(workloads=(priced,)), replace(free(scenario), tariff={"home": 0.0}))
    assert not planner.solve(scenario).decisions.orders
    assert reached(scenario, "shortage").stages[0].value == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    "periods",
    [
        ["2026-Q1", "2026-Q2"],
        ["2026-01", "2026-02", "2026-03", "2026-Q2"],
        ["2026-Q1", "2026-04", "2026-05", "2026-06"],
    ],
)
def test_shortage_does_not_hang_on_how_time_is_cut(periods):
    """One server; the first quarter wants two, the second half a one and two tokens budgets' worth by its end."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    target = {"2026-Q1": UNITS.target(RED, 2), "2026-Q2": UNITS.target(RED, 0.5)}
    tokens = {"2026-Q2": f"{UNITS.rate(RED) * 181 * 24 * 3600 * 2!r} tokens"}
    work = stream(target, tokens=tokens, shortfall="1 XTS")
    plan = reached(build(horizon={"periods": periods}, workloads=[work], installed=base, supply={}), "shortage")
    assert plan.stages[0].value == pytest.approx((0.5 * 90 / 181 + 0.5) / 2, rel=1e-6)


def test_a_tolerance_buys_what_comes_next():
    """Least energy within 10 % of the least cost is the least energy under that cap."""
    scenario = two_sites(UNITS)
    cheapest = reached(scenario, "cost")
    plan = reached(scenario, {"cost": 0.1}, "energy")
    cap = Money(plan.stages[0].bound * 1.1, "XTS")
    capped = reached(scenario.replace(caps=Caps(cost=cap)), "energy")
    assert plan.stages[1].value == pytest.approx(capped.stages[0].value, rel=1e-5)
    assert plan.objective <= cheapest.objective * 1.1 * (1 + 1e-6)
    assert plan.stages[1].value <= reached(scenario, "cost", "energy").stages[1].value + 1e-9


def test_a_frontier_never_turns():
    """The tighter the cap on energy's rival, the more energy; below the least cost there is no plan."""
    scenario = two_sites(UNITS)
    cheapest = planner.solve(scenario).objective
    least_energy = reached(scenario, "energy")
    found = []
    for share in (0.0, 0.25, 0.5, 1.0):
        cap = cheapest + share * (least_energy.objective - cheapest) + 1e-3
        found.append(reached(scenario.replace(caps=Caps(cost=Money(cap, "XTS"))), "energy").stages[0].value)
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx(least_energy.stages[0].value, rel=1e-6)
    with pytest.raises(planner.InfeasibleError):
        planner.solve(scenario.replace(caps=Caps(cost=Money(cheapest - 1.0, "XTS"))))


CAPPED = {"completion": "{:.9f} days", "throughput": "{:.9f} PFLOP/s", "concentration": "{:.9f}", "shortage": "{:.9f}"}


@pytest.mark.parametrize("name", CAPPED)
def test_at_a_tie_the_cheapest_is_taken(name):
    """Seeking a goal first costs what least cost does under a cap at what was reached."""
    scenario = cases.run_beside_stream(UNITS)
    if name != "shortage":
        streams = tuple(s.model_copy(update={"shortfall": None}) for s in scenario.streams)
        scenario = scenario.replace(workloads=(*scenario.runs, *streams))
    plan = reached(scenario, name)
    room = -2e-9 if name == "throughput" else 2e-9
    cap = CAPPED[name].format(min(plan.stages[0].value + room, 1.0 if name == "concentration" else 1e9))
    again = planner.solve(scenario.replace(caps=Caps.model_validate({name: cap})))
    assert plan.objective == pytest.approx(again.objective, rel=1e-4)
    assert plan.objective >= planner.solve(scenario).objective * (1 - 1e-9)


def test_what_nothing_can_reach_is_infeasible():
    with pytest.raises(planner.InfeasibleError):
        planner.solve(two_sites(UNITS).replace(caps=Caps.model_validate({"throughput": "1 EFLOP/s"})))


WRONG = {
    "unknown": ({"objective": "enrgy"}, "did you mean energy"),
    "twice": ({"objective": ["cost", "energy", "cost"]}, "sought twice"),
    "two in one": ({"objective": [{"cost": 0.1, "energy": 0.2}]}, "with its tolerance"),
    "empty": ({"objective": []}, "empty"),
    "nothing to seek": ({"objective": "completion"}, "no coherent run"),
    "nothing to cap": ({"caps": {"completion": "9 days"}}, "no coherent run"),
    "a do-nothing": ({"objective": ["energy", "shortage"]}, "do nothing"),
    "a currency": ({"caps": {"cost": "9 YYY"}}, "no rate"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused_at_its_place(name):
    from planner.scenario.load import patched

    change, told = WRONG[name]
    scenario = cases.grid_and_pue(UNITS)
    if name == "a do-nothing":
        scenario = cases.hall_power(UNITS)
    with pytest.raises(planner.InputError, match=told):
        patched(scenario, change)
