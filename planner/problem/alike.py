"""Halls and sites that differ in nothing but their names, and the smaller problem in which they are one.

Two places are alike when exchanging them changes no number of the problem: everything that the program reads about
a hall (what may stand, be on and work there, and when; its power, racks, cooling, efficiency and reach; prices,
subsidies, removals, installed base, attrition, expansions) is equal, hall by hall. The merged problem keeps the first
of each group and multiplies its limits by how many there are: power, racks, base, what may stay, grid, steps on offer.

**It is a relaxation.** Take a plan of the whole problem and add up, group by group, what it decides for the halls of a
group. Every row about one hall (or site) is linear, with the same coefficients in each of them; the merged row is their
sum. Rows over all halls read sums only. Upper bounds of single halls add up too; a yes or no of one hall becomes a
count. So the sums keep every row of the merged problem at the same cost: what is proved of that holds for
the whole problem. The converse fails where whole systems and jobs do not fill each hall as they fill all together:
planner.optimize.together shares a plan out, or finds that it cannot be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner.costs.events import CashEvent
from planner.problem.arrays import Problem
from planner.problem.exempt import Exempt
from planner.problem.rows.copies import Copies
from planner.problem.rows.halls import HallRow, OptionRow, SiteRow

BY_HALL = (
    "placeable",
    "usable",
    "base",
    "racks",
    "powered_events",
    "subsidy_events",
    "grant_events",
    "gone",
    "energy",
)
"""Fields of a problem by (i, h) or (i, h, t)."""

LOADS_BY_HALL = ("shared", "idle", "idle_events")
WEAR_BY_HALL = ("loss", "spares")
EXEMPT_BY_HALL = ("placed", "on", "stays", "base")
"""The same of its loads, its attrition and what rules spare."""

Groups = Mapping[int, tuple[int, ...]]
"""First of a group -> all of it, in order."""


@dataclass(frozen=True)
class Alike:
    """A problem in which alike places are one."""

    whole: Problem
    merged: Problem
    halls: Groups
    sites: Groups
    options: Groups
    """Options of the first hall or site -> those of all, in the same order as these."""

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Halls of each group, `site/hall`."""
        return tuple(tuple(self.whole.halls[h].id for h in group) for group in self.halls.values())


def alike(problem: Problem) -> Alike | None:
    """The merged problem; None where no two places are alike.

    Places are told apart by anything beyond the numbers of a single hall: moves between halls, networks that are
    bought, retrofits, demand charges, subsidies and energy quotas of sites, work that must stay apart.
    """
    if problem.apart or not _candidates(problem):
        return None
    numbers = _numbers(problem)
    halls = _hall_groups(problem, numbers)
    sites = _site_groups(problem, numbers, halls)
    for first, others in sites.items():
        halls |= _joined(problem, numbers, halls, first, others)
    halls = {first: group for first, group in halls.items() if len(group) > 1}
    return _merged(problem, halls, sites) if halls else None


def _candidates(problem: Problem) -> bool:
    """Whether any two halls of a site, or two sites, could be alike at all: quick to answer."""
    halls = [_bare(row) for row in problem.halls]
    sites = [replace(row, id="") for row in problem.sites]
    own = [h for h in range(len(halls)) if h not in problem.rented]
    used = {problem.halls[h].site for h in own}
    return any(halls[h] == halls[g] for n, h in enumerate(own) for g in own[n + 1 :]) or any(
        sites[s] == sites[r] for s in used for r in used if s < r
    )


def _bare(row: HallRow) -> HallRow:
    return replace(row, id="")


Numbers = list[dict[str, Any]]
"""By hall: everything that the problem says of it, without its name, by field."""


def _numbers(problem: Problem) -> Numbers:
    found: Numbers = [{"row": replace(row, id="", site=-1)} for row in problem.halls]
    keyed: list[tuple[str, Any]] = [(name, getattr(problem, name)) for name in BY_HALL]
    keyed += [(name, getattr(problem.loads, name)) for name in LOADS_BY_HALL]
    keyed += [(name, getattr(problem.wear, name)) for name in WEAR_BY_HALL]
    keyed += [(f"spared {name}", getattr(problem.exempt, name)) for name in EXEMPT_BY_HALL]
    for name, group in keyed:
        values = group if isinstance(group, Mapping) else None
        for key in group:
            i, h, *t = key
            site = problem.sites[problem.halls[h].site].id
            told = True if values is None else _nameless(values[key], site)
            found[h].setdefault(name, {})[(i, *t)] = told
    for j, where in problem.job_halls.items():
        for h in where:
            found[h].setdefault("jobs", set()).add(j)
    for n, begin in enumerate(problem.begins):
        done = problem.goals.done_h[n] if problem.goals.done_h else None
        more = (problem.loads.begins.get(n), problem.loads.begin_events.get(n))
        found[begin.hall].setdefault("begins", []).append((replace(begin, hall=-1), done, more))
    for option in problem.options:
        if option.hall is not None:
            found[option.hall].setdefault("options", []).append(_offered(option))
    return found


def _offered(option: OptionRow) -> OptionRow:
    """An option without the names of its places."""
    return replace(option, id="", site=-1, hall=None)


def _nameless(value: Any, site: str) -> Any:
    """Events without the name of their site."""
    if isinstance(value, tuple) and value and isinstance(value[0], CashEvent):
        return tuple(replace(event, site="") if event.site == site else event for event in value)
    return value


def _singular(problem: Problem) -> frozenset[int]:
    """Halls that something ties to others, or to their site, in a way that a sum does not show."""
    found = set(problem.rented) | {row.hall for row in problem.networks}
    for move in problem.moves:
        found |= {move.source, move.target}
    for option in problem.options:
        if option.closes is not None:
            found |= {option.closes, *(() if option.hall is None else (option.hall,))}
    charged = {key[0] for key in problem.demand_events}
    found |= {h for h, row in enumerate(problem.halls) if row.site in charged}
    return frozenset(found)


def _hall_groups(problem: Problem, numbers: Numbers) -> dict[int, tuple[int, ...]]:
    """Every hall of the buyer, in groups of the alike ones of its site."""
    singular = _singular(problem)
    groups: list[list[int]] = []
    for h, row in enumerate(problem.halls):
        same = [
            g for g in groups if h not in singular and g[0] not in singular and problem.halls[g[0]].site == row.site
        ]
        joined = next((g for g in same if numbers[g[0]] == numbers[h]), None)
        if joined is None:
            groups.append([h])
        else:
            joined.append(h)
    return {group[0]: tuple(group) for group in groups if group[0] not in problem.rented}


def _site_groups(problem: Problem, numbers: Numbers, halls: Groups) -> dict[int, tuple[int, ...]]:
    """Groups of more than one alike sites."""
    singular = {problem.halls[h].site for h in _singular(problem) if h not in problem.rented}
    obliged = problem.obliged
    singular |= {s for s, _ in obliged.subsidy_at} | {quota.site for quota in obliged.energy}
    if problem.floors:  # young work is counted site by site there
        return {}
    groups: list[list[int]] = []
    for s in sorted({problem.halls[h].site for h in halls} - singular):
        joined = next((g for g in groups if _same_site(problem, numbers, halls, g[0], s)), None)
        if joined is None:
            groups.append([s])
        else:
            joined.append(s)
    return {group[0]: tuple(group) for group in groups if len(group) > 1}


def _same_site(problem: Problem, numbers: Numbers, halls: Groups, one: int, other: int) -> bool:
    if replace(problem.sites[one], id="") != replace(problem.sites[other], id=""):
        return False
    if any(cap.sites is not None and (one in cap.sites) != (other in cap.sites) for cap in problem.obliged.caps):
        return False
    if _grid_options(problem, one).values != _grid_options(problem, other).values:
        return False
    return _matched(problem, numbers, halls, one, other) is not None


@dataclass(frozen=True, slots=True)
class _Options:
    """Options of a place, in an order that does not hang on their names."""

    at: tuple[int, ...]
    values: tuple[OptionRow, ...]


def _options(problem: Problem, which: Iterator[int]) -> _Options:
    at = sorted(which)
    return _Options(tuple(at), tuple(_offered(problem.options[m]) for m in at))


def _grid_options(problem: Problem, site: int) -> _Options:
    return _options(problem, (m for m, o in enumerate(problem.options) if o.site == site and o.hall is None))


def _hall_options(problem: Problem, hall: int) -> _Options:
    return _options(problem, (m for m, o in enumerate(problem.options) if o.hall == hall))


def _matched(problem: Problem, numbers: Numbers, halls: Groups, one: int, other: int) -> dict[int, int] | None:
    """First hall of each group of a site -> that of the alike group of another; None where they do not match."""
    mine = [h for h in halls if problem.halls[h].site == one]
    theirs = [h for h in halls if problem.halls[h].site == other]
    found: dict[int, int] = {}
    for h in mine:
        fits = (g for g in theirs if g not in found.values() and len(halls[g]) == len(halls[h]))
        partner = next((g for g in fits if numbers[g] == numbers[h]), None)
        if partner is None:
            return None
        found[h] = partner
    return found if len(mine) == len(theirs) else None


def _joined(
    problem: Problem, numbers: Numbers, halls: Groups, first: int, sites: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """The groups of halls of alike sites as one, site after site; what is part of another group is left empty."""
    found = {h: list(group) for h, group in halls.items() if problem.halls[h].site == first}
    gone: dict[int, tuple[int, ...]] = {}
    for other in sites[1:]:
        for h, partner in (_matched(problem, numbers, halls, first, other) or {}).items():
            found[h] += halls[partner]
            gone[partner] = ()
    return {h: tuple(group) for h, group in found.items()} | gone


def _merged(problem: Problem, halls: Groups, sites: Groups) -> Alike:
    count = {h: len(group) for h, group in halls.items()}
    others = {h for group in halls.values() for h in group[1:]}
    options = _option_groups(problem, halls, sites)
    kept = tuple(n for n, begin in enumerate(problem.begins) if begin.hall not in others)
    number = {n: at for at, n in enumerate(kept)}
    loads, wear, goals = problem.loads, problem.wear, problem.goals

    def here(group: Any) -> Any:
        if isinstance(group, Mapping):
            return {key: value for key, value in group.items() if key[1] not in others}
        return frozenset(key for key in group if key[1] not in others)

    def times(group: Any) -> Any:
        return {key: value * count.get(key[1], 1) for key, value in here(group).items()}

    merged = replace(
        problem,
        **{name: here(getattr(problem, name)) for name in BY_HALL},
        halls=tuple(_hall_times(row, count.get(h, 1)) for h, row in enumerate(problem.halls)),
        sites=tuple(_site_times(row, len(sites.get(s, (s,)))) for s, row in enumerate(problem.sites)),
        options=_options_times(problem, options),
        job_halls={j: where - others for j, where in problem.job_halls.items()},
        begins=tuple(problem.begins[n] for n in kept),
        loads=replace(
            loads,
            **{name: here(getattr(loads, name)) for name in LOADS_BY_HALL},
            begins={number[n]: kw for n, kw in loads.begins.items() if n in number},
            begin_events={number[n]: events for n, events in loads.begin_events.items() if n in number},
        ),
        exempt=_spared(replace(problem.exempt, **{n: here(getattr(problem.exempt, n)) for n in EXEMPT_BY_HALL}), count),
        wear=replace(wear, **{name: here(getattr(wear, name)) for name in WEAR_BY_HALL}),
        goals=replace(goals, done_h=tuple(goals.done_h[n] for n in kept) if goals.done_h else ()),
        copies=Copies(count, {s: len(group) for s, group in sites.items()}, problem.feed),
    )
    merged = replace(merged, base=times(problem.base), gone=times(problem.gone))
    merged.__dict__["young"] = problem.young  # cached: it is the same work, and the same most of it
    return Alike(problem, merged, halls, sites, options)


def _spared(exempt: Exempt, count: Mapping[int, int]) -> Exempt:
    """What rules spare, with what stands in all alike halls in the first."""
    base = {
        key: tuple((day, systems * count.get(key[1], 1)) for day, systems in there)
        for key, there in exempt.base.items()
    }
    return replace(exempt, base=base)


def _option_groups(problem: Problem, halls: Groups, sites: Groups) -> dict[int, tuple[int, ...]]:
    rows = [[_hall_options(problem, h).at for h in group] for group in halls.values()]
    rows += [[_grid_options(problem, s).at for s in group] for group in sites.values()]
    return {same[0]: tuple(same) for row in rows for same in zip(*row, strict=True)}


def _options_times(problem: Problem, groups: Groups) -> tuple[OptionRow, ...]:
    """Steps of all alike places on offer in the first; none in the others."""
    others = {m for group in groups.values() for m in group[1:]}
    return tuple(
        replace(row, ready={}, events={}) if m in others else replace(row, times=row.times * len(groups.get(m, (m,))))
        for m, row in enumerate(problem.options)
    )


def _hall_times(row: HallRow, count: int) -> HallRow:
    return row if count == 1 else replace(row, it_kw=tuple(kw * count for kw in row.it_kw), racks=row.racks * count)


def _site_times(row: SiteRow, count: int) -> SiteRow:
    return row if count == 1 else replace(row, grid_kw=tuple(kw * count for kw in row.grid_kw))
