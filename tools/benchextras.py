"""What `make bench` adds to a generated case so that most of the program is used, from the same seed.

Not attrition (measured on seed 1: 32 processor seconds instead of 13), work kept apart, priorities of workloads
(three searches: 19), pairs of systems, or rules besides a ban.
"""

import random
from typing import Any

PART = {
    "id": "bench-stack",
    "name": "A stack of memory",
    "type": "HBM",
    "unit": "stacks",
    "us_controlled": False,
    "copackaged": True,
    "source": "bench",
}

NETWORKS = [
    {"id": "leaf", "reach": 4096, "cost": "9000 CNY", "power": "30 W"},
    {"id": "core", "reach": 32768, "cost": "21000 CNY", "power": "70 W", "oversubscription": 2},
]
"""What the air halls of two sites choose from."""


def enrich(draw: random.Random, chips: list[dict[str, Any]], scenario: dict[str, Any]) -> None:
    """Change chips and scenario in place: power and networks to buy, moves, rent, parts, quotas, caps, and the rest."""
    names = [chip["id"] for chip in chips]
    for chip in chips:
        chip["components"] = {"bench-stack": draw.choice((4, 6, 8))}
    _places(draw, scenario)
    _market(draw, scenario, names)
    _work(draw, scenario)
    scenario["relocation"] = {"within_site": True, "between_sites": True}
    scenario["installation"] = {"time": "1 month"}
    scenario["porting"] = {"maturity": True}
    scenario["power"] = {"idle": "assumed", "network": "assumed", "storage": "assumed"}
    scenario["caps"] = {"concentration": "85 %"}
    scenario["limits"] = {
        "energy": {"total": "9 TWh", "per_year": {"2029": "3.5 TWh"}},
        "carbon": {"total": "6 Mt"},
        "quotas": [
            {"id": "no-line-alone", "each": "vendor", "most_share": "80 %", "every": "total"},
            {"id": "few-of-one", "of": {"accelerators": [names[-1]]}, "most": 30_000, "every": "total"},
            {"id": "beside", "of": {"vendors": ["maker-2"]}, "among": {"vendors": ["maker-0"]}, "most_per": 4},
        ],
    }


def _places(draw: random.Random, scenario: dict[str, Any]) -> None:
    for n, site in enumerate(scenario["sites"]):
        air, liquid = site["halls"]
        site["expansions"] = [{"id": "feeder", "power": f"{draw.choice((6, 10))} MW", "times": 2}]
        site["tariff_season"] = {"Q1": 1.1, "Q3": 1.05}
        if n < 3:
            site["demand_charge"] = f"{32 + 4 * n} CNY/kW/month"
        if n < 2:
            air["fabric"] = {"offers": NETWORKS}
        for hall in (air, liquid):
            hall["pue_season"] = {"Q3": 1.04, "Q1": 0.99}
        liquid["expansions"] = [{"id": "annex", "it_power": "6 MW", "racks": 120, "times": 2}]
        if n == 0:
            power = air["it_power"]
            air["retrofit"] = {"id": "turned", "it_power": power, "rack_power": "130 kW", "racks": 400}
        if n == 1:
            site["cuts"] = [{"start": "2027-Q3", "share": "15 %"}]


def _market(draw: random.Random, scenario: dict[str, Any], names: list[str]) -> None:
    for n, chip in enumerate(names[3:5]):
        offer = {"id": f"offer-{n}", "system": f"{chip}-8", "region": "cn-hebei", "systems": 60, "max_cluster": 4096}
        price = {"price": f"{draw.uniform(9, 14):.1f} CNY/h"}
        scenario.setdefault("rent", []).append(offer | price | ({"term": "1 year"} if n else {}))
    scenario["stock"] = [{"system": f"{names[2]}-8", "count": 40}]
    scenario["warehouse"] = {"price_per_month": "60 CNY", "capacity": 20_000}
    scenario["supply"]["components"] = [{"component": "bench-stack", "per_period": draw.randint(90, 120) * 1000}]


def _work(draw: random.Random, scenario: dict[str, Any]) -> None:
    for work in scenario["workloads"]:
        if work["kind"] == "run":
            work["missed"] = "3 bn CNY"
        else:
            work["shortfall"] = f"{draw.uniform(25, 35):.0f} CNY"
    streams = [work for work in scenario["workloads"] if work["kind"] == "continuous"]
    if streams:
        streams[-1]["tokens"] = {"2027": "2e14 tokens"}
    scenario["least_compute"] = [{"region": "cn-inner-mongolia", "compute": {"2028-Q1": "300 PFLOP/s"}}]
