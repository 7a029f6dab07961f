"""Halls and their power, racks, cooling; energy and carbon; networks that are bought."""

from typing import Any

from planner.plan.decisions import Expansion, Jobs
from planner.plan.verify import Case
from planner.policy.effect import SiteEfficiencyCap
from tests.verify.altered import (
    ENOUGH,
    LEAF,
    SPINE,
    Make,
    asked,
    asked_and_decided,
    decided,
    north,
    obliged,
    on_two_kinds,
    over,
    south,
    south_site,
    swapped,
    system,
    two_runs,
    wired,
    workload,
)
from tests.verify.hand import FIGURES, PLAN, QUARTER, SCENARIO, HandWorld, scenario

WAIT = "installation-time"


def energy_used(site: str) -> float:
    """kWh of a site in the plan worked out by hand; the rule allows it for 365 days."""
    hours = [90 * 24.0, 91 * 24.0]
    return {"south": 5 * 0.5 * 1.25 * sum(hours)}[site]


WIDE = {**LEAF, "reach": 16}


def one_wide_job() -> tuple[Jobs, ...]:
    """In the last period three fifths of the work are one job on all servers."""
    kept = tuple(j for j in over("leaf") if (j.system, j.period) != ("alpha-8", 3))
    small = Jobs("dense", "alpha-8", 16, "north", "air", 3, 1.2, "leaf")
    return (*kept, small, Jobs("dense", "alpha-8", 48, "north", "air", 3, 0.6, "spine"))


def drawn_mwh() -> float:
    """Energy of the plan worked out by hand, without anything beside the systems."""
    from planner.plan.verify.energy import drawn

    return sum(drawn(Case(scenario(), HandWorld(), PLAN), of_carbon=False)) / 1e3


def part_time(**question: Any) -> Case:
    """The plan with half of a gamma on average: it draws 5 kW when it is on, and 6.25 kW at the meter."""
    powered = swapped(PLAN.powered, {"system": "gamma-8"}, count=0.5)
    return asked_and_decided(question, powered=powered)


def with_line(*taken: Expansion, grid: Any = None, **changes: Any) -> Case:
    """The plan with an option to enlarge the grid of the first site, taken so."""
    line = {"id": "line", "power": "10 kW", "lead_time": "1 quarter", "cost": "100 CNY", **changes}
    contract = grid or SCENARIO["sites"][0]["grid"]
    return asked_and_decided(north(expansions=[line], grid=contract), expansions=taken)


def closed_early() -> Case:
    """The hall of the second site is turned to liquid a quarter before gamma, which is off by then, leaves it."""
    made = {"id": "wet", "it_power": "40 kW", "rack_power": "30 kW", "racks": 4, "downtime": "1 quarter"}
    question = south(retrofit=made) | workload(1, target={"2026-Q1": "20 tokens/s", "2026-Q2": "0 tokens/s"})
    powered = tuple(p for p in PLAN.powered if (p.system, p.period) != ("gamma-8", 1))
    jobs = tuple(j for j in PLAN.jobs if (j.system, j.period) != ("gamma-8", 1))
    return asked_and_decided(question, powered=powered, jobs=jobs, expansions=(Expansion("south", "wet", 1, 1),))


def never_there() -> Case:
    """A port ordered in the last period comes a quarter later by the catalog."""
    case = wired(("leaf", 3, 1), installed={"spine": 48}, terms={"lead_time": "assumed"})
    return Case(case.scenario, HandWorld(figures={**FIGURES, "lead-time-network": QUARTER}), case.decisions)


HALLS: dict[str, dict[str, Make]] = {
    "cooling": {
        "liquid in an air hall": lambda: system("alpha-8", cooling="liquid"),
        "air in a liquid hall": lambda: system("beta-64", cooling="air"),
    },
    "rack-power": {
        "supernode": lambda: asked(**north(1, rack_power="24 kW")),
        "server": lambda: asked(**north(0, rack_power="9.9 kW", racks=99)),
    },
    "racks": {
        "supernode": lambda: asked(**north(1, racks=3)),
        "shared by servers": lambda: asked(**north(0, racks=1)),
        "shared as far as power allows": lambda: asked(**north(0, rack_power="25 kW")),
        "in a hall that is being turned to liquid": closed_early,
    },
    "powered": {
        "more than owned": lambda: decided(powered=swapped(PLAN.powered, {"system": "gamma-8", "period": 1}, count=3))
    },
    "installed": {
        "on at once": lambda: asked(installation={"time": "0 h", "systems": {"alpha-8": "50 h"}}),
        "a job too early": lambda: asked(installation={"time": "0 h", "systems": {"alpha-8": "100 days"}}),
        "a run in its first hour": lambda: asked(installation={"time": "0 h", "systems": {"beta-64": "1 h"}}),
        "by the catalog": lambda: Case(scenario(installation={}), HandWorld(figures=FIGURES | {WAIT: 50.0}), PLAN),
    },
    "hall-power": {
        "two runs at once": lambda: two_runs(2, power="199 kW"),
        "new": lambda: asked(**north(1, it_power="99.9 kW")),
        "one system at once": lambda: part_time(**south(it_power="4.9 kW")),
        "with its network": lambda: asked(power={"network": "1 W"}, **north(0, it_power="60.04 kW")),
        "with its storage": lambda: asked(power={"storage": "assumed"}, **north(1, it_power="101.2 kW")),
        "one system and its network at once": lambda: part_time(
            power={"network": "10 W", "storage": "10 W"}, **south(it_power="5.15 kW")
        ),
        "what is off": lambda: asked(power={"idle": "10 %"}, **south(it_power="5.4 kW")),
        "a network that reaches far": lambda: wired(*ENOUGH, offers=(LEAF, {**SPINE, "power": "10 W"})),
        "before the first step": lambda: asked(**north(0, it_power={"2026-Q2": "60 kW"})),
        "both parts of a run at once": lambda: on_two_kinds(**south(it_power="29 kW")),
    },
    "grid": {
        "two runs at once": lambda: two_runs(2, grid="219 kW"),
        "what is off": lambda: asked(power={"idle": "assumed"}, **south_site(grid="7.7 kW")),
        "with pue": lambda: asked(**north(grid={"2026-Q1": "24.9 kW", "2026-Q2": "200 kW"})),
        "one system at once": lambda: part_time(**south_site(grid="6.2 kW")),
        "cut by a share": lambda: asked(**north(cuts=[{"start": "2026-06", "share": "8 %"}])),
        "cut by power": lambda: asked(**north(cuts=[{"start": "2026-06", "end": "2026-07", "power": "16 kW"}])),
        "in a hot month": lambda: asked(**north(1, pue_season={"M06": 1.2})),
        "before the line is there": lambda: with_line(
            Expansion("north", "line", 1, 1), grid={"2026-Q1": "30 kW", "2026-Q2": "184.9 kW"}
        ),
        "all halls together": lambda: asked(**north(grid={"2026-Q1": "30 kW", "2026-Q2": "184.9 kW"})),
    },
    "expansion": {
        "too often": lambda: with_line(Expansion("north", "line", 0, 2)),
        "too early": lambda: with_line(Expansion("north", "line", 0, 1), earliest="2026-Q2"),
        "never ready": lambda: with_line(Expansion("north", "line", 3, 1)),
        "never ready by the catalog": lambda: with_line(Expansion("north", "line", 3, 1), lead_time=None),
    },
    "energy-cap": {
        "whole plan": lambda: asked(limits={"energy": {"total": "400 MWh"}}),
        "a quarter": lambda: asked(limits={"energy": {"per_year": {"2026-Q2": "100 MWh"}}}),
        "with idle systems": lambda: asked(
            power={"idle": "10 %"}, limits={"energy": {"total": f"{drawn_mwh() + 1} MWh"}}
        ),
    },
    "carbon-cap": {
        "whole plan": lambda: asked(limits={"carbon": {"total": "240 t"}}),
        "by the site's own factor": lambda: asked(**north(carbon="2 kg/kWh"), limits={"carbon": {"total": "600 t"}}),
    },
    "ports": {
        "too few": lambda: wired(("leaf", 0, 16), ("leaf", 1, 31), jobs=over("leaf"), offers=(WIDE, SPINE)),
        "too late": lambda: wired(("leaf", 0, 16), ("leaf", 2, 32), jobs=over("leaf"), offers=(WIDE, SPINE)),
        "fewer than there were": lambda: wired(jobs=over("leaf"), offers=(WIDE, SPINE), installed={"leaf": 47}),
        "under way": lambda: wired(
            ("leaf", 0, 48), jobs=over("leaf"), offers=(WIDE, SPINE), terms={"lead_time": "1 quarter"}
        ),
    },
    "ports-due": {
        "behind the plan": lambda: wired(("leaf", 3, 1), installed={"spine": 48}, terms={"lead_time": "1 quarter"}),
        "by the catalog": never_there,
    },
    "ports-ladder": {"farther ones without nearer ones": lambda: wired(*ENOUGH, ("spine", 2, 1))},
    "ports-reach": {
        "on average": lambda: wired(*ENOUGH[:3], ("spine", 1, 31)),
        "later": lambda: wired(*ENOUGH[:3], ("spine", 2, 32)),
        "both kinds of a run": lambda: on_two_kinds(over=("spine", "spine")),
        "one job at once": lambda: wired(*ENOUGH[:2], ("spine", 3, 32), jobs=one_wide_job(), offers=(WIDE, SPINE)),
    },
    "hall-efficiency": {
        "of a new system": lambda: obliged(SiteEfficiencyCap(type="site_efficiency_cap", pue_max=1.2), site="north"),
    },
    "energy-quota": {
        "by a hair": lambda: obliged(
            SiteEfficiencyCap(type="site_efficiency_cap", energy_quota=f"{energy_used('south') - 1} kWh"), site="south"
        ),
    },
}
