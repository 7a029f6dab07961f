"""Random tiny scenarios in which several features meet: what none of the hand-written ones tries together."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from planner.io.yaml import loads
from planner.scenario.load import scenario_of
from planner.scenario.model import Scenario
from tests.oracle.cases import CASES, LEAF, SPINE, offer, rule
from tests.oracle.strategies import seeded
from tests.oracle.tiny import BLUE, GREEN, RED, Units, run, site, stream

type Fields = dict[str, Any]
type Feature = Callable[[Random, Units, Fields], None]


def installation(r: Random, u: Units, d: Fields) -> None:
    d["installation"] = r.choice([{}, {"time": "45 days"}, {"time": "1 quarter", "systems": {RED: "0 h"}}])


def attrition(r: Random, u: Units, d: Fields) -> None:
    d["attrition"] = r.choice([{}, {"rate": "50 %/yr"}, {"rate": "5 %/yr", "systems": {RED: "80 %/yr"}}])


def store(r: Random, u: Units, d: Fields) -> None:
    d["stock"] = [{"system": r.choice([RED, BLUE, GREEN]), "count": r.choice([1, 2])}]
    d["warehouse"] = {"price_per_month": f"{r.choice([2, 30, 300])} XTS", "capacity": 16}


def maturity(r: Random, u: Units, d: Fields) -> None:
    d["porting"] = {"maturity": True}
    for work in d["workloads"]:
        work["ported"] = r.choice([[], ["redware"], ["greenware"]])


def second_work(r: Random, u: Units, d: Fields) -> None:
    target = {"2026-Q2": u.target(RED, r.choice([0.3, 0.8, 1.4]))}
    extra = stream(target, "extra", shortfall=u.short(RED, r.choice([4000, 50000])))
    d["workloads"].append(extra | r.choice([{}, {"priority": 1}, {"tokens": {"2026-Q3": u.tokens(RED, 1, 0.9)}}]))


def apart(r: Random, u: Units, d: Fields) -> None:
    second_work(r, u, d)
    d["apart"] = [{"workloads": ["extra"], "place": r.choice(["hall", "site"])}]


def twins(r: Random, u: Units, d: Fields) -> None:
    work = run(u.tokens(RED, 1, r.choice([0.2, 0.6])), "2026-Q3", [4], "twin", missed="30000 XTS", count=2)
    d["workloads"].append(work | r.choice([{}, {"together": True}, {"within": "60 days"}]))


def loads_beside(r: Random, u: Units, d: Fields) -> None:
    d["power"] = r.choice([{"idle": "40 %"}, {"network": "200 W", "storage": "assumed"}, {"idle": "assumed"}])


def networks(r: Random, u: Units, d: Fields) -> None:
    hall = r.choice(d["sites"])["halls"][0]
    hall.pop("max_cluster", None)
    hall["fabric"] = {"offers": [LEAF, SPINE], "attach": r.choice(["servers", "all"])}


def demand(r: Random, u: Units, d: Fields) -> None:
    r.choice(d["sites"])["demand_charge"] = r.choice(["30 XTS/kW/month", {"2026-Q2": "20 XXX/kW/month"}])


def rent(r: Random, u: Units, d: Fields) -> None:
    d["rent"] = [offer(system=r.choice([RED, BLUE]), price=r.choice(["0.3 XTS/h", "1.2 XTS/h"]))]
    d["rent"][0] |= r.choice([{}, {"term": "2 quarters"}, {"max_cluster": 4}])


def power_steps(r: Random, u: Units, d: Fields) -> None:
    r.choice(d["sites"])["expansions"] = [{"id": "feeder", "power": "6 kW", "times": 2, "cost": "900 XTS"}]


def relocation(r: Random, u: Units, d: Fields) -> None:
    first = d["sites"][0]
    d["relocation"] = {"within_site": True, "between_sites": True}
    d["installed"] = [
        {"system": RED, "site": first["id"], "hall": first["halls"][0]["id"], "count": 1, "since": "2024"}
    ]
    d["sites"].append(site("spare"))


def quotas(r: Random, u: Units, d: Fields) -> None:
    limits = [
        {"of": {"countries": ["XB"]}, "most": 8, "every": "total"},
        {"of": {"domestic": True}, "least_share": 0.5, "counts": "fleet"},
        {"each": "vendor", "most_share": 0.7, "counts": "orders"},
    ]
    d.setdefault("limits", {})["quotas"] = [{"id": "q", **r.choice(limits)}]


def energy(r: Random, u: Units, d: Fields) -> None:
    d.setdefault("limits", {})["energy"] = {"total": f"{r.choice([9, 20])} MWh"}


def budget(r: Random, u: Units, d: Fields) -> None:
    d["budget"] = {"total": f"{r.choice([20000, 40000, 70000])} XTS"}


def goals(r: Random, u: Units, d: Fields) -> None:
    d["objective"] = r.choice([["shortage", "cost"], [{"cost": "5 %"}, "energy"], [{"cost": "10 %"}, "concentration"]])


def mixed(r: Random, u: Units, d: Fields) -> None:
    wide = run(u.tokens(RED, 2, 0.6), "2026-Q3", [8], "wide", missed="90000 XTS", ported=["redware", "greenware"])
    d["workloads"].append(wide)
    d["mixed_runs"] = [{"systems": [RED, GREEN], "penalty": r.choice(["0 %", "10 %", "40 %"])}]


def rules(r: Random, u: Units, d: Fields) -> None:
    effects = [
        {"type": "operation_prohibited"},
        {"type": "removal_required", "notice": "3 months"},
        {"type": "tariff", "rate": 0.4},
    ]
    d["policy"] = {"without": ["no-blue-imports"], "rules": [rule("the-rule", [r.choice(effects)])]}


def seasons(r: Random, u: Units, d: Fields) -> None:
    place = r.choice(d["sites"])
    place["tariff_season"] = {"Q3": 2, "M05": 0.5}
    place["cuts"] = [{"start": "2026-Q2", "share": "40 %"}]


FEATURES: tuple[Feature, ...] = (
    installation, attrition, store, maturity, second_work, apart, twins, loads_beside, networks, demand, rent,
    power_steps, relocation, quotas, energy, budget, goals, mixed, rules, seasons,
)  # fmt: skip


def combined(seed: int, u: Units) -> Scenario:
    """A scenario with two to four features on top of a random or a hand-written one, read as a file would be.

    Raises InputError where what came together makes no sense.
    """
    r = Random(seed)
    base = seeded(r.randrange(10**6), u) if r.random() < 0.6 else r.choice(CASES)(u)
    fields: Fields = json.loads(json.dumps(base.model_dump(mode="json", exclude_unset=True)))
    for feature in r.sample(FEATURES, r.choice([2, 3, 3, 4])):
        feature(r, u, fields)
    fields["solver"] = {"gap": 0.0, "threads": 1, "time_limit": "20 s"}
    return scenario_of(loads(json.dumps(fields | {"name": f"combined-{seed}"}), "combined.yaml"))
