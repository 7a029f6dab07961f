"""Coherent runs, divisible work, porting, budgets and the price of falling short."""

from planner.scenario.model import Scenario
from tests.oracle.cases.common import blue_is_free
from tests.oracle.tiny import BLUE, GREEN, RED, Units, build, hall, run, site, stream, supply


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


def run_on_old_servers(u: Units) -> Scenario:
    """The last, shorter part of a run needs less than half of its servers, and has to keep both in service."""
    return build(
        workloads=[run(u.tokens(RED, 2, 1.3), "2026-Q2", [8], missed="90000 XTS")],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        supply=supply(red=0, green=4),
    )


def ported_for_nothing(u: Units) -> Scenario:
    """A run that software has to be ported for is missed: a port and a server cost more."""
    work = run(u.tokens(RED, 1, 0.4), "2026-Q3", [4], missed="3000 XTS", ported=[])
    return build(workloads=[work], supply=supply(red=4))


def run_worth_nothing(u: Units) -> Scenario:
    """A run that may be missed for nothing is."""
    return build(workloads=[run(u.tokens(RED, 1, 0.4), "2026-Q3", [4], missed="0 XTS")], supply=supply(red=4))


def within_a_time(u: Units) -> Scenario:
    """One server would do by the deadline; within 50 days it takes two, which one hall of the two joins."""
    halls = (hall(max_cluster=4), hall("joined", max_cluster=8, it_power="9 kW", pue=1.6))
    work = run(u.tokens(RED, 1, 0.9), "2026-Q3", [4, 8], within="50 days")
    return build(sites=[site(halls=halls)], workloads=[work], supply=supply(red=8))


def started_together(u: Units) -> Scenario:
    """One server does both runs in turn; together they take two, which are there in the last quarter."""
    one = run(u.tokens(RED, 1, 0.8), "2026-Q3", [4], "frontier.1", together=True, family="same")
    return build(workloads=[one, {**one, "id": "frontier.2"}], supply=supply(red=4, carry_over=False))


def together_anyway(u: Units) -> Scenario:
    """The deadline leaves one quarter for both."""
    one = run(u.tokens(RED, 1, 0.8), "2026-Q2", [4], "frontier.1", together=True, family="same", missed="9000 XTS")
    return build(workloads=[one, {**one, "id": "frontier.2"}], supply=supply(red=8))


def tokens_by_a_day(u: Units) -> Scenario:
    """Energy is cheaper in the last quarter; by its end a server and a half have trained what is asked."""
    price = {"2026-Q1": "0.9 XTS/kWh", "2026-Q3": "0.1 XTS/kWh"}
    work = stream({"2026-Q2": u.target(RED, 0.2)}, tokens={"2026-Q3": u.tokens(RED, 1, 1.6)})
    return build(sites=[site(tariff=price)], workloads=[work], supply=supply(red=8))


def tokens_twice(u: Units) -> Scenario:
    """Tokens by two days: the first is missed at its price, which is less than a second server's."""
    tokens = {"2026-Q2": u.tokens(RED, 1, 1.4), "2026-Q3": u.tokens(RED, 1, 1.8)}
    return build(workloads=[stream("0 tokens/s", tokens=tokens, shortfall=u.short(RED, 9000))], supply=supply(red=8))


def tokens_anyway(u: Units) -> Scenario:
    """The target asks for more than the tokens do."""
    work = stream({"2026-Q2": u.target(RED, 0.9)}, tokens={"2026-Q3": u.tokens(RED, 1, 1.1)})
    return build(workloads=[work], supply=supply(red=8))


def floor_of_compute(u: Units) -> Scenario:
    """Part of the work has to be done at the dear site, and a run there counts for it."""
    places = [site("cheap", tariff="0.1 XTS/kWh"), site("dear", tariff="0.9 XTS/kWh", region="coast")]
    floor = {"region": "coast", "compute": {"2026-Q2": u.compute(RED, 1.3), "2026-Q3": u.compute(RED, 0.7)}}
    work = [stream({"2026-Q2": u.target(RED, 1.4)}, shortfall=u.short(RED, 60000))]
    return build(sites=places, workloads=work, least_compute=[floor], supply=supply(red=8))


def floor_anyway(u: Units) -> Scenario:
    """The only site reaches the floor with what is asked of it."""
    work = [stream({"2026-Q2": u.target(RED, 1.4)})]
    floor = {"sites": ["home"], "compute": {"2026-Q2": u.compute(RED, 0.1)}}
    return build(workloads=work, least_compute=[floor], supply=supply(red=8))


def target_in_flops(u: Units) -> Scenario:
    """Work asked for in FLOP/s."""
    work = stream("0 tokens/s", shortfall=u.short(RED, 20000))
    del work["target"]
    return build(workloads=[work | {"compute": {"2026-Q2": u.compute(RED, 2.6)}}], supply=supply(red=8))


def money_for_everything(u: Units) -> Scenario:
    """Budgets that are not used up."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 12000))],
        budget={"total": "900000 XTS", "per_year": {"2026": "800000 XTS"}},
    )


def kept_though_idle(u: Units) -> Scenario:
    """The old server is retired after its last quarter, the new one stays at its upkeep: it is not thrown away."""
    target = {"2026-Q1": u.target(RED, 0.5), "2026-Q2": u.target(RED, 1.9), "2026-Q3": "0 tokens/s"}
    return build(
        workloads=[stream(target)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        supply=supply(red=4),
    )


def two_vendors(u: Units, caps: dict[str, str], **changes: object) -> Scenario:
    """Cheap blue from abroad and dear red, within caps on what could be sought."""
    fields: dict[str, object] = {
        "horizon": {"start": "2026-Q1", "end": "2026-Q2"},
        "workloads": [stream({"2026-Q2": u.target(RED, 2)}, ported=["redware", "blueware"])],
        "supply": supply(red={"2026-Q2": 8}, blue={"2026-Q2": 8}, carry_over=False),
        "caps": caps,
    }
    return blue_is_free(u, [], **fields | changes)


def capped_concentration(u: Units) -> Scenario:
    """No vendor may do more than seven tenths of the work."""
    return two_vendors(u, {"concentration": "70 %"})


def capped_concentration_of_a_run(u: Units) -> Scenario:
    """A run on blue counts as blue's maker's work: the rest is red's."""
    works = [
        run(u.tokens(BLUE, 1, 0.5), "2026-Q2", [8], ported=["blueware"]),
        stream({"2026-Q2": u.target(RED, 1)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000)),
    ]
    return two_vendors(u, {"concentration": "60 %"}, workloads=works)


def capped_throughput(u: Units) -> Scenario:
    """More is trained than the target asks for."""
    work = stream({"2026-Q2": u.target(RED, 0.3)}, ported=["redware", "blueware"])
    return two_vendors(u, {"throughput": u.compute(RED, 0.9)}, workloads=[work])


def capped_completion(u: Units) -> Scenario:
    """A run that could wait for cheap energy has to be done early, on average with one that is missed."""
    price = {"2026-Q1": "2 XTS/kWh", "2026-Q3": "0.1 XTS/kWh"}
    one = run(u.tokens(RED, 1, 0.4), "2026-Q3", [4], missed="9000 XTS", family="same")
    base = {"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}
    return build(
        sites=[site(tariff=price)],
        workloads=[one, {**one, "id": "other", "tokens": u.tokens(RED, 1, 0.5)}],
        installed=[base],
        supply={},
        caps={"completion": "130 days"},
    )


def capped_beyond_need(u: Units) -> Scenario:
    """Caps that the cheapest plan keeps anyway."""
    caps = {"cost": "900000 XTS", "concentration": "100 %", "throughput": u.compute(RED, 0.1)}
    return two_vendors(u, caps)


def runs_in_turn(u: Units) -> Scenario:
    """Two runs of less than half a quarter each: on one server one begins a quarter after the other."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    return build(installed=base, workloads=[run(u.tokens(RED, 1, 0.4), "2026-Q2", [4], count=2)], supply=supply(red=4))


def runs_meet(u: Units) -> Scenario:
    """Both runs are due in the quarter in which the second server comes: there must be two, though each works half."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    work = run(u.tokens(RED, 1, 0.4), "2026-Q2", [4], count=2, together=True, missed="30000 XTS")
    return build(installed=base, workloads=[work], supply=supply(red=4))


def runs_fed_in_turn(u: Units) -> Scenario:
    """Two servers stand there and the hall feeds one: the runs wait for one another."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}]
    work = run(u.tokens(RED, 1, 0.4), "2026-Q3", [4], count=2)
    late = run(u.tokens(RED, 1, 1.2), "2026-Q3", [4], name="late", missed="9000 XTS")
    return build(
        installed=base, workloads=[work, late], supply=supply(red=0), sites=[site(halls=(hall(it_power="7.5 kW"),))]
    )


def runs_not_fed(u: Units) -> Scenario:
    """Two short runs are due in the quarter in which the hall feeds one of the two servers: one is missed."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}]
    work = run(u.tokens(RED, 1, 0.4), "2026-Q1", [4], missed="9000 XTS", family="same")
    return build(
        installed=base,
        workloads=[work, {**work, "id": "other"}],
        supply={},
        sites=[site(halls=(hall(it_power="7.5 kW"),))],
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
