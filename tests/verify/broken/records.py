"""What records must say, and when and where things may be bought, placed and used."""

from dataclasses import replace
from datetime import date

from planner.plan.decisions import Accepted, Expansion, Install, Jobs, Missed, Order, Port, Rental, Shortfall, Spare
from planner.plan.verify import Case
from tests.verify.altered import (
    ENOUGH,
    Make,
    asked,
    asked_and_decided,
    decided,
    jobs_on_two_kinds,
    over,
    refused,
    swapped,
    system,
    wired,
)
from tests.verify.hand import PLAN, QUARTER, SCENARIO, HandWorld, scenario

RECORDS: dict[str, dict[str, Make]] = {
    "names": {
        "system": lambda: decided(orders=(*PLAN.orders, Order("delta-8", 0, 1))),
        "hall": lambda: decided(installs=(*PLAN.installs, Install("alpha-8", "south", "wet", 3, 0))),
        "period": lambda: decided(ports=(Port("moe", "pb", 4),)),
        "network of a hall": lambda: wired(*ENOUGH, ("core", 1, 1)),
        "network of work": lambda: wired(*ENOUGH, jobs=over(None)),
        "network where none is bought": lambda: decided(jobs=over("leaf")),
        "workload": lambda: decided(shortfalls=(Shortfall("frontier", 3, 1.0),)),
        "family": lambda: decided(ports=(*PLAN.ports, Port("mo", "pb", 0))),
        "pending order": lambda: decided(accepted=(Accepted("lost"),)),
        "offer for rent": lambda: decided(rentals=(Rental("cloud", 0, 1),)),
        "rented place": lambda: decided(jobs=(*PLAN.jobs, Jobs("tune", "gamma-8", 8, "rented", "cloud", 2, 1.0))),
        "kind that works with another": lambda: jobs_on_two_kinds(mixed=[]),
        "option": lambda: decided(expansions=(Expansion("north", "line", 0, 1),)),
    },
    "numbers": {
        "part of a system": lambda: decided(orders=swapped(PLAN.orders, {"system": "alpha-8"}, count=4.5)),
        "negative": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 1, -1))),
        "negative shortfall": lambda: decided(shortfalls=(Shortfall("dense", 3, -1.0),)),
        "another kind without its number": lambda: jobs_on_two_kinds(beside_accelerators=None),
        "nan": lambda: decided(jobs=swapped(PLAN.jobs, {"workload": "tune"}, jobs=float("nan"))),
    },
    "once": {
        "spare": lambda: decided(spares=(Spare("gamma-8", "south", "air", 1, 0.1),) * 2),
        "order": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 0, 1))),
        "accepted": lambda: decided(accepted=(Accepted("late"), Accepted("late"))),
    },
    "candidate": {
        "excluded": lambda: asked(systems={"exclude": ["gamma-8", "beta-64"]}),
        "not included": lambda: asked(systems={"include": ["beta-64"]}),
    },
    "arrival": {
        "last period": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 3, 1))),
        "licence": lambda: Case(
            scenario(),
            HandWorld(delays={"beta": 3 * QUARTER}),
            replace(
                PLAN,
                installs=PLAN.installs[:2],
                powered=tuple(p for p in PLAN.powered if p.system != "beta-64"),
                starts=(),
                missed=(Missed("frontier"),),
            ),
        ),
    },
    "release": {"too early": lambda: system("beta-64", released=date(2026, 7, 1))},
    "pending-due": {
        "behind the horizon": lambda: asked_and_decided(
            {"orders": [*SCENARIO["orders"], {**SCENARIO["orders"][0], "id": "far", "due": "2027-Q1"}]},
            accepted=(Accepted("late"), Accepted("far")),
        )
    },
    "order-permitted": {"forbidden": lambda: refused("order", "beta", None, 0)},
    "import-permitted": {
        "own order": lambda: refused("import", "beta", None, 1),
        "pending": lambda: refused("import", "alpha", None, 0),
    },
    "pending-stands": {"cancelled": lambda: decided(accepted=(Accepted("late"), Accepted("void")))},
    "install-permitted": {"site": lambda: refused("install", "alpha", "north", 1)},
    "operate-permitted": {
        "new": lambda: refused("operate", "alpha", "north", 3),
        "base": lambda: refused("operate", "gamma", "south", 1),
    },
}
