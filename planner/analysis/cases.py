"""One run of a sweep: a scenario under changes, with a name, and the hash of everything that decides its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from planner import __version__
from planner.analysis.asked.searches import NearOptimal
from planner.analysis.patches import Patch, apply
from planner.io.files import sha256_of
from planner.plan.solve import Options
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

Kind = Literal["base", "question", "combination", "grid", "draw", "tornado", "break-even", "frontier", "world"]
TOLD: frozenset[Kind] = frozenset({"base", "question", "combination"})
"""Kinds of runs that are told one by one; of the others there are tables of their own."""
FORMAT = 1
"""Version of what a run is and of how it is kept."""


@dataclass(frozen=True)
class Case:
    """A run to be made."""

    id: str
    title: str
    kind: Kind
    study: str
    """Id of the part of the file that asked for it; of a question its own."""
    base: Scenario
    patches: tuple[Patch, ...] = ()
    coordinates: Mapping[str, Any] = field(default_factory=dict)
    """Value by variable: of axes, draws, facts."""
    near: NearOptimal | None = None
    """Other plans to look for beside its own."""

    @cached_property
    def scenario(self) -> Scenario:
        """The effective scenario. Raises InputError when a change does not fit."""
        return apply(self.base, self.patches).replace(counterfactuals=())


@dataclass(frozen=True)
class Setting:
    """What all runs of a sweep share besides their scenario."""

    options: Options


def run_key(scenario: Scenario, setting: Setting, near: NearOptimal | None = None) -> str:
    """Hash that names a run: the effective scenario, catalog, calibration, versions, and how it is solved.

    Neither the scenario's name and title nor the threads count: they change no decision.
    """
    from importlib.metadata import version

    from planner.throughput.calibration import load

    said = scenario.model_dump(mode="json", exclude={"name", "title", "counterfactuals", "solver"})
    solver = scenario.solver
    limit = setting.options.time_limit
    how: dict[str, Any] = {
        "gap": solver.gap if setting.options.gap is None else setting.options.gap,
        "time_limit": (solver.time_limit or 0.0) * 3600.0 if limit is None else limit,
    }
    if near is not None:
        how["near"] = [near.within, near.count]
    inputs = (catalog_of(scenario).digest, load().digest)
    return sha256_of([FORMAT, __version__, version("highspy"), inputs, said, how])[:32]


def inputs_key(scenario: Scenario) -> dict[str, str]:
    """What a store of runs belongs to: the base scenario, its catalog, the calibration and the version."""
    from planner.throughput.calibration import load

    said = scenario.model_dump(mode="json", exclude={"counterfactuals"})
    return {
        "planner_version": __version__,
        "scenario": sha256_of(said)[:16],
        "catalog": catalog_of(scenario).digest[:16],
        "calibration": load().digest[:16],
    }
