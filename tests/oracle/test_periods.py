"""Periods of any length: what nothing happens in may be split, and the brute force agrees on uneven ones."""

import pytest

import planner
from planner.scenario.load import patched
from planner.scenario.model import RentOffer, Scenario
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.tiny import RED, Units, build, run, site, stream

UNITS = Units(rate)
CUTS = {
    "quarters": {"start": "2026-Q1", "end": "2026-Q4"},
    "months": {"start": "2026-01", "end": "2026-12", "step": "month"},
    "half-years": {"start": "2026-H1", "end": "2026-H2", "step": "half-year"},
    "a year": {"start": "2026", "end": "2026", "step": "year"},
    "mixed": {"periods": ["2026-01", "2026-02", "2026-03", "2026-Q2", "2026-Q3", "2026-Q4"]},
    "late mixed": {"periods": ["2026-Q1", "2026-Q2", "2026-07", "2026-08", "2026-09", "2026-Q4"]},
}
BASE = [{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}]


def solved(scenario: Scenario) -> planner.Plan:
    plan = planner.solve(patched(scenario, {}))
    assert plan.objective - plan.bound <= 1e-6 * max(1.0, abs(plan.objective))
    return plan


@pytest.mark.parametrize("cut", CUTS)
def test_splitting_periods_in_which_nothing_happens_changes_nothing(cut):
    """The base does the work: without a discount, when a bill is paid does not matter."""
    free = {"discount_rate": "0 %/yr", "fx": {"XXX": 2.0}}
    work = [stream(UNITS.target(RED, 1.3))]
    costs = [
        solved(build(horizon=horizon, finance=free, workloads=work, installed=BASE, supply={})).objective
        for horizon in (CUTS["quarters"], CUTS[cut])
    ]
    assert costs[1] == pytest.approx(costs[0], rel=1e-9)


@pytest.mark.parametrize("cut", [name for name in CUTS if name != "quarters"])
def test_supply_of_a_year_is_the_same_however_it_is_cut(cut):
    """National supply by share, and so many a year: both are sums over days."""
    for entry in ({"share": 0.01}, {"per_year": 40}):
        limits = []
        for horizon in (CUTS["quarters"], CUTS[cut]):
            supply = {"allocations": [{"accelerator": "tiny-red", **entry}]}
            scenario = build(horizon=horizon, workloads=[stream(UNITS.target(RED, 0.5))], installed=BASE, supply=supply)
            limits.append(sum(solved(scenario).problem.allocation.values()))
        assert limits[1] == pytest.approx(limits[0], rel=1e-9)
        assert limits[0] == pytest.approx(36.5 if "share" in entry else 40 * 365 / 365.25, rel=1e-6)


UNEVEN = {
    "bought in spring": {"workloads": [stream({"2026-Q2": UNITS.target(RED, 1.4)})]},
    "a run over several": {"workloads": [run(UNITS.tokens(RED, 1, 0.9), "2026-Q3", [4], earliest="2026-Q2")]},
    "a base too old": {
        "workloads": [stream(UNITS.target(RED, 0.6), shortfall=UNITS.short(RED, 9000))],
        "installed": [{**BASE[0], "count": 1, "since": "2021-03"}],
    },
}
PERIODS = {"periods": ["2026-Q1", "2026-04", "2026-05", "2026-06"]}


@pytest.mark.parametrize("case", UNEVEN)
def test_uneven_periods_against_the_brute_force(case):
    supply = {"allocations": [{"accelerator": "tiny-red", "share": 0.02}]}
    horizon = {"periods": ["2026-02", "2026-03", "2026-Q2", "2026-Q3"]} if "run" in case else PERIODS
    scenario = build(horizon=horizon, supply=supply, **UNEVEN[case])
    expected = Brute(scenario, facts(scenario)).solve()
    assert solved(scenario).objective == pytest.approx(expected, rel=1e-6)


def test_a_deadline_within_a_period_is_kept_to_the_day():
    """A run of 80 days from April is done by the end of June, not by the end of May."""
    horizon = {"start": "2026-Q1", "end": "2026-Q3"}
    done = build(horizon=horizon, workloads=[run(UNITS.tokens(RED, 1, 0.88), "2026-06", [4])])
    assert solved(done).decisions.starts[0].period == 1
    late = build(horizon=horizon, workloads=[run(UNITS.tokens(RED, 1, 0.88), "2026-05", [4])])
    with pytest.raises(planner.InfeasibleError):
        solved(late)


def test_a_life_that_ends_within_an_uneven_plan():
    """What is bought is past its life on the first day that is so many months later, whatever the periods."""
    horizon = {"periods": ["2026-Q1", "2026-Q2", "2026-07", "2026-08", "2026-09", "2026-Q4", "2027-01"]}
    parameters = {"hardware-life": "0.5 years"}
    work = [stream({"2026-Q2": UNITS.target(RED, 0.5)}, shortfall=UNITS.short(RED, 90000))]
    supply = {"allocations": [{"accelerator": "tiny-red", "per_year": 400}]}
    plan = solved(build(horizon=horizon, parameters=parameters, workloads=work, supply=supply))
    first = next(record.period for record in plan.decisions.installs)
    gone = next(record.period for record in plan.decisions.retirements)
    assert plan.problem.life_ends[first] == gone


def test_what_is_offered_from_a_quarter_on_waits_for_the_half_year_after():
    """A step of power and an offer for rent, both from the second quarter on, while the plan is made in half-years."""
    half = {"start": "2026-H1", "end": "2026-H2", "step": "half-year"}
    more = {"id": "feeder", "power": "20 kW", "cost": "1 XTS", "lead_time": "0 h", "earliest": "2026-Q2"}
    cloud = {"id": "cloud", "system": RED, "region": "coast", "systems": 2, "price": "0.01 XTS/h", "first": "2026-Q2"}
    work = [stream(UNITS.target(RED, 2.5), shortfall=UNITS.short(RED, 60000))]
    places = [site(grid="6 kW", expansions=[more])]
    scenario = build(horizon=half, sites=places, workloads=work, installed=BASE, supply={})
    for asked in (scenario, scenario.replace(rent=(RentOffer.model_validate(cloud),))):
        plan = solved(asked)
        assert plan.objective == pytest.approx(Brute(asked, facts(asked)).solve(), rel=1e-6)
        begun = (*plan.decisions.expansions, *plan.decisions.rentals)
        assert {taken.period for taken in begun} == {1}


WRONG = {
    "a gap": ({"periods": ["2026-Q1", "2026-Q3"]}, "does not begin where"),
    "an overlap": ({"periods": ["2026-Q1", "2026-03"]}, "does not begin where"),
    "two ways": ({"periods": ["2026-Q1", "2026-Q2"], "step": "quarter"}, "either a `step`"),
    "other ends": ({"periods": ["2026-Q1", "2026-Q2"], "end": "2026-Q3"}, "not those of the periods"),
    "half-years from April": ({"start": "2026-Q2", "end": "2027-Q1", "step": "half-year"}, "no whole number"),
    "a year from April": ({"start": "2026-Q2", "end": "2027-Q1", "step": "year"}, "no whole number"),
    "supply per period": ({"periods": ["2026-01", "2026-02", "2026-03", "2026-Q2"]}, "per_year"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(name):
    from pydantic import ValidationError

    horizon, told = WRONG[name]
    with pytest.raises((planner.InputError, ValidationError), match=told):
        solved(build(horizon=horizon, workloads=[stream(UNITS.target(RED, 0.5))], installed=BASE))
