"""How much of a system's kind fails beyond repair in each period, and how much of a purchase works in the end."""

from math import prod

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog
from planner.catalog.resolve import ResolvedSystem, planning
from planner.errors import InternalError
from planner.policy.permissions import Permissions
from planner.scenario.model import Scenario
from planner.units import Money

Losses = dict[tuple[str, str], tuple[float, ...]]
"""(system, site) -> by period the share of what works at its start that has failed by its end."""


def losses(
    scenario: Scenario, catalog: Catalog, rules: Permissions, systems: dict[str, ResolvedSystem], ledger: Ledger
) -> Losses:
    """1 - (1 - rate)^years of each period, at the rate with or without service; empty where nothing is stated."""
    if scenario.attrition is None:
        return {}
    found: Losses = {}
    for key, system in systems.items():
        usual = _rate(scenario, catalog, key, ledger)
        for site in scenario.sites:
            line = []
            for period in scenario.calendar:
                rate = usual
                if not rules.allowed("service", system.accelerator_id, site.id, period.index):
                    rate = _unserviced(scenario, rules, system, site.id, period.index, usual)
                line.append(1.0 - (1.0 - rate) ** (period.months / 12.0))
            found[key, site.id] = tuple(line)
    return found


def survival(found: Losses) -> dict[str, tuple[float, ...]]:
    """System -> by period of delivery the share that works when the plan ends, where it fares worst."""
    shares: dict[str, tuple[float, ...]] = {}
    for key in {system for system, _ in found}:
        worst = [max(parts) for parts in zip(*(line for (name, _), line in found.items() if name == key), strict=True)]
        shares[key] = tuple(prod(1.0 - loss for loss in worst[t:]) for t in range(len(worst)))
    return shares


def _rate(scenario: Scenario, catalog: Catalog, system: str, ledger: Ledger) -> float:
    asked = scenario.attrition
    stated = None if asked is None else asked.systems.get(system, asked.rate)
    if stated is not None:
        return stated
    value = planning(catalog, "attrition", scenario.values, ledger)
    if isinstance(value, Money):
        raise InternalError("parameter attrition is money, a number is expected")
    return float(value)


def _unserviced(
    scenario: Scenario, rules: Permissions, system: ResolvedSystem, site: str, period: int, usual: float
) -> float:
    """The rate without service: the scenario's, else that of the rule, else the usual one."""
    asked = scenario.attrition
    if asked is not None and asked.without_service is not None:
        return asked.without_service
    stated = rules.attrition(system.accelerator_id, site, period)
    return usual if stated is None else stated
