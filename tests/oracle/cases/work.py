"""Coherent runs, divisible work, porting, budgets and the price of falling short."""

from planner.scenario.model import Scenario
from tests.oracle.tiny import GREEN, RED, Units, build, hall, run, site, stream, supply


def coherent_reach(u: Units) -> Scenario:
    """The run fits its deadline on two servers only; one hall joins two, the other one."""
    halls = (hall(max_cluster=4, it_power="20 kW"), hall("joined", max_cluster=8, it_power="9 kW"))
    return build(
        sites=[site(halls=halls)],
        workloads=[run(u.tokens(RED, 2, 0.9), "2026-Q2", [4, 8])],
        supply=supply(red=8),
    )


def deadline_or_miss(u: Units) -> Scenario:
    """One server takes a quarter and a half; missing the run has a price."""
    return build(
        workloads=[run(u.tokens(RED, 1, 1.5), "2026-Q3", [4, 8], missed="60000 XTS", earliest="2026-Q2")],
        supply=supply(red=4),
    )


def better_missed(u: Units) -> Scenario:
    """Doing the run costs more than missing it."""
    return build(workloads=[run(u.tokens(RED, 1, 1.5), "2026-Q3", [4, 8], missed="9000 XTS")])


def run_beside_stream(u: Units) -> Scenario:
    """The last period of a run is shared with divisible work."""
    return build(
        workloads=[
            run(u.tokens(RED, 1, 1.5), "2026-Q3", [4]),
            stream({"2026-Q3": u.target(RED, 1.25)}, shortfall=u.short(RED, 20000)),
        ],
        supply=supply(red=4),
    )


def tight_budget(u: Units) -> Scenario:
    """Cash pays for one server and the price of what is missing, though two would cost less in the end."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 12000))],
        budget={"total": "52000 XTS"},
    )


def yearly_budget(u: Units) -> Scenario:
    """Cash at the end of the year's last quarter belongs to that year."""
    return build(
        horizon={"start": "2026-Q3", "end": "2027-Q1"},
        workloads=[stream({"2026-Q4": u.target(RED, 1.5)}, shortfall=u.short(RED, 20000))],
        budget={"per_year": {"2026": "40000 XTS"}},
    )


def porting(u: Units) -> Scenario:
    """Green is cheap but needs a port that takes a quarter and a fee."""
    both = site(halls=(hall(), hall("wet", cooling="liquid")))
    return build(
        sites=[both],
        workloads=[stream({"2026-Q3": u.target(GREEN, 1.9)})],
        supply=supply(red=4, green=4),
    )


def shortfall_price(u: Units) -> Scenario:
    """Buying is worth it for the whole target but not for its tip."""
    return build(
        workloads=[
            stream({"2026-Q1": u.target(RED, 1.1), "2026-Q3": u.target(RED, 2.05)}, shortfall=u.short(RED, 20000))
        ],
        supply=supply(red=8),
    )


def least_job(u: Units) -> Scenario:
    """Jobs of two servers at least, counted whole: three servers are as good as two."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1, systems=2)}, least_job=5, shortfall=u.short(RED, 20000))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        supply=supply(red=8),
    )


def two_streams(u: Units) -> Scenario:
    """Two kinds of work share the servers of a hall."""
    return build(
        workloads=[
            stream({"2026-Q2": u.target(RED, 0.7)}, shortfall=u.short(RED, 15000)),
            stream({"2026-Q2": u.target(RED, 0.9)}, name="second", shortfall=u.short(RED, 30000)),
        ],
        supply=supply(red=4),
    )
