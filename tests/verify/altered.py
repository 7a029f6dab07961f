"""The plan by hand, its scenario or its world altered so that one rule is broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from planner.plan.decisions import Accepted, Attachment, Decisions, Install, Jobs, Order, Powered, Start
from planner.plan.verify import Case
from planner.policy.permissions import Obligation
from tests.verify.hand import PLAN, SCENARIO, SYSTEMS, HandWorld, scenario, tokens

type Make = Callable[[], Case]


def decided(**changes: Any) -> Case:
    """The plan with some lists replaced."""
    return Case(scenario(), HandWorld(), replace(PLAN, **changes))


def asked(**changes: Any) -> Case:
    """The scenario with some fields replaced."""
    return Case(scenario(**changes), HandWorld(), PLAN)


def known(asked: dict[str, Any] | None = None, **changes: Any) -> Case:
    """The world with some answers replaced."""
    return Case(scenario(**asked or {}), HandWorld(**changes), PLAN)


def swapped(records: tuple[Any, ...], match: dict[str, Any], **changes: Any) -> tuple[Any, ...]:
    """Records with the matching ones changed; at least one must match."""
    hits = [all(getattr(r, k) == v for k, v in match.items()) for r in records]
    assert any(hits)
    return tuple(replace(r, **changes) if hit else r for r, hit in zip(records, hits, strict=True))


def north(hall: int | None = None, **changes: Any) -> dict[str, Any]:
    """The sites with the first one, or one of its halls, changed."""
    first, second = SCENARIO["sites"]
    halls = [dict(h) for h in first["halls"]]
    if hall is None:
        return {"sites": [{**first, **changes}, second]}
    halls[hall] |= changes
    return {"sites": [{**first, "halls": halls}, second]}


def south(**changes: Any) -> dict[str, Any]:
    """The sites with the hall of the second one changed."""
    first, second = SCENARIO["sites"]
    return {"sites": [first, {**second, "halls": [second["halls"][0] | changes]}]}


def south_site(**changes: Any) -> dict[str, Any]:
    """The sites with the second one changed."""
    first, second = SCENARIO["sites"]
    return {"sites": [first, {**second, **changes}]}


def workload(index: int, **changes: Any) -> dict[str, Any]:
    """The workloads with one changed."""
    items = [dict(w) for w in SCENARIO["workloads"]]
    items[index] |= changes
    return {"workloads": items}


def system(name: str, **changes: Any) -> Case:
    """The world with one system's facts changed."""
    return known(facts={**SYSTEMS, name: replace(SYSTEMS[name], **changes)})


def refused(action: str, accelerator: str, site: str | None, period: int) -> Case:
    return known(refused={(action, accelerator, site, period): "rule-7, in force since 2025-09-15"})


def obliged(effect: Any, *covered: str, site: str | None = None, since: tuple[int, int, int] | None = None) -> Case:
    """The world with a rule about beta, what is named, or a site, in force all the time; alpha is domestic."""
    return known(obligations=duties(effect, *covered, site=site, since=since))


def duties(
    effect: Any, *covered: str, site: str | None = None, since: Any = None, home: tuple[str, ...] = ("alpha",)
) -> tuple[Obligation, ...]:
    """The obligations of one rule in every period."""
    chips = frozenset() if site else frozenset(covered or ("beta",))
    day = date(*since) if since else None
    return tuple(
        Obligation(
            "rule-9", effect.type, effect, t, site, chips, frozenset(), frozenset(home), True, day, "a test", "A rule."
        )
        for t in range(4)
    )


LEAF = {"id": "leaf", "reach": 8, "cost": "3 CNY", "power": "0 W"}


SPINE = {"id": "spine", "reach": 64, "cost": "5 CNY", "power": "0 W"}


def wired(
    *bought: tuple[str, int, float],
    jobs: Any = None,
    offers: tuple[dict[str, Any], ...] = (LEAF, SPINE),
    installed: Any = None,
    terms: dict[str, Any] | None = None,
    **question: Any,
) -> Case:
    """The plan in an air hall that buys its network: jobs of 16 alpha need ports that reach so far."""
    first, second = SCENARIO["sites"]
    network = {"offers": list(offers)} | ({} if installed is None else {"installed": installed}) | (terms or {})
    air = {**first["halls"][0], "fabric": network, **question.pop("hall", {})}
    sites = [{**first, "halls": [air, first["halls"][1]]}, second]
    over = tuple(replace(j, network="spine") if j.system == "alpha-8" else j for j in PLAN.jobs)
    ports = tuple(Attachment("north", "air", name, period, int(count)) for name, period, count in bought)
    plan = replace(PLAN, jobs=jobs or over, attachments=ports)
    return Case(scenario(sites=sites, **question), HandWorld(), plan)


ENOUGH = (("leaf", 0, 16), ("leaf", 1, 32), ("spine", 0, 16), ("spine", 1, 32))


def over(network: str | None) -> tuple[Jobs, ...]:
    """The jobs of the plan, those on alpha over a network."""
    return tuple(replace(j, network=network) if j.system == "alpha-8" else j for j in PLAN.jobs)


def asked_and_decided(question: dict[str, Any], **changes: Any) -> Case:
    return Case(scenario(**question), HandWorld(), replace(PLAN, **changes))


def two_runs(systems: int, power: str = "200 kW", grid: str = "400 kW") -> Case:
    """Two runs of a thousand hours begin in the second quarter, on so many supernodes of which each takes one."""
    sites = north(1, it_power=power, racks=8)["sites"]
    frontier = workload(2, tokens=tokens(1000))["workloads"][2]
    question: dict[str, Any] = {
        "sites": [sites[0] | {"grid": grid}, sites[1]],
        "supply": {"allocations": [SCENARIO["supply"]["allocations"][0], {"accelerator": "beta", "per_period": 64}]},
        "workloads": [*SCENARIO["workloads"][:2], frontier, frontier | {"id": "second", "family": "moe"}],
    }
    plan = replace(
        PLAN,
        orders=(PLAN.orders[0], Order("beta-64", 0, systems)),
        installs=(*PLAN.installs[:2], Install("beta-64", "north", "wet", 1, systems)),
        starts=(*PLAN.starts, replace(PLAN.starts[0], workload="second")),
    )
    return Case(scenario(**question), HandWorld(), plan)


def jobs_on_two_kinds(*, mixed: Any = None, least_job: int = 32, **other: Any) -> Case:
    """Half a job on two alpha and two gamma servers in the second site; `other`: what is wrong in its part on gamma."""
    work = {
        **SCENARIO["workloads"][1],
        "ported": ["pa", "pg"],
        "least_job": least_job,
        "target": {"2026-Q1": "0 tokens/s", "2026-Q2": "100 tokens/s", "2026-Q3": "0 tokens/s"},
    }
    pair = [{"systems": ["alpha-8", "gamma-8"], "penalty": 0.1}] if mixed is None else mixed
    young = [{**SCENARIO["installed"][0], "since": "2025-Q3"}]
    one, two = (Jobs("tune", i, 16, "south", "air", 1, 0.5, None, j, 16) for i, j in (KINDS, KINDS[::-1]))
    plan = Decisions(
        installs=(Install("alpha-8", "south", "air", 0, 2),),
        powered=tuple(Powered(system, "south", "air", 1, 1) for system in KINDS),
        jobs=(one, replace(two, **other)),
        accepted=(Accepted("late"),),
    )
    return Case(scenario(workloads=[work], installed=young, mixed_runs=pair), HandWorld(), plan)


KINDS = ("alpha-8", "gamma-8")


def on_two_kinds(
    mixed: Any = None, ports: Any = (), ported: Any = ("pa", "pg"), over: Any = (None, None), **changes: Any
) -> Case:
    """A run of some days on two alpha and two gamma servers in the second site, each on for part of its period.

    `over`: networks of the two parts, in a hall with ports of the nearer one for all and of the farther one for half.
    """
    run = {
        **SCENARIO["workloads"][2],
        "platforms": None,
        "ported": ported,
        "tokens": f"{80 * 3600 * 1000} tokens",
        "missed": None,
    }
    young = [{**SCENARIO["installed"][0], "since": "2025-Q3"}]
    pair = [{"systems": ["alpha-8", "gamma-8"], "penalty": 0.1}] if mixed is None else mixed
    if over[0]:
        nearer = {**LEAF, "reach": 32, "oversubscription": 1.0}
        changes |= south(fabric={"offers": [nearer, SPINE], "installed": {"leaf": 16, "spine": 16}})
    asked = {"workloads": [run], "installed": young, "mixed_runs": pair, **changes}
    plan = Decisions(
        installs=(Install("alpha-8", "south", "air", 0, 2),),
        powered=tuple(Powered(system, "south", "air", 1, 1) for system in ("alpha-8", "gamma-8")),
        starts=tuple(
            Start("frontier", system, 16, "south", "air", 1, network)
            for system, network in zip(("alpha-8", "gamma-8"), over, strict=True)
        ),
        ports=ports,
        accepted=(Accepted("late"),),
    )
    return Case(scenario(**asked), HandWorld(), plan)
