"""The goals of a case as numbers."""

from collections.abc import Sequence

from planner.problem.asked import FloorRow, TokenBudget
from planner.problem.case import Case
from planner.problem.goals import Goals
from planner.problem.places import sorted_sites
from planner.problem.rows.work import Begin
from planner.scenario.goals import GoalName
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.scenario.periods import label_end


def goals_of(case: Case, begins: Sequence[Begin]) -> Goals:
    """The goals of a scenario. Raises InputError for a cap in a currency without a rate."""
    asked = Goals(case.scenario.goals, _caps(case))
    compute = asked.needs("throughput", "concentration") or bool(case.scenario.least_compute)
    return Goals(
        asked.stages,
        asked.caps,
        tuple(tflop_per_token(case, work) for work in case.scenario.streams) if compute else (),
        tuple(tflop_per_token(case, run) for run in case.scenario.runs) if compute else (),
        tuple(tflop_per_token(case, run) * run.tokens for run in case.scenario.runs) if compute else (),
        tuple(_done(case, begin) for begin in begins) if asked.needs("completion") else (),
    )


def _caps(case: Case) -> dict[GoalName, float]:
    caps = case.scenario.caps
    stated: dict[GoalName, float | None] = {
        "cost": None if caps.cost is None else case.prices.money(caps.cost),
        "throughput": caps.throughput,
        "completion": caps.completion,
        "concentration": caps.concentration,
        "shortage": caps.shortage,
    }
    return {name: value for name, value in stated.items() if value is not None}


def tflop_per_token(case: Case, work: ContinuousTraining | TrainingRun) -> float:
    """Model FLOPs of training on one token (forward and backward, no recompute), in 1e12."""
    from planner.throughput.inputs import Recipe
    from planner.throughput.rates import flops_of

    recipe = Recipe(work.recipe.sequence, work.recipe.global_batch, work.recipe.precision)
    return flops_of(case.catalog.transformers[work.model], recipe) / 1e12


def _done(case: Case, begin: Begin) -> float:
    start = (case.calendar[begin.period].start - case.calendar.start).days * 24.0
    return start + sum(share * case.calendar[t].hours for t, share in begin.occupancy)


def targets(case: Case, stream: ContinuousTraining) -> tuple[float, ...]:
    """Tokens/s asked for in each period, whether stated in tokens or in FLOPs."""
    if stream.compute is None:
        return tuple(stream.target.at(period) or 0.0 for period in case.calendar)
    each = tflop_per_token(case, stream)
    return tuple((stream.compute.at(period) or 0.0) / each for period in case.calendar)


def budgets(case: Case, stream: ContinuousTraining) -> tuple[TokenBudget, ...]:
    """Tokens asked for by the end of a period; only periods that end by then count."""
    found = []
    for label, tokens in sorted(stream.tokens.items(), key=lambda pair: label_end(pair[0])):
        last = max(period.index for period in case.calendar if period.end <= label_end(label))
        missed = None if stream.shortfall is None else case.prices.behind(stream.shortfall, tokens, last)
        found.append(TokenBudget(label, last, tokens, missed))
    return tuple(found)


def floors(case: Case) -> tuple[FloorRow, ...]:
    """Least compute at some sites, by index of the site."""
    sites = sorted_sites(case.scenario)
    return tuple(
        FloorRow(
            floor.region or "+".join(floor.sites),
            frozenset(s for s, site in enumerate(sites) if site.id in floor.sites or site.region == floor.region),
            tuple(floor.compute.at(period) or 0.0 for period in case.calendar),
        )
        for floor in case.scenario.least_compute
    )
