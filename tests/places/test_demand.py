"""What the highest draw at a meter costs: worked out by hand, and where it sends work."""

import pytest

import planner
from planner.scenario.load import patched
from tests.oracle.catalog import rate
from tests.oracle.tiny import RED, Units, build, run, site, stream

UNITS = Units(rate)
MONTH = 365.25 * 24 / 12
BASE = [{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}]


def billed(plan: planner.Plan) -> list[float]:
    """The charge by period, positive."""
    found = [0.0] * len(plan.problem.calendar)
    for flow in plan.flows:
        if flow.line == "demand_charge":
            found[flow.period] -= flow.amount
    return found


def at_home(price: object = "10 XTS/kW/month", **changes: object) -> planner.Plan:
    plan = planner.solve(build(sites=[site(demand_charge=price)], installed=BASE, supply={}, **changes))
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * plan.objective
    return plan


def solved(price: str) -> planner.Plan:
    """As `at_home`, from YAML on: what the checks of a scenario see."""
    work = [stream(UNITS.target(RED, 1))]
    scenario = build(sites=[site(demand_charge=price)], installed=BASE, supply={}, workloads=work)
    return planner.solve(patched(scenario, {}))


def months(plan: planner.Plan) -> list[float]:
    return [period.hours / MONTH for period in plan.problem.calendar]


def test_work_on_single_servers_is_billed_by_its_mean():
    plan = at_home(workloads=[stream(UNITS.target(RED, 1.5))])
    assert billed(plan) == pytest.approx([1.5 * 4.0 * 1.25 * 10 * m for m in months(plan)])


def test_a_job_of_two_servers_is_billed_whole_however_short_it_runs():
    plan = at_home(workloads=[stream(UNITS.target(RED, 0.5), least_job=5)])
    assert billed(plan) == pytest.approx([2 * 4.0 * 1.25 * 10 * m for m in months(plan)])


def test_a_run_is_billed_whole_in_each_period_that_it_touches():
    plan = at_home(workloads=[run(UNITS.tokens(RED, 1, 1.1), "2026-Q3", [4], earliest="2026-Q1")])
    touched = [t for t, amount in enumerate(billed(plan)) if amount]
    assert len(touched) == 2
    assert [billed(plan)[t] for t in touched] == pytest.approx([4.0 * 1.25 * 10 * months(plan)[t] for t in touched])


def test_the_hottest_month_counts_and_prices_step_and_rise():
    halls = ({"id": "air", "cooling": "air", "it_power": "40 kW", "rack_power": "20 kW", "racks": 8},)
    hot = site(halls=({**halls[0], "pue_season": {"M05": 1.2}},), demand_charge={"2026-Q2": "10 XTS/kW/month"})
    money = {"discount_rate": "8 %/yr", "fx": {"XXX": 2.0}, "irrecoverable_vat": {"demand_charge": "10 %"}}
    plan = planner.solve(
        build(sites=[hot], installed=BASE, supply={}, finance=money, workloads=[stream(UNITS.target(RED, 1))])
    )
    due = [0.0, *(4.0 * pue * 10 * m for pue, m in zip((1.5, 1.25), months(plan)[1:], strict=True))]
    assert billed(plan) == pytest.approx(due)
    vat = -sum(flow.amount for flow in plan.flows if flow.line == "vat")
    assert vat == pytest.approx(0.1 * sum(due))


def test_idle_systems_and_networks_are_billed_too():
    plan = at_home(workloads=[stream(UNITS.target(RED, 1))], power={"idle": "20 %", "network": "50 W"})
    on = 4.0 + 4 * 0.05
    fleet = plan.tables["fleet"]
    assert billed(plan) == pytest.approx(
        [(on + 0.8 * (row["systems_close"] - 1)) * 1.25 * 10 * m for row, m in zip(fleet, months(plan), strict=True)]
    )


def test_work_goes_where_power_is_charged_less():
    """Energy costs the same at both sites; a charge at one of them sends everything to the other."""
    both = [{**BASE[0], "site": name, "count": 1} for name in ("east", "west")]
    for dear in ("east", "west"):
        sites = [site(name, demand_charge="30 XTS/kW/month" if name == dear else None) for name in ("east", "west")]
        work = [stream(UNITS.target(RED, 0.9))]
        plan = planner.solve(build(sites=sites, installed=both, supply={}, workloads=work))
        assert {job.site for job in plan.decisions.jobs} == {"east", "west"} - {dear}
        assert sum(billed(plan)) == 0.0


def test_nothing_is_made_where_no_price_is_stated():
    plan = planner.solve(build(installed=BASE, supply={}, workloads=[stream(UNITS.target(RED, 1.5))]))
    assert not plan.problem.demand_events
    free = at_home("0 XTS/kW/month", workloads=[stream(UNITS.target(RED, 1.5))])
    assert free.objective == pytest.approx(plan.objective)
    assert sum(billed(free)) == 0.0


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ("10 XTS/kW", "capacity charge"),
        ("10 EUR/kW/month", "no rate is given for EUR"),
        ("-3 XTS/kW/month", "negative"),
    ],
)
def test_what_makes_no_sense_is_refused(price, told):
    from pydantic import ValidationError

    with pytest.raises((planner.InputError, ValidationError), match=told):
        solved(price)
