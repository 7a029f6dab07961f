"""The limits of a scenario as its file states them: each can be lifted whole, and relaxed step by step."""

from collections.abc import Callable, Iterator
from math import ceil

from planner.errors import Place
from planner.explain import steps
from planner.explain.limit import Limit, Repair
from planner.explain.own_limits import own_limits
from planner.explain.steps import Change
from planner.io.yaml import YamlPath
from planner.plan.solve import Posed
from planner.problem.pipeline import allocations
from planner.scenario.apart import Apart
from planner.scenario.model import Budget, ContinuousTraining, Hall, Scenario, Schedule, Site, TrainingRun, Workload
from planner.scenario.porting import Porting
from planner.units import Money
from planner.units import format as format_quantity

PLENTY_KW, PLENTY_RACKS, PLENTY_REACH, PLENTY_SUPPLY = 5e6, 10**6, 10**7, 10**6
"""What stands for no limit: 5 GW, a million racks, ten million accelerators in a cluster, a million a period."""
SHARE = 0.01
"""Step of a target, a budget or rack positions, of its size."""


def limits_of(posed: Posed, rules: tuple[str, ...] = ()) -> tuple[Limit, ...]:
    """Every limit of a posed scenario: what is asked first, what is given after it, `rules` last.

    Of several conflicts the one with the earlier limits is shown.
    """
    scenario = posed.case.scenario

    def at(*path: str | int) -> Place | None:
        return None if scenario.document is None else scenario.document.place(tuple(path))

    found = [_work(posed, work, at("workloads", n)) for n, work in enumerate(scenario.workloads)]
    found += _budgets(scenario, at)
    found += [limit for n, site in enumerate(scenario.sites) for limit in _site(site, ("sites", n), at)]
    found += _supplies(posed, at)
    found += list(_software(scenario, at))
    found += list(_service(scenario, at))
    found += list(own_limits(posed, at))
    found += [_rule(posed, name) for name in rules]
    return tuple(found)


type At = Callable[..., Place | None]


def _software(scenario: Scenario, at: At) -> Iterator[Limit]:
    """Software that ripens, and work that stays apart."""
    if scenario.porting.maturity:
        told = "the lower rate of software after a port"
        yield Limit("maturity", told, at("porting", "maturity"), lambda s: s.replace(porting=Porting()))
    yield from (_apart(group, at("apart")) for group in scenario.apart)


def _service(scenario: Scenario, at: At) -> Iterator[Limit]:
    """Between delivery and work: installation, attrition, and how much the warehouse holds."""
    stated = {"installation": "the time that systems take to be installed", "attrition": "what fails beyond repair"}
    for key, told in stated.items():
        if getattr(scenario, key) is not None:
            yield _left_out(key, told, at(key), {key: None})
    kept = scenario.warehouse
    if kept is not None and kept.capacity is not None:
        most = max(kept.capacity.steps.values())
        told = f"a warehouse of at most {most:,} accelerators"
        yield _left_out("warehouse", told, at("warehouse", "capacity"), {"warehouse": None})


def _left_out(key: str, told: str, place: Place | None, change: dict[str, None]) -> Limit:
    def lift(scenario: Scenario) -> Scenario:
        return scenario.replace(**change)

    return Limit(key, told, place, lift, (Repair(key, lambda k: lift, lambda k: f"without {told}", lambda k: 1.0, 1),))


def _apart(group: Apart, place: Place | None) -> Limit:
    names = " and ".join(group.workloads)

    def lift(scenario: Scenario) -> Scenario:
        return scenario.replace(apart=tuple(other for other in scenario.apart if other != group))

    repair = Repair("apart", lambda k: lift, lambda k: f"{names} in one {group.place}", lambda k: 1.0, 1)
    return Limit(f"apart {names}", f"{names} apart by {group.place}", place, lift, (repair,))


def _rule(posed: Posed, name: str) -> Limit:
    def lift(scenario: Scenario) -> Scenario:
        without = tuple(dict.fromkeys((*scenario.policy.without, name)))
        return scenario.replace(policy=scenario.policy.model_copy(update={"without": without}))

    left = next((entry for entry in posed.problem.excluded if entry.rule == name), None)
    detail = f": {left.detail}" if left is not None else ""
    repair = Repair("rule", lambda k: lift, lambda k: f"without the rule {name}", lambda k: 1.0, 1)
    return Limit(f"rule {name}", f"the rule {name}{detail}", None, lift, (repair,), name)


def _site(site: Site, path: YamlPath, at: At) -> Iterator[Limit]:
    grid = steps.on_site(site.id, lambda s: {"grid": _flat(s.grid, PLENTY_KW)})
    yield Limit(
        f"grid {site.id}",
        f"grid power of {site.id}, {_range(site.grid, 'power')}",
        at(*path, "grid"),
        grid,
        (_power(f"the grid contract of {site.id}", site.grid, lambda by: steps.on_site(site.id, _more("grid", by))),),
    )
    for n, hall in enumerate(site.halls):
        yield from _hall(f"{site.id}/{hall.id}", hall, (*path, "halls", n), at)


def _hall(place: str, hall: Hall, path: YamlPath, at: At) -> Iterator[Limit]:
    def limit(kind: str, key: str, words: str, plenty: object, *repairs: Repair) -> Limit:
        lift = steps.on_hall(place, lambda h: {key: plenty})
        return Limit(f"{kind} {place}", f"{words} of hall {place}", at(*path, key), lift, repairs)

    told = f"{hall.cooling}-cooled IT power, {_range(hall.it_power, 'power')},"
    more = _power(
        f"{hall.cooling}-cooled IT power at {place}",
        hall.it_power,
        lambda by: steps.on_hall(place, _more("it_power", by)),
    )
    yield limit("power", "it_power", told, _flat(hall.it_power, PLENTY_KW), more)
    step = max(1, round(SHARE * hall.racks))
    racks = Repair(
        "racks",
        lambda k: steps.on_hall(place, lambda h: {"racks": h.racks + k * step}),
        lambda k: f"+{k * step:,} rack positions at {place}",
        lambda k: k * step / max(hall.racks, 1),
        1000,
    )
    yield limit("racks", "racks", f"{hall.racks:,} rack positions", PLENTY_RACKS, racks)
    density = Repair(
        "rack power",
        lambda k: steps.on_hall(place, lambda h: {"rack_power": h.rack_power + k}),
        lambda k: f"+{k:,} kW per rack at {place}",
        lambda k: k / hall.rack_power,
        2000,
    )
    yield limit("rack power", "rack_power", f"{format_quantity(hall.rack_power, 'power')} per rack", PLENTY_KW, density)
    if hall.max_cluster is not None:
        reach = Repair(
            "reach",
            lambda k: steps.on_hall(place, lambda h: {"max_cluster": (h.max_cluster or 0) + k * 64}),
            lambda k: f"a fabric at {place} that joins {(hall.max_cluster or 0) + k * 64:,} accelerators",
            lambda k: k * 64 / (hall.max_cluster or 1),
            16384,
        )
        yield limit("reach", "max_cluster", f"clusters of at most {hall.max_cluster:,}", PLENTY_REACH, reach)


def _more(key: str, by: float) -> Callable[[Site | Hall], dict[str, object]]:
    return lambda owner: {key: steps.raised(getattr(owner, key), by)}


def _power(what: str, schedule: Schedule[float], change: Callable[[float], Change]) -> Repair:
    largest = max(schedule.steps.values(), default=0.0)
    step = 100.0 if largest >= 5000.0 else 10.0 if largest >= 500.0 else 0.1
    return Repair(
        "power",
        lambda k: change(k * step),
        lambda k: f"+{format_quantity(k * step, 'power')} of {what}, in every period it has some",
        lambda k: k * step / max(largest, 1e-9),
        int(100 * max(largest, step) / step),
    )


def _flat(schedule: Schedule[float], value: float) -> Schedule[float]:
    return schedule.model_copy(update={"steps": {"0001": value}})


def _range(schedule: Schedule[float], dimension: str) -> str:
    values = list(schedule.steps.values())
    if len(values) == 1:
        return format_quantity(values[0], dimension)
    low, high = format_quantity(min(values), dimension), format_quantity(max(values), dimension)
    return f"{low} to {high}"


def _supplies(posed: Posed, at: At) -> Iterator[Limit]:
    case, scenario = posed.case, posed.case.scenario
    amounts = allocations(case)
    labels = {period.index: period.label for period in case.calendar}
    names = {case.catalog.accelerator(a.accelerator).id: n for n, a in enumerate(scenario.supply.allocations)}

    def same(name: str) -> str:
        return case.catalog.accelerator(name).id

    for chip in sorted({case.systems[key].accelerator_id for key in case.candidates}):
        mine = {t: amounts.get((chip, t), 0.0) for t in labels}
        size = min(
            case.systems[key].accelerators for key in case.candidates if case.systems[key].accelerator_id == chip
        )
        mean = sum(mine.values()) / max(len(mine), 1)

        def more(k: int, chip: str = chip, mine: dict[int, float] = mine, size: int = size) -> Change:
            return steps.supply_plus(chip, mine, labels, k * size, same)

        def words(k: int, name: str = case.catalog.accelerators[chip].name, size: int = size) -> str:
            return f"+{k * size:,} accelerators of {name} a period ({k} more systems)"

        def share(k: int, size: int = size, mean: float = mean) -> float:
            return k * size / max(mean, float(size))

        lift = steps.supply_plus(chip, mine, labels, PLENTY_SUPPLY, same)
        place = at("supply", "allocations", names[chip]) if chip in names else at("supply")
        name = case.catalog.accelerators[chip].name
        repair = Repair("supply", more, words, share, max(1, PLENTY_SUPPLY // size))
        yield Limit(f"supply {chip}", f"supply of {name}, {mean:,.0f} a period on average", place, lift, (repair,))


def _budgets(scenario: Scenario, at: At) -> Iterator[Limit]:
    budget = scenario.budget

    def repair(what: str, amount: Money, change: Callable[[float], Change]) -> Repair:
        return Repair(
            "budget",
            lambda k: change(1 + k * SHARE),
            lambda k: f"+{k * SHARE:.0%} {what} (+{_money(amount, k * SHARE)})",
            lambda k: k * SHARE,
            10_000,
        )

    if budget.total is not None:
        yield Limit(
            "budget total",
            f"the budget of {_money(budget.total)} over the plan",
            at("budget", "total"),
            lambda s: s.replace(budget=Budget(total=None, per_year=s.budget.per_year)),
            (repair("budget over the whole plan", budget.total, steps.total_budget),),
        )
    for label, amount in budget.per_year.items():

        def lift(s: Scenario, label: str = label) -> Scenario:
            rest = {key: value for key, value in s.budget.per_year.items() if key != label}
            return s.replace(budget=Budget(total=s.budget.total, per_year=rest))

        def more(factor: float, label: str = label) -> Change:
            return steps.yearly_budget(label, factor)

        yield Limit(
            f"budget {label}",
            f"the budget of {label}, {_money(amount)}",
            at("budget", "per_year", label),
            lift,
            (repair(f"budget in {label}", amount, more),),
        )


def _money(amount: Money, share: float = 1.0) -> str:
    value = amount.amount * share
    return f"{value / 1e6:,.1f} m {amount.currency}" if abs(value) >= 1e6 else f"{value:,.0f} {amount.currency}"


def _work(posed: Posed, work: Workload, place: Place | None) -> Limit:
    currency = posed.case.scenario.currency
    free = Money(0.0, currency)
    if isinstance(work, ContinuousTraining):
        lift = steps.on_work(work.id, lambda w: {"shortfall": free})
        told = f"the target of {work.id}, {_range(work.target, 'rate')}"
        return Limit(f"target {work.id}", told, place, lift, (_less_target(work),))
    lift = steps.on_work(work.id, lambda w: {"missed": free})
    told = f"the run {work.id} on one cluster by {work.deadline}"
    return Limit(f"run {work.id}", told, place, lift, tuple(_less_run(posed, work)))


def _less_target(work: ContinuousTraining) -> Repair:
    return Repair(
        "target",
        lambda k: steps.on_work(work.id, lambda w: {"target": steps.times(w.target, 1 - k * SHARE)}),
        lambda k: f"\N{MINUS SIGN}{k * SHARE:.0%} of the target of {work.id} in every period",
        lambda k: k * SHARE,
        round(1 / SHARE),
    )


def _less_run(posed: Posed, run: TrainingRun) -> Iterator[Repair]:
    calendar = posed.case.calendar
    last = calendar.last_index_of(run.deadline)
    later = len(calendar) - 1 - last
    if later > 0:
        yield Repair(
            "deadline",
            lambda k: steps.on_work(run.id, lambda w: {"deadline": calendar[last + k].label}),
            lambda k: f"deadline of {run.id} {k} period{'s' if k > 1 else ''} later ({calendar[last + k].label})",
            lambda k: k / max(last + 1, 1),
            later,
        )
    yield Repair(
        "tokens",
        lambda k: steps.on_work(run.id, lambda w: {"tokens": w.tokens * (1 - k * SHARE)}),
        lambda k: f"\N{MINUS SIGN}{k * SHARE:.0%} of the tokens of {run.id}",
        lambda k: k * SHARE,
        ceil(1 / SHARE) - 1,
    )
