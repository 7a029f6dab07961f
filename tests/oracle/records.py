"""The best plan of the brute force as the product's records, so that the product's check can look at it."""

from collections import Counter
from dataclasses import replace

from planner.plan.decisions import (
    Accepted,
    Attachment,
    Behind,
    Decisions,
    Expansion,
    Install,
    Jobs,
    Missed,
    Move,
    Order,
    Port,
    Powered,
    Rental,
    Retirement,
    Shortfall,
    Spare,
    Start,
)
from planner.scenario.rent import RENTED
from tests.oracle.brute import Brute, Launch, Step
from tests.oracle.installing import late
from tests.oracle.setting import EPS
from tests.oracle.wearing import history, worn
from tests.oracle.wiring import comes, rungs, there


def decisions(brute: Brute) -> Decisions:
    """The best plan found, for the product's check to look at."""
    accepted, ports, runs, steps = brute.plan[0], brute.plan[1], brute.plan[2], brute.plan[7:]
    out: dict[str, list[object]] = {name: [] for name in Decisions().to_json()}
    out["accepted"] = [Accepted(o.id) for o in accepted]
    brute.bought = brute.plan[3]
    taken = Counter((step.site, step.id, t) for step, t in brute.bought)
    out["expansions"] = [Expansion(*key, count) for key, count in taken.items()]
    brute.contracts = brute.plan[4]
    out["rentals"] = [Rental(offer.id, first, n) for offer, first, n in brute.contracts]
    brute.moving = brute.plan[5]
    out["moves"] = [Move(*m.source, *m.target[1:], m.leaves, m.count) for m in brute.moving]
    out["ports"] = [Port(f, p, t) for (f, p), t in ports.items()]
    brute.ready, brute.wired = brute.readiness(ports), brute.plan[6]
    brute.placed(runs)
    for (site, hall), table in brute.wired.items():
        place = brute.halls[site, hall]
        for rung, n, line in zip(
            rungs(brute.s, place), there(brute.s, brute.f, (site, hall), place), table, strict=True
        ):
            for t, (now, before) in enumerate(zip(line, [n, *line], strict=False)):
                ordered = max(u for u in range(t + 1) if comes(brute.s, brute.f, place, u) == t) if now > before else t
                out["attachments"] += [Attachment(site, hall, rung.id, ordered, now - before)] if now > before else []
    for choice in runs:
        if isinstance(choice, Launch):
            over = brute.ladder(choice.place)[choice.rung].id if choice.rung >= 0 else None
            for place, z in choice.cells:
                size = z * brute.kinds[place[0]].g
                out["starts"].append(Start(choice.run, place[0], size, *place[1:], choice.start, over))
        else:
            out["missed"].append(Missed(choice.id))
    for n, step in enumerate(steps):
        brute.late = late(brute.s, brute.f.figures, brute.places, steps[: n + 1], step.t)
        brute.worn = worn(brute, steps[: n + 1], step.t)
        _records(brute, step, out)
    _, spares, scrapped = history(brute, steps, steps[-1].t)
    for (k, t), used in spares.items():
        out["spares"].append(Spare(*brute.places[k], t, used))
    lost = {(*brute.places[k], t): failed for (k, t), failed in scrapped.items()}
    ended = out["retirements"]
    out["retirements"] = [replace(r, failed=lost.get((r.system, r.site, r.hall, r.period))) for r in ended]
    asked = [tie for tie in brute.ties if tie.weights]
    for tie, missing in zip(asked, brute.joined.missing, strict=True):
        if missing > 1e-6 * tie.amount:
            out["behind"].append(Behind(brute.s.streams[tie.weights.index(1.0)].id, max(tie.periods), missing))
    return Decisions(**{name: tuple(sorted(records)) for name, records in out.items()})


def _records(brute: Brute, step: Step, out: dict[str, list[object]]) -> None:
    t = step.t
    out["orders"] += [Order(i, t, n) for i, n in step.orders.items()]
    for place, placed, gone in zip(brute.places, step.placed, step.gone, strict=True):
        out["installs"] += [Install(*place, t, placed)] if placed else []
        out["retirements"] += [Retirement(*place, t, gone)] if gone else []
    on, got = [brute.busy[place, t] for place in brute.places], [0.0] * len(brute.s.streams)
    given = brute.joined.given[t] if brute.ties else brute.running(t, step.fleet).given
    for option, jobs in given:
        stream = brute.s.streams[option.w]
        sizes = [(brute.places[k][0], z * brute.g(k)) for k, z in option.cells]
        for n, ((k, z), rate) in enumerate(zip(option.cells, brute.paces(option, t), strict=True)):
            over = brute.ladder(brute.places[k])[option.rung].id if option.rung >= 0 else None
            system, site, hall = brute.places[k]
            other = sizes[1 - n] if len(sizes) > 1 else (None, None)
            out["jobs"].append(Jobs(stream.id, system, z * brute.g(k), site, hall, t, jobs, over, *other))
            got[option.w] += jobs * rate
            on[k] += jobs * z
    out["powered"] += [
        Powered(*place, t, n) for place, n in zip(brute.places, on, strict=True) if n > EPS and place[1] != RENTED
    ]
    for stream, done in zip(brute.s.streams, got, strict=True):
        missing = brute.asked(stream, t) - done
        if missing > 1e-8 * max(1.0, done):
            out["shortfalls"].append(Shortfall(stream.id, t, missing))
