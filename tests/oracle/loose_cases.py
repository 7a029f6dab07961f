"""Tiny scenarios with limits that change nothing, each beside the same one without its limit."""

from typing import Any

from planner.scenario.model import Scenario
from tests.oracle.limit_cases import BLUE_ONLY, FOREIGN, OPEN, asked, more_work
from tests.oracle.limit_cases import ruled as bought_under
from tests.oracle.part_cases import limited
from tests.oracle.site_cases import one_blue, ruled
from tests.oracle.tiny import Units

type Pair = tuple[Scenario, Scenario]


def some_of_each(u: Units) -> dict[str, Any]:
    """Work for all that can be bought, red and blue."""
    return more_work(u) | {"supply": one_blue()}


def nine_for_one(u: Units) -> Pair:
    """Nine foreign accelerators for each domestic one."""
    limit = {"of": FOREIGN, "among": {"domestic": True}, "most_per": 9}
    return asked(u, limit, **some_of_each(u)), asked(u, **some_of_each(u))


def small_bundle(u: Units) -> Pair:
    """A domestic accelerator with every ten foreign ones."""
    effect = {"type": "bundled_purchase", "domestic_per_unit": 0.1}
    return bought_under(u, effect, **BLUE_ONLY, **some_of_each(u)), asked(u, **some_of_each(u))


def energy_for_all(u: Units) -> Pair:
    """A rule that leaves a site all the energy it can use."""
    effect = {"type": "site_efficiency_cap", "energy_quota": "as_approved"}
    scenario = ruled(u, effect, terms={"energy_quota": {"home": "900 MWh"}}, supply=one_blue())
    return scenario, scenario.replace(policy=type(scenario.policy).model_validate(OPEN))


def parts_for_all(u: Units) -> Pair:
    """More stacks than all deliveries need."""
    scenario = limited(u, {"per_period": 400})
    return scenario, scenario.replace(supply=scenario.supply.model_copy(update={"components": ()}))


LOOSE = (nine_for_one, small_bundle, energy_for_all, parts_for_all)
