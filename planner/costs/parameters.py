"""Planning parameters of the catalog that price decisions, resolved once and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog
from planner.catalog.resolve import planning
from planner.errors import InputError, Place
from planner.scenario.model import Scenario
from planner.units import HOURS_PER_YEAR, Money

RESIDUAL_YEARS = 5


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters in base units and in the scenario's currency."""

    load_factor: float
    """Average draw of a busy system over its planning power."""
    maintenance_per_year: float
    """Share of the hardware's price."""
    network_per_accelerator: float
    """Scale-out network of servers; the price of a supernode includes it."""
    asset_life_years: float
    porting_hours: float
    """From the start of a port to first production use."""
    porting_cost: float
    residual: tuple[float, ...]
    """Share of the price that a system is worth 0, 1, 2, ... years after delivery."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Rates into the scenario's currency; `place` is where the scenario states them."""

    rates: Mapping[str, float]
    place: Place | None = None

    def convert(self, money: Money) -> float:
        """An amount in the scenario's currency. Raises InputError for a currency without a rate."""
        if money.currency not in self.rates:
            hint = f"add it to finance.fx: {{{money.currency}: ...}}"
            raise InputError.of("unknown-currency", f"no rate is given for {money.currency}", hint, self.place)
        return money.amount * self.rates[money.currency]


def exchange(scenario: Scenario) -> Exchange:
    """The exchange rates of a scenario."""
    place = None if scenario.document is None else scenario.document.place(("finance", "fx"))
    return Exchange({scenario.currency: 1.0, **scenario.finance.fx}, place)


def resolve_parameters(catalog: Catalog, scenario: Scenario, ledger: Ledger) -> Parameters:
    """All parameters at the scenario's level. Raises InputError for a currency without a rate."""

    rates = exchange(scenario)

    def number(name: str) -> float:
        value = planning(catalog, name, scenario.values, ledger)
        return rates.convert(value) if isinstance(value, Money) else float(value)

    hours = number("porting-time")
    return Parameters(
        load_factor=number("power-utilisation"),
        maintenance_per_year=number("hardware-maintenance"),
        network_per_accelerator=number("scale-out-network"),
        asset_life_years=number("hardware-life") / HOURS_PER_YEAR,
        porting_hours=hours,
        porting_cost=number("porting-staff") * number("engineer-cost") * hours / HOURS_PER_YEAR,
        residual=tuple(number(f"residual-year-{year}") for year in range(RESIDUAL_YEARS + 1)),
    )
