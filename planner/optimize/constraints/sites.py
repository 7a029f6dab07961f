"""What rules give to sites that are all domestic, and what they ask of a site's energy and of what must go."""

from collections import defaultdict

from planner.optimize.constraints.exempt import placed_up_to
from planner.optimize.loads import beside
from planner.optimize.money import MILLION
from planner.optimize.program import Program

GWH = 1e6
"""Energy rows are written in GWh."""


def subsidised_energy(program: Program) -> None:
    """F24 Subsidised energy: a site gets for its energy what it uses, and nothing unless it is all domestic.

    subsidised[s,t] <= sum_{i,h in s} saving[i,h,t] powered[i,h,t]
    subsidised[s,t] <= saving of all that the grid contract feeds * domestic[s,t]
    """
    problem, v = program.problem, program.v
    earned = defaultdict(list)
    for (i, h, t), events in problem.subsidy_events.items():
        earned[problem.halls[h].site, t].append((i, h, sum(event.amount for event in events) / MILLION))
    for (s, t), var in v.subsidised.items():
        site = problem.sites[s]
        gained = [(v.powered[i, h, t], -saving) for i, h, saving in earned[s, t] if (i, h, t) in v.powered]
        unit = f"million {problem.currency}"
        program.add(
            "subsidised_energy", [(var, 1.0), *gained], "<=", 0.0, unit=unit, period=t, site=site.id, item="used"
        )
        if (s, t) in v.domestic:
            per_kw = max(
                (a / (problem.systems[i].power_kw * problem.halls[h].pue[t]) for i, h, a in earned[s, t]), default=0.0
            )
            row = [(var, 1.0), (v.domestic[s, t], -per_kw * problem.feed.grid_kw(s, t))]
            program.add("subsidised_energy", row, "<=", 0.0, unit=unit, period=t, site=site.id, item="most")


def granted_hardware(program: Program) -> None:
    """F25 Granted hardware: a site gets back a share of the price of what is placed in service while all domestic.

    granted[s,t] <= sum_{i,h in s} grant[i,h,t] install[i,h,t]
    granted[s,t] <= grant of all that its rack positions hold * domestic[s,t]
    """
    problem, v = program.problem, program.v
    earned = defaultdict(list)
    for (i, h, t), events in problem.grant_events.items():
        earned[problem.halls[h].site, t].append((i, h, sum(event.amount for event in events) / MILLION))
    for (s, t), var in v.granted.items():
        site = problem.sites[s]
        gained = [(v.install[i, h, t], -amount) for i, h, amount in earned[s, t]]
        unit = f"million {problem.currency}"
        program.add(
            "granted_hardware", [(var, 1.0), *gained], "<=", 0.0, unit=unit, period=t, site=site.id, item="used"
        )
        if (s, t) in v.domestic:
            most: dict[int, float] = {}
            for i, h, amount in earned[s, t]:
                most[h] = max(most.get(h, 0.0), amount * problem.feed.racks(h, t) / problem.racks[i, h])
            row = [(var, 1.0), (v.domestic[s, t], -sum(most.values()))]
            program.add("granted_hardware", row, "<=", 0.0, unit=unit, period=t, site=site.id, item="most")


def all_domestic(program: Program) -> None:
    """F26 All domestic: a site counts as domestic only while nothing foreign is in service there.

    sum_{i foreign} racks[i,h] fleet[i,h,t] <= racks[h] (1 - domestic[s,t])        for h in s
    """
    problem, v = program.problem, program.v
    for (s, t), domestic in v.domestic.items():
        foreign = problem.obliged.subsidy_at[s, t].foreign
        standing = defaultdict(list)
        for i, h in problem.kept_keys:
            if i in foreign and problem.halls[h].site == s:
                standing[h].append((v.fleet[i, h, t], problem.racks[i, h]))
        for h, terms in sorted(standing.items()):
            hall, racks = problem.halls[h], problem.feed.racks(h, t)
            row = [*terms, (domestic, racks)]
            program.add("all_domestic", row, "<=", racks, unit="racks", period=t, site=hall.id)


def energy_quota(program: Program) -> None:
    """F27 Energy quota: energy at the meter of a site stays within what a rule allows it in a year.

    sum_{t, h in s} pue_h hours_t (load sum_i power_i powered[i,h,t] + what else draws) <= quota[s]
    """
    problem, v = program.problem, program.v
    for quota in problem.obliged.energy:
        periods = frozenset(quota.periods)
        terms = []
        for (i, h, t), var in v.powered.items():
            hall = problem.halls[h]
            if hall.site == quota.site and t in periods:
                kwh = hall.pue[t] * quota.load_factor * problem.calendar[t].hours * problem.systems[i].power_kw
                terms.append((var, kwh / GWH))
        for var, h, t, kw in beside(program):
            if problem.halls[h].site == quota.site and t in periods:
                terms.append((var, problem.halls[h].pue[t] * problem.calendar[t].hours * kw / GWH))
        site = problem.sites[quota.site].id
        program.add("energy_quota", terms, "<=", quota.most / GWH, unit="GWh", site=site, item=quota.id)


def removal(program: Program) -> None:
    """F28 Removal: what a rule has taken out is out of service, but for what it spares.

    fleet[i,h,t] <= what may stay + sum_{t'<=t: acquired before the rule} install[i,h,t']
    """
    problem, v = program.problem, program.v
    for (i, h, t), most in sorted(problem.gone.items()):
        item, hall = problem.systems[i].id, problem.halls[h].id
        day = problem.exempt.stays.get((i, h, t))
        spared = [] if day is None else [(var, -c) for var, c in placed_up_to(program, i, h, t, day)]
        program.add(
            "removal", [(v.fleet[i, h, t], 1.0), *spared], "<=", most, unit="systems", period=t, site=hall, item=item
        )
