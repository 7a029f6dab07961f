"""What stands in the halls, what of it is on, and when it must go."""

from collections import defaultdict

from planner.optimize.constraints.moves import moved, moved_by
from planner.optimize.program import Program


def fleet_balance(program: Program) -> None:
    """F2 Fleet: what is in service is what was, plus what is placed in service, less what is retired.

    fleet[i,h,t] = fleet[i,h,t-1] + install[i,h,t] - retire[i,h,t] + moved in - moved out,   fleet[i,h,-1] = base[i,h]
    """
    problem, v, moves = program.problem, program.v, moved(program)
    for (i, h, t), fleet in v.fleet.items():
        terms = [(fleet, 1.0)]
        if t > 0:
            terms.append((v.fleet[i, h, t - 1], -1.0))
        if (i, h, t) in v.install:
            terms.append((v.install[i, h, t], -1.0))
        if (i, h, t) in v.retire:
            terms.append((v.retire[i, h, t], 1.0))
        terms += [(var, -count) for var, count in moves.get((i, h, t), ())]
        base = float(problem.base.get((i, h), 0)) if t == 0 else 0.0
        where = problem.halls[h]
        program.add(
            "fleet_balance", terms, "==", base, unit="systems", period=t, site=where.id, item=problem.systems[i].id
        )


def powered_within_fleet(program: Program) -> None:
    """F3 Powered: only what is in service can be switched on.   powered[i,h,t] <= fleet[i,h,t]"""
    problem, v = program.problem, program.v
    for (i, h, t), powered in v.powered.items():
        terms = [(powered, 1.0), (v.fleet[i, h, t], -1.0)]
        item, hall = problem.systems[i].id, problem.halls[h].id
        program.add("powered_within_fleet", terms, "<=", 0.0, unit="systems", period=t, site=hall, item=item)


def retire_base_only(program: Program) -> None:
    """F4b Retirement: only the installed base, unless the plan outlasts the life of what it buys or a rule removes it.

    sum_t retire[i,h,t] <= base[i,h] + moved in - moved out
    """
    problem, v = program.problem, program.v
    if problem.life_periods is not None:
        return
    gone, moves = defaultdict(list), moved_by(program)
    for (i, h, _), var in v.retire.items():
        gone[i, h].append((var, 1.0))
    for (i, h), terms in sorted(gone.items()):
        if (i, h) in problem.removed:
            continue
        base, item, hall = float(problem.base.get((i, h), 0)), problem.systems[i].id, problem.halls[h].id
        row = [*terms, *((var, -count) for var, count in moves.get((i, h), ()))]
        program.add("retire_base_only", row, "<=", base, unit="systems", site=hall, item=item)


def retire_by_age(program: Program) -> None:
    """F4 Age: by the start of t, everything past its life has been retired, over all halls together.

    sum_h sum_{t'<=t} retire[i,h,t'] >= expired[i,t] + sum_h sum_{t' past at t} install[i,h,t']
    A system placed in service in t' is past its life from the first period that starts so many months later.
    """
    problem, v = program.problem, program.v
    life = problem.life_periods
    systems = {i for i, _ in problem.expired} | ({i for i, _, _ in v.install} if life is not None else set())
    for i in sorted(systems):
        for t in problem.horizon:
            terms = [(var, 1.0) for (k, _, u), var in v.retire.items() if k == i and u <= t]
            past = {u for u, end in enumerate(problem.life_ends) if end is not None and end <= t}
            if life is not None:
                terms += [(var, -1.0) for (k, _, u), var in v.install.items() if k == i and u in past]
            expired = float(problem.expired.get((i, t), 0))
            if expired or (life is not None and past):
                program.add("retire_by_age", terms, ">=", expired, unit="systems", period=t, item=problem.systems[i].id)
