"""Planning parameters of the catalog that price decisions, resolved once and recorded."""

import math
from dataclasses import dataclass

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog
from planner.catalog.resolve import planning
from planner.errors import InputError, InternalError
from planner.scenario.model import Scenario
from planner.units import HOURS_PER_YEAR, Money

RESIDUAL_YEARS = 5


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters in base units."""

    load_factor: float
    """Average draw of a busy system over its planning power."""
    maintenance_per_year: float
    """Share of the hardware's price."""
    network_per_accelerator: Money
    """Scale-out network of servers; the price of a supernode includes it."""
    asset_life_years: float
    porting_hours: float
    """From the start of a port to first production use."""
    porting_cost: Money
    residual: tuple[float, ...]
    """Share of the price that a system is worth 0, 1, 2, ... years after delivery."""


def resolve_parameters(catalog: Catalog, scenario: Scenario, ledger: Ledger) -> Parameters:
    """All parameters at the scenario's level."""

    def number(name: str) -> float:
        value = planning(catalog, name, scenario.values, ledger)
        if isinstance(value, Money):
            raise InternalError(f"parameter {name} is money, a number is expected")
        return float(value)

    def money(name: str) -> Money:
        value = planning(catalog, name, scenario.values, ledger)
        if not isinstance(value, Money):
            raise InternalError(f"parameter {name} is a number, money is expected")
        return value

    def share(name: str, least: float = 0.0) -> float:
        return _within(scenario, name, number(name), least, 1.0)

    hours = _within(scenario, "porting-time", number("porting-time"), 0.0, math.inf)
    return Parameters(
        load_factor=share("power-utilisation", 0.01),
        maintenance_per_year=share("hardware-maintenance"),
        network_per_accelerator=money("scale-out-network"),
        asset_life_years=_within(scenario, "hardware-life", number("hardware-life"), 24.0, math.inf) / HOURS_PER_YEAR,
        porting_hours=hours,
        porting_cost=money("engineer-cost") * (number("porting-staff") * hours / HOURS_PER_YEAR),
        residual=tuple(share(f"residual-year-{year}") for year in range(RESIDUAL_YEARS + 1)),
    )


def _within(scenario: Scenario, name: str, value: float, least: float, most: float) -> float:
    """A parameter (base units) that can be true. Raises InputError, where the scenario states it, for another."""
    if least <= value <= most:
        return value
    paths = [("parameters", name)] if name in scenario.parameters else []
    paths += [("facts", key) for key in (f"assumptions.{name}",) if key in scenario.facts]
    place = scenario.document.place(paths[0]) if scenario.document is not None and paths else None
    hint = f"state one from {least:g} to {most:g}" if most < math.inf else "state a longer time"
    raise InputError.of("out-of-range", f"{name} cannot be {value:g} (in base units)", hint, place)
