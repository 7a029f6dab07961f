"""The goals of a case as numbers."""

from collections.abc import Sequence

from planner.problem.arrays import Begin
from planner.problem.case import Case
from planner.problem.goals import Goals
from planner.scenario.goals import GoalName
from planner.scenario.model import ContinuousTraining, TrainingRun


def goals_of(case: Case, begins: Sequence[Begin]) -> Goals:
    """The goals of a scenario. Raises InputError for a cap in a currency without a rate."""
    asked = Goals(case.scenario.goals, _caps(case))
    compute = asked.needs("throughput", "concentration")
    return Goals(
        asked.stages,
        asked.caps,
        tuple(tflop_per_token(case, work) for work in case.scenario.streams) if compute else (),
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
