"""Work and goals of a scenario: names, dates, and that something is asked for."""

from collections import Counter

from planner.scenario.checker import Checker, Path
from planner.scenario.model import ContinuousTraining, TrainingRun, Workload
from planner.scenario.periods import label_end, label_start
from planner.units import Money


def workloads(checker: Checker) -> None:
    """Models and platforms exist, dates lie within the horizon, something is asked for, no key is without effect."""
    scenario = checker.scenario
    checker.unique(("workloads",), "workloads", (work.id for work in scenario.workloads))
    sought = {goal.name for goal in scenario.goals} | ({"throughput"} if scenario.caps.throughput else set())
    weighed = {goal.name for goal in scenario.goals if goal.level is None}
    weighed |= {"shortage"} if scenario.caps.shortage is not None else set()
    levels = Counter(work.priority for work in scenario.workloads)
    for w, work in enumerate(scenario.workloads):
        path: Path = ("workloads", w)
        checker.name((*path, "model"), "transformers", work.model)
        if work.platforms == ():
            message = f"{work.id} may run on no platform at all"
            checker.fault((*path, "platforms"), "wrong-value", message, "name some, or leave the key out for all")
        for key in ("ported", "platforms"):
            for n, platform in enumerate(getattr(work, key) or ()):
                checker.name((*path, key, n), "platforms", platform)
        if isinstance(work, TrainingRun):
            _steps(checker, path, work)
            checker.inside((*path, "deadline"), work.deadline)
            if work.earliest is not None:
                checker.inside((*path, "earliest"), work.earliest)
                if label_start(work.earliest) >= label_end(work.deadline):
                    message = f"{work.id} may start in {work.earliest}, after its deadline {work.deadline}"
                    checker.fault((*path, "deadline"), "deadline", message, "move one of the two")
            if work.together and work.count == 1:
                message = f"{work.id} is one run: there is nothing for it to start together with"
                checker.fault((*path, "together"), "no-effect", message, "state `count: 2` or more, or leave it out")
            names = {f"{work.id}.{k}" for k in range(1, work.count + 1)} if work.count > 1 else set()
            for taken in sorted(names & {other.id for other in scenario.workloads}):
                checker.fault((*path, "id"), "duplicate", f"{taken} is a workload of its own", "rename one")
        else:
            checker.schedule((*path, "target"), work.target)
            if work.compute is not None:
                checker.schedule((*path, "compute"), work.compute)
            _tokens(checker, path, work)
            stated = {"target", "compute", "tokens"} & work.model_fields_set
            if not stated and not scenario.least_compute and "throughput" not in sought:
                hint = "give tokens/s as `target`, FLOP/s as `compute` or a number by a period as `tokens`"
                checker.fault(path, "missing-key", f"'target' is missing in workloads[{w}]", hint)
        if work.priority is not None and _price(work) is None:
            message = f"the priority of {work.id} has no effect: it must be met anyway"
            key = "missed" if isinstance(work, TrainingRun) else "shortfall"
            checker.fault((*path, "priority"), "no-effect", message, f"state what missing it costs as `{key}`")
        among = work.priority is not None and levels[work.priority] > 1
        if work.weight != 1.0 and "shortage" not in weighed and not among:
            message = f"the weight of {work.id} has no effect: shortage is neither sought nor capped"
            checker.fault((*path, "weight"), "no-effect", message, "seek shortage, cap it, or leave the weight out")


def _steps(checker: Checker, path: Path, run: TrainingRun) -> None:
    """A run has tokens, and for one step at least."""
    step = run.recipe.sequence * run.recipe.global_batch
    if run.tokens < 1:
        message = f"{run.id} has no tokens to train"
        checker.fault((*path, "tokens"), "wrong-value", message, "state how many, or leave the run out")
    elif run.tokens < step:
        message = f"one optimizer step takes {step:,} tokens, more than {run.id} has ({run.tokens:,.0f})"
        checker.fault((*path, "recipe"), "wrong-value", message, "state more tokens, or a smaller `global_batch`")


def _price(work: Workload) -> Money | None:
    """What missing it costs; None: it must be met."""
    return work.missed if isinstance(work, TrainingRun) else work.shortfall


def _tokens(checker: Checker, path: Path, work: ContinuousTraining) -> None:
    """Token budgets end with a period of the plan or after one, each with one of its own."""
    last: dict[int, str] = {}
    least: dict[str, float] = {}
    for label, tokens in sorted(work.tokens.items(), key=lambda entry: label_end(entry[0])):
        at = (*path, "tokens", label)
        done = [p.index for p in checker.scenario.periods if p.end <= label_end(label)]
        if label_end(label) > label_end(checker.scenario.horizon.end):
            checker.inside(at, label)
        elif not done:
            message = f"no period of the plan ends by the end of {label}"
            checker.fault(at, "outside-horizon", message, "give a later one")
        elif max(done) in last:
            message = f"{last[max(done)]} and {label} end with the same period of the plan"
            checker.fault(at, "duplicate", message, "keep the one with more tokens")
        elif tokens <= 0:
            checker.fault(at, "wrong-value", f"{work.id} has no tokens to train by {label}", "leave it out")
        elif least and tokens <= max(least.values()):
            told = max(least, key=lambda before: least[before])
            message = (
                f"{work.id} asks for no more tokens by {label} than by {told}: they are counted from the plan's start"
            )
            checker.fault(at, "no-effect", message, "state the sum so far, or leave it out")
        least[label] = tokens
        last.setdefault(max(done, default=-1), label)


def goals(checker: Checker) -> None:
    """What is sought or capped must exist, and doing nothing must not be the best way to it."""
    scenario = checker.scenario
    asked = [
        value
        for s in scenario.streams
        for value in (*s.target.steps.values(), *(s.compute.steps.values() if s.compute else ()), *s.tokens.values())
    ]
    demand = bool(scenario.runs) or any(value > 0 for value in asked)
    missing = {
        "throughput": None if scenario.streams else "no divisible work",
        "completion": None if scenario.runs else "no coherent run",
        "concentration": None if demand else "no target and no run",
    }
    capped = [name for name in missing if getattr(scenario.caps, name) is not None]
    for path, names in ((("objective",), [goal.name for goal in scenario.goals]), (("caps",), capped)):
        for name in names:
            if missing.get(name):
                message = f"{name} has no meaning here: the scenario has {missing[name]}"
                checker.fault((*path, name) if path == ("caps",) else path, "nothing-to-seek", message, "leave it out")
    _not_for_nothing(checker)


def _not_for_nothing(checker: Checker) -> None:
    scenario = checker.scenario
    free = [work.id for work in scenario.workloads if work.priority is None and _price(work) is not None]
    for goal in (goal for goal in scenario.goals if goal.level is None):
        if goal.name in ("cost", "shortage"):
            return
        if free and goal.name in ("energy", "carbon", "concentration"):
            message = f"least {goal.name} would be to do nothing: {free[0]} may be missed at a price"
            hint = f"seek cost or shortage before {goal.name}"
            checker.fault(("objective",), "objective", message, hint)
            return


def floors(checker: Checker) -> None:
    """Sites and regions of floors exist, and what they ask for begins within the plan."""
    scenario = checker.scenario
    for n, floor in enumerate(scenario.least_compute):
        path: Path = ("least_compute", n)
        for k, site in enumerate(floor.sites):
            checker.known((*path, "sites", k), "site", site, (site.id for site in scenario.sites))
        if floor.region is not None:
            region = checker.name((*path, "region"), "regions", floor.region)
            known = [site.region for site in scenario.sites if site.region in checker.catalog.regions]
            here = {*known, *(checker.catalog.identify("regions", name) for name in known)}
            if region is not None and len(known) == len(scenario.sites) and region not in here:
                message = f"no site of the scenario is in {floor.region}"
                checker.fault((*path, "region"), "unknown-name", message, f"sites are in {', '.join(sorted(here))}")
        checker.schedule((*path, "compute"), floor.compute)
