"""Other currencies in the scenario's own, each payment at the rate of its period."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.errors import InputError, Place
from planner.scenario.model import Scenario
from planner.units import Money


@dataclass(frozen=True, slots=True)
class Exchange:
    """Units of the scenario's currency per unit of another, by period; `place` is where the scenario states them."""

    rates: Mapping[str, tuple[float | None, ...]]
    labels: tuple[str, ...]
    """Labels of the periods."""
    place: Place | None = None

    def rate(self, currency: str, period: int) -> float:
        """The rate of a period. Raises InputError for a currency, or a period of it, without one."""
        if currency not in self.rates:
            hint = f"add it to finance.fx: {{{currency}: ...}}"
            raise InputError.of("unknown-currency", f"no rate is given for {currency}", hint, self.place)
        found = self.rates[currency][period]
        if found is None:
            message = f"no rate is given for {currency} in {self.labels[period]}"
            hint = f"let its steps begin with {self.labels[0]}"
            raise InputError.of("unknown-currency", message, hint, self.place)
        return found

    def convert(self, money: Money, period: int = 0) -> float:
        """An amount in the scenario's currency at a period's rate. Raises InputError as `rate` does."""
        return money.amount * self.rate(money.currency, period)


def exchange(scenario: Scenario) -> Exchange:
    """The exchange rates of a scenario."""
    place = None if scenario.document is None else scenario.document.place(("finance", "fx"))
    periods = scenario.periods
    rates = {name: tuple(scenario.finance.rate(name, period) for period in periods) for name in scenario.finance.fx}
    own = {scenario.currency: (1.0,) * len(periods)}
    return Exchange({**rates, **own}, tuple(period.label for period in periods), place)
