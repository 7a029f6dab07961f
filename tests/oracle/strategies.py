"""Random tiny scenarios: every rule may bind, few enough plans to try them all."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from planner.scenario.model import Scenario
from tests.oracle.tiny import BLUE, GREEN, RED, Units, build, hall, run, site, stream, supply

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")

type Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several values."""


def drawn(pick: Pick, u: Units) -> Scenario:
    """A scenario of three quarters, one or two halls, up to two kinds of work."""
    layout = pick([("a",), ("a", "b"), ("a", "a")])
    places = [_site(pick, name, layout.count(name)) for name in sorted(set(layout))]
    kinds = pick(["stream", "stream", "run", "both", "two streams"])
    work = [_stream(pick, u, "dense")] if kinds != "run" else []
    work += [_run(pick, u)] if kinds in ("run", "both") else []
    work += [_stream(pick, u, "second")] if kinds == "two streams" else []
    fields: dict[str, Any] = {
        "sites": places,
        "workloads": work,
        "supply": supply(pick([0, 4, 8, 8]), pick([0, 0, 8]), pick([0, 0, 4]), carry_over=pick([True, False])),
        "knowledge_date": pick(["2025-12-31", "2026-01-31"]),
    }
    if pick([True, False]):
        place = {"system": pick([RED, RED, GREEN]), "site": "a", "hall": "h0"}
        fields["installed"] = [place | {"count": 1, "since": pick(["2021-Q2", "2025-Q1"])}]
    if pick([True, False, False]):
        old = {"id": "old", "system": pick([RED, BLUE]), "count": 1, "placed": "2025-Q3", "due": pick(QUARTERS[:2])}
        fields["orders"] = [old | {"paid": pick([0.0, 0.3, 0.9]), "refund": pick([None, 0.0, 1.0])}]
    if pick([True, False, False, False]):
        fields["budget"] = {"total": f"{pick([15000, 35000, 60000])} XTS"}
    return build(**fields)


@st.composite
def scenarios(draw: st.DrawFn, u: Units) -> Scenario:
    """The same for hypothesis, which shrinks what fails."""
    return drawn(lambda values: draw(st.sampled_from(values)), u)


def seeded(seed: int, u: Units) -> Scenario:
    """The same by a seed: spread more evenly than hypothesis does."""
    return drawn(Random(seed).choice, u)


def _hall(pick: Pick, name: str) -> dict[str, Any]:
    """A hall that may be short of anything."""
    power: Any = f"{pick([3, 5, 8, 9, 20, 20])} kW"
    if pick([True, False, False, False]):
        power = {pick(QUARTERS): f"{pick([4, 9])} kW"}
    return hall(
        name,
        cooling=pick(["air", "air", "liquid"]),
        it_power=power,
        rack_power=f"{pick([3, 5, 8, 20, 20])} kW",
        racks=pick([0, 1, 1, 2, 4]),
        max_cluster=pick([None, 4, 8, 8]),
    )


def _site(pick: Pick, name: str, halls: int) -> dict[str, Any]:
    inside = tuple(_hall(pick, f"h{index}") for index in range(halls))
    return site(name, inside, region=pick(["plain", "coast"]), grid=f"{pick([4, 6, 11, 40, 40])} kW")


def _stream(pick: Pick, u: Units, name: str) -> dict[str, Any]:
    target = {pick([*QUARTERS, QUARTERS[1]]): u.target(RED, pick([0.4, 1.0, 1.3, 2.0]))}
    if pick([True, False]):
        target[QUARTERS[2]] = u.target(RED, pick([0.0, 0.7, 1.6]))
    price = pick([None, 3000.0, 40000.0, 100000.0])
    return stream(
        target,
        name,
        least_job=pick([1, 5]),
        ported=pick([["redware"], ["redware", "greenware"], ["greenware", "blueware"]]),
        **({} if price is None else {"shortfall": u.short(RED, price)}),
    )


def _run(pick: Pick, u: Units) -> dict[str, Any]:
    price, earliest = pick([None, "5000 XTS", "50000 XTS", "50000 XTS"]), pick([None, *QUARTERS[:2]])
    return run(
        u.tokens(RED, pick([1, 2]), pick([0.4, 0.95, 1.5])),
        pick([*QUARTERS, QUARTERS[2]]),
        pick([[4], [8], [4, 8]]),
        **({} if price is None else {"missed": price}),
        **({} if earliest is None else {"earliest": earliest}),
        family=pick([None, "shared"]),
    )
