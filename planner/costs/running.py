"""Further lines of running cost, each with its price and what it counts."""

from dataclasses import dataclass
from typing import Any, Literal

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog
from planner.catalog.planning import economic, planning
from planner.errors import InputError, Place
from planner.scenario.model import Scenario
from planner.scenario.money import RunningCost
from planner.units import CapacityCharge, CarbonPrice, HourlyPrice, Money, PowerPrice, Tariff, TokenPrice

Counted = Literal[
    "meter kWh", "IT kWh", "meter kW", "IT kW", "CO2", "water", "accelerator", "system", "site", "removal", "price"
]
"""What a line counts: energy, kW held for an hour, kg of CO2, litres, things for a year, or the hardware's price."""

_BY_UNIT: dict[type, dict[str, Counted]] = {
    Tariff: {"it": "IT kWh", "meter": "meter kWh"},
    CapacityCharge: {"it": "IT kW", "meter": "meter kW"},
    CarbonPrice: {"it": "CO2", "meter": "CO2"},
}
"""What is counted, by the unit of its price and where it is measured."""
_WHEREVER = frozenset({"accelerator", "system", "removal", "price", "IT kW"})


@dataclass(frozen=True, slots=True)
class RunningPrice:
    """One line: the price of one unit of what it counts."""

    line: str
    counted: Counted
    price: Money | float
    """Per kWh, kW and hour, kg, m3, thing and year; a plain number is a share of the hardware's price a year."""
    sites: tuple[str, ...]
    """Empty: all."""
    litres_per_kwh: float = 0.0

    def at(self, site: str) -> bool:
        """Whether it is paid at a site."""
        return not self.sites or site in self.sites


def running_prices(catalog: Catalog, scenario: Scenario, ledger: Ledger) -> tuple[RunningPrice, ...]:
    """The lines of a scenario, priced. Raises InputError for one whose price does not fit what it is to count."""
    return tuple(_priced(catalog, scenario, n, ledger) for n in range(len(scenario.finance.running_costs)))


def _priced(catalog: Catalog, scenario: Scenario, n: int, ledger: Ledger) -> RunningPrice:
    entry = scenario.finance.running_costs[n]
    place = None if scenario.document is None else scenario.document.place(("finance", "running_costs", n))
    price: Any
    if entry.parameter is None:
        price = entry.price.amount if entry.price is not None else None
        ledger.scenario(f"scenario.finance.running_costs.{entry.line}", price, note=entry.note)
    elif entry.parameter in catalog.assumptions:
        price = planning(catalog, entry.parameter, scenario.values, ledger)
    else:
        price = _economic(catalog, scenario, entry, ledger, place)
    counted = _counted(entry, price, place)
    if entry.sites and counted in _WHEREVER:
        raise InputError.of(
            "wrong-value",
            f"running cost {entry.line} counts {counted} wherever it stands and cannot be kept to some sites",
            "leave out `sites`",
            place,
        )
    return RunningPrice(entry.line, counted, price, entry.sites, entry.litres_per_kwh or 0.0)


def _economic(catalog: Catalog, scenario: Scenario, entry: RunningCost, ledger: Ledger, place: Place | None) -> Any:
    try:
        return economic(catalog, entry.parameter or "", scenario.values, ledger)
    except InputError as error:
        fault = error.diagnostics[0]
        raise InputError.of("no-price", f"running cost {entry.line}: {fault.message}", fault.hint, place) from None


def _counted(entry: RunningCost, price: Any, place: Place | None) -> Counted:
    """What a line counts by the unit of its price."""
    found: Counted | None = None
    if isinstance(price, Money):
        if type(price) in _BY_UNIT:
            found = _BY_UNIT[type(price)]["it" if entry.at == "it" else "meter"]
        elif type(price) is Money:
            found = "water" if entry.per == "m3" else entry.per
    elif entry.price is None or entry.price.unit == "/yr":
        found = "price"
    plain = isinstance(price, Money) and type(price) is Money
    if found is None:
        kinds = (HourlyPrice, PowerPrice, TokenPrice)
        why = (
            "is none a running cost can have" if isinstance(price, kinds) else "needs `per`" if plain else "is no price"
        )
        hint = "write money per kWh, per kW and month, per t, a share per year, or an amount with `per`"
        raise InputError.of("wrong-unit", f"running cost {entry.line}: the price {price} {why}", hint, place)
    if entry.per is not None and not plain:
        message = f"running cost {entry.line}: the unit of its price already says what it counts"
        raise InputError.of("wrong-value", message, "leave out `per`", place)
    if isinstance(price, float | int) and not 0 <= price <= 1:
        raise InputError.of("wrong-value", f"running cost {entry.line}: a share of {price:g} a year", None, place)
    return found
