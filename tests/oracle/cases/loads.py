"""What draws power beside the systems at work, and networks that halls buy."""

from planner.scenario.model import Scenario
from tests.oracle.tiny import BLUE, RED, Units, build, hall, run, site, stream, supply


def idle_base(u: Units) -> Scenario:
    """An old server that has nothing to do is retired for its idle draw; the other draws some while it waits."""
    halls = (hall(it_power="9 kW"), hall("wet", cooling="liquid", it_power="9 kW"))
    return build(
        sites=[site(halls=halls, grid="8.2 kW")],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.9), ported=["redware", "greenware"], shortfall=u.short(RED, 40000))],
        supply=supply(red=0, green=8),
        power={"idle": "assumed"},
    )


def idle_unplugged(u: Units) -> Scenario:
    """In a power cut what is off is unplugged: there is room for one server that works. Three are needed later."""
    return build(
        sites=[site(grid="16 kW", cuts=[{"start": "2026-Q2", "power": "11 kW"}])],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 3, "since": "2025-Q1"}],
        workloads=[stream({"2026-Q1": u.target(RED, 0.9), "2026-Q3": u.target(RED, 2.6)})],
        supply={},
        power={"idle": "10 %"},
    )


def network_and_storage(u: Units) -> Scenario:
    """Two servers fit the hall by their own power, and not with network and storage."""
    return build(
        sites=[site(halls=(hall(it_power="8.1 kW"),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.6)}, shortfall=u.short(RED, 40000))],
        power={"network": "assumed", "storage": "10 W"},
    )


def power_of_everything(u: Units) -> Scenario:
    """A supernode has its own network; a cap on energy counts idle servers too."""
    halls = (hall(), hall("wet", cooling="liquid"))
    return build(
        sites=[site(halls=halls)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q2": u.target(RED, 1.4)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
        ],
        supply=supply(red=4, blue=8),
        limits={"energy": {"per_year": {"2026-Q3": "12.5 MWh"}}},
        power={"idle": "20 %", "network": "60 W", "storage": "assumed"},
    )


SHORT = {"start": "2026-Q1", "end": "2026-Q2"}
LEAF = {"id": "leaf", "reach": 4, "cost": "200 XTS", "power": "10 W"}
SPINE = {"id": "spine", "reach": 16, "cost": "500 XTS", "power": "30 W"}


def wired(*offers: dict[str, object], **changes: object) -> dict[str, object]:
    """An air hall that buys its network."""
    network = {
        key: changes.pop(key) for key in ("installed", "attach", "lead_time", "life", "maintenance") if key in changes
    }
    return hall(max_cluster=None, fabric={"offers": list(offers), **network}, **changes)


def network_bought(u: Units) -> Scenario:
    """Small jobs need the nearest network only, whose ports are bought when servers come."""
    return build(
        horizon=SHORT, sites=[site(halls=(wired(LEAF, SPINE),))], workloads=[stream({"2026-Q2": u.target(RED, 1.5)})]
    )


def network_of_large_jobs(u: Units) -> Scenario:
    """Jobs on two servers need the farther network, whose power counts on top."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, it_power="8.2 kW"),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, least_job=5, shortfall=u.short(RED, 60000))],
    )


def network_part_time(u: Units) -> Scenario:
    """A job on two servers for three fifths of the time has a port of each network for all of them."""
    thin = {"id": "thin", "reach": 7, "cost": "210 XTS", "power": "12 W", "oversubscription": 40}
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, thin, SPINE),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, least_job=5, shortfall=u.short(RED, 60000))],
    )


def network_all_there(u: Units) -> Scenario:
    """Ports of the farther network for everything are there, and large jobs use them."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, installed={"spine": 8}),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.8, systems=2), least_job=5, shortfall=u.short(RED, 60000))],
        supply={},
    )


def demand_charge(u: Units) -> Scenario:
    """The highest draw has a price at the near meter: the second server goes to the far one, where energy is dearer."""
    near = site("near", demand_charge={"2026-Q1": "20 XTS/kW/month", "2026-Q3": "90 XTS/kW/month"})
    far = site("far", tariff="0.8 XTS/kWh", region="coast")
    return build(
        sites=[near, far],
        installed=[{"system": RED, "site": "near", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[stream({"2026-Q2": u.target(RED, 1.6)}, shortfall=u.short(RED, 60000))],
        supply=supply(red=4),
        power={"idle": "10 %", "network": "50 W"},
    )


def demand_of_a_large_job(u: Units) -> Scenario:
    """Half a job on two servers draws as much at once as a whole one: falling short may be cheaper."""
    target = {"2026-Q1": u.target(RED, 0.3, systems=2), "2026-Q2": u.target(RED, 1, systems=2)}
    return build(
        horizon=SHORT,
        sites=[site(demand_charge="20 XXX/kW/month")],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[stream(target, least_job=5, shortfall=u.short(RED, 900))],
        supply={},
    )


def demand_of_a_run(u: Units) -> Scenario:
    """A run on two servers for a tenth of a quarter draws for both; one server takes longer and draws less."""
    return build(
        horizon=SHORT,
        sites=[site(demand_charge="30 XTS/kW/month")],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[
            run(u.tokens(RED, 1, 0.9), "2026-Q2", [4, 8], missed="90000 XTS"),
            stream(u.target(RED, 0.4), shortfall=u.short(RED, 2000)),
        ],
        supply={},
    )


def network_upgraded(u: Units) -> Scenario:
    """The base has ports of the nearest network; a run on both servers is due, so they are raised for it."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[
            run(u.tokens(RED, 2, 0.7), "2026-Q2", [8], earliest="2026-Q2"),
            stream({"2026-Q1": u.target(RED, 1.1), "2026-Q2": u.target(RED, 0.3)}),
        ],
        supply={},
    )


def network_that_takes_time(u: Units) -> Scenario:
    """Ports ordered at once are there in the second quarter, for jobs on both servers; what is left of them counts."""
    dear = {**SPINE, "cost": "2000 XTS"}
    place = wired(LEAF, dear, lead_time="30 days", life="2 yr", maintenance="12 %/yr")
    return build(
        horizon=SHORT,
        sites=[site(halls=(place,))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 1.2), least_job=5, shortfall=u.short(RED, 9000))],
        supply={},
    )


def network_by_assumption(u: Units) -> Scenario:
    """Servers come a quarter after their order, and so do their ports: wait, life and upkeep are the catalog's."""
    return build(
        sites=[site(halls=(wired(LEAF, SPINE, lead_time="assumed", life="assumed", maintenance="assumed"),))],
        workloads=[stream({"2026-Q2": u.target(RED, 0.8)}, shortfall=u.short(RED, 60000))],
        supply=supply(red=4),
    )


def network_there(u: Units) -> Scenario:
    """Ports of the farther network for one server are there; the second is bought, and small jobs share the first."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, installed={"spine": 4}),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.5), "2026-Q2": u.target(RED, 1.3)}),
            run(u.tokens(RED, 2, 0.2), "2026-Q2", [8], missed="9000 XTS"),
        ],
    )


def network_oversubscribed(u: Units) -> Scenario:
    """A thin network that reaches as far is cheaper and slower for large jobs: what is missing has a price."""
    thin = {"id": "thin", "reach": 16, "cost": "210 XTS", "power": "12 W", "oversubscription": 40}
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(SPINE, LEAF, thin),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.9)}, least_job=5, shortfall=u.short(RED, 9000))],
    )


def network_of_supernodes(u: Units) -> Scenario:
    """A supernode has its own network unless all attach: here it needs ports."""
    offers = ({**LEAF, "reach": 8}, {**SPINE, "cost": "9000 XTS"})
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(*offers, attach="all", cooling="liquid"),))],
        workloads=[
            stream({"2026-Q2": u.target(BLUE, 0.8)}, ported=["blueware"]),
            run(u.tokens(BLUE, 2, 0.3), "2026-Q2", [8, 16], missed="30000 XTS", ported=["blueware"]),
        ],
        supply=supply(red=0, blue={"2026-Q2": 8}),
        knowledge_date="2026-01-31",
        policy={"without": ["no-blue-imports"]},
    )


def network_of_one_job(u: Units) -> Scenario:
    """A job on a supernode reaches beyond the nearest network: all eight of its ports are bought for part of a job."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, attach="all", cooling="liquid"),))],
        workloads=[stream({"2026-Q2": u.target(BLUE, 0.8)}, ported=["blueware"])],
        supply=supply(red=0, blue={"2026-Q2": 8}),
        knowledge_date="2026-01-31",
        policy={"without": ["no-blue-imports"]},
    )
