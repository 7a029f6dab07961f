"""Random tiny scenarios: every rule may bind, few enough plans to try them all."""

from typing import Any

from hypothesis import strategies as st

from planner.scenario.model import Scenario
from tests.oracle.tiny import BLUE, GREEN, RED, Units, build, hall, run, site, stream, supply

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")


@st.composite
def halls(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A hall that may be short of anything."""
    feeds = {"it_power": f"{draw(st.sampled_from([3, 5, 8, 9, 20]))} kW"}
    if draw(st.booleans()):
        feeds = {"it_power": {draw(st.sampled_from(QUARTERS)): f"{draw(st.sampled_from([4, 9]))} kW"}}
    return hall(
        name,
        cooling=draw(st.sampled_from(["air", "air", "liquid"])),
        rack_power=f"{draw(st.sampled_from([3, 5, 8, 20]))} kW",
        racks=draw(st.integers(0, 4)),
        max_cluster=draw(st.sampled_from([None, 4, 8])),
        **feeds,
    )


@st.composite
def sites(draw: st.DrawFn, name: str, count: int) -> dict[str, Any]:
    """A site of one or two halls."""
    return site(
        name,
        halls=tuple(draw(halls(f"h{index}")) for index in range(count)),
        region=draw(st.sampled_from(["plain", "coast"])),
        grid=f"{draw(st.sampled_from([4, 6, 11, 40]))} kW",
    )


@st.composite
def streams(draw: st.DrawFn, u: Units, name: str) -> dict[str, Any]:
    """Divisible work."""
    first = draw(st.sampled_from(QUARTERS))
    target = {first: u.target(RED, draw(st.sampled_from([0.4, 1.0, 1.3, 2.0])))}
    if draw(st.booleans()):
        target[QUARTERS[2]] = u.target(RED, draw(st.sampled_from([0.0, 0.7, 1.6])))
    price = draw(st.sampled_from([None, 3000.0, 12000.0, 40000.0]))
    return stream(
        target,
        name,
        least_job=draw(st.sampled_from([1, 1, 5])),
        ported=draw(st.sampled_from([["redware"], ["redware", "greenware"], ["greenware", "blueware"]])),
        **({} if price is None else {"shortfall": u.short(RED, price)}),
    )


@st.composite
def runs(draw: st.DrawFn, u: Units) -> dict[str, Any]:
    """A coherent run."""
    price = draw(st.sampled_from([None, "5000 XTS", "50000 XTS"]))
    earliest = draw(st.sampled_from([None, *QUARTERS[:2]]))
    return run(
        u.tokens(RED, draw(st.integers(1, 2)), draw(st.sampled_from([0.4, 0.95, 1.5]))),
        draw(st.sampled_from(QUARTERS)),
        draw(st.sampled_from([[4], [8], [4, 8]])),
        **({} if price is None else {"missed": price}),
        **({} if earliest is None else {"earliest": earliest}),
        family=draw(st.sampled_from([None, "shared"])),
    )


@st.composite
def scenarios(draw: st.DrawFn, u: Units) -> Scenario:
    """A scenario of three quarters, one or two halls, up to two kinds of work."""
    layout = draw(st.sampled_from([("a",), ("a", "b"), ("a", "a")]))
    names = sorted(set(layout))
    places = [draw(sites(name, layout.count(name))) for name in names]
    kinds = draw(st.sampled_from(["stream", "stream", "run", "both", "two streams"]))
    work = [draw(streams(u, "dense"))] if kinds != "run" else []
    work += [draw(runs(u))] if kinds in ("run", "both") else []
    work += [draw(streams(u, "second"))] if kinds == "two streams" else []
    first = places[0]
    fields: dict[str, Any] = {
        "sites": places,
        "workloads": work,
        "supply": supply(
            red=draw(st.sampled_from([0, 4, 4, 8])),
            green=draw(st.sampled_from([0, 0, 4])),
            blue=draw(st.sampled_from([0, 0, 8])),
            carry_over=draw(st.booleans()),
        ),
    }
    if draw(st.booleans()):
        place = {"system": draw(st.sampled_from([RED, GREEN])), "site": first["id"], "hall": first["halls"][0]["id"]}
        fields["installed"] = [place | {"count": 1, "since": draw(st.sampled_from(["2021-Q2", "2025-Q1"]))}]
    if draw(st.booleans()):
        order = {"id": "old", "system": draw(st.sampled_from([RED, BLUE])), "count": 1, "placed": "2025-Q3"}
        due, refund = draw(st.sampled_from(QUARTERS[:2])), draw(st.sampled_from([None, 0.0, 1.0]))
        order |= {"due": due, "paid": draw(st.sampled_from([0.0, 0.3, 0.9])), "refund": refund}
        fields["orders"] = [order]
    if draw(st.integers(0, 3)) == 0:
        fields["budget"] = {"total": f"{draw(st.sampled_from([15000, 35000, 60000]))} XTS"}
    fields["knowledge_date"] = draw(st.sampled_from(["2025-12-31", "2026-01-31"]))
    return build(**fields)
