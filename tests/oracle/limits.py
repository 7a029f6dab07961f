"""The buyer's own limits in the brute force: everything that a branch bought, counted with a pencil."""

from typing import Any

from planner.scenario.periods import label_end, label_start
from planner.scenario.quotas import Quota, Scope
from tests.oracle.setting import EPS, Setting
from tests.oracle.wiring import Where, rungs, there

Line = tuple[str, int, str | None, float]
"""System, period, site and systems."""


def keeps(setting: Setting, trail: list[Any]) -> bool:
    """Whether the plan of a branch keeps every limit of the scenario."""
    return _has_parts(setting, trail) and all(
        _keeps(setting, limit, _lines(setting, limit, trail)) for limit in setting.s.limits.quotas
    )


def steps_of(trail: list[Any]) -> list[Any]:
    """What is done period by period, after what is decided once."""
    return [step for step in trail if hasattr(step, "orders")]


def _has_parts(s: Setting, trail: list[Any]) -> bool:
    """Whether there are parts for everything that was ordered, by the time it arrives."""
    taken = [(s.arrival(i, step.t), i, n) for step in steps_of(trail) for i, n in step.orders.items()]
    wired = trail[6]
    return all(
        sum(n * s.f.needs.get(i, {}).get(part, 0.0) for due, i, n in taken if due is not None and due <= t)
        + sum(_in_ports(s, where, table, part, t) for where, table in wired.items())
        <= most + EPS
        for part, line in s.f.parts.items()
        for t, most in enumerate(line)
    )


def _in_ports(s: Setting, where: Where, table: list[list[int]], part: str, t: int) -> float:
    """Parts in the ports of a hall that were bought by the end of a period; a far one holds those of the near ones."""
    ladder, start = rungs(s.s, s.halls[where]), there(s.s, s.f, where, s.halls[where])
    bought = [line[t] - first for line, first in zip(table, start, strict=True)]
    needs = [rung.parts.get(part, 0.0) for rung in ladder]
    return sum(n * (need - below) for n, need, below in zip(bought, needs, [0.0, *needs], strict=False))


def _lines(s: Setting, limit: Quota, trail: list[Any]) -> list[Line]:
    accepted, steps = trail[0], steps_of(trail)
    if limit.counts == "orders":
        return [(i, step.t, None, n) for step in steps for i, n in step.orders.items()]
    if limit.counts == "deliveries":
        own = [(i, s.arrival(i, step.t), None, n) for step in steps for i, n in step.orders.items()]
        return own + [(o.system, s.cal.index_of(o.due), None, o.count) for o in accepted]
    which = "placed" if limit.counts == "installs" else "fleet"
    pairs = [(step.t, p, n) for step in steps for p, n in zip(s.places, getattr(step, which), strict=True)]
    return [(place[0], t, place[1], n) for t, place, n in pairs]


def _keeps(s: Setting, limit: Quota, lines: list[Line]) -> bool:
    inside = [line for line in lines if _dated(s, limit, line[1]) and (limit.sites is None or line[2] in limit.sites)]
    keys = {"period": lambda t: t, "year": lambda t: s.cal[t].start.year, "total": lambda t: 0}
    span = keys[limit.every or ("period" if limit.counts == "fleet" else "year")]
    for when in {span(line[1]) for line in inside}:
        rows = [line for line in inside if span(line[1]) == when]
        if limit.each == "site":
            parts = [([r for r in rows if r[2] == site], None) for site in {r[2] for r in rows}]
        elif limit.each == "vendor":
            known = {a.accelerator for a in s.s.supply.allocations}
            named = {i for i, kind in s.kinds.items() if kind.accelerator in known} | {r[0] for r in rows}
            parts = [(rows, vendor) for vendor in {s.kinds[i].vendor for i in named if _means(s, limit.of, i)}]
        else:
            parts = [(rows, None)]
        if not all(_holds(s, limit, part, vendor) for part, vendor in parts):
            return False
    return True


def _holds(s: Setting, limit: Quota, rows: list[Line], vendor: str | None) -> bool:
    own = sum(
        _amount(s, limit, r) for r in rows if _means(s, limit.of, r[0]) and vendor in (None, s.kinds[r[0]].vendor)
    )
    whole = sum(_amount(s, limit, r) for r in rows if _means(s, limit.among, r[0]))
    if limit.most is not None:
        return own <= limit.most + EPS
    if limit.most_per is not None:
        return own <= limit.most_per * whole + EPS
    if limit.most_share is not None:
        return own <= limit.most_share * whole + EPS
    assert limit.least_share is not None
    return own >= limit.least_share * whole - EPS


def _dated(s: Setting, limit: Quota, t: int) -> bool:
    early = limit.first is not None and s.cal[t].start < label_start(limit.first)
    return not early and (limit.last is None or s.cal[t].end <= label_end(limit.last))


def _amount(s: Setting, limit: Quota, row: Line) -> float:
    kind = s.kinds[row[0]]
    each = {"units": kind.g, "cost": kind.price, "compute": kind.g * kind.compute, "power": kind.kw}
    return row[3] * each[limit.basis]


def _means(s: Setting, scope: Scope, system: str) -> bool:
    kind = s.kinds[system]
    checks = [
        (scope.accelerators, kind.accelerator),
        (scope.vendors, kind.vendor),
        (scope.families, kind.family),
        (scope.countries, kind.country),
    ]
    home = scope.domestic is None or (kind.country == "XA") == scope.domestic
    return home and all(not wanted or value in wanted for wanted, value in checks)
