"""How money is counted, and what may be spent."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator, model_validator

from planner.catalog.quantity import AnyQuantity
from planner.catalog.tax import Losses
from planner.catalog.terms import PaymentTerms
from planner.errors import nearest
from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name, Schedule, steps
from planner.scenario.periods import Period, PeriodLabel
from planner.units import Fraction, HourlyPrice, Money, Ratio, SignedPerYear, TokenPrice

PRICED_LINES = (
    "hardware",
    "network",
    "energy",
    "maintenance",
    "porting",
    "facility",
    "rent",
    "relocation",
    "demand_charge",
    "warehouse",
)
"""Lines of the cash flow that escalators and value-added tax may name, besides the scenario's own."""

MOST_RATE = 100.0
"""Share per year beyond which nothing is told from nothing."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Rate = Annotated[float, Field(gt=0)]


ExchangeRate = Annotated[Annotated[Rate, Tag("one")] | Annotated[Schedule[Rate], Tag("steps")], Discriminator(steps)]


def _above_total_loss(rate: float) -> float:
    if rate <= -1.0:
        raise refuse(f"a rate must be above -100 %/yr: got {rate:.0%}", "write 8 %/yr or 0.08", "rate")
    if rate > MOST_RATE:
        raise refuse(f"a rate must be at most {MOST_RATE:.0%}/yr: got {rate:.4g}", "write 8 %/yr or 0.08", "rate")
    return rate


YearlyRate = Annotated[SignedPerYear, AfterValidator(_above_total_loss)]
"""Share per year, above -100 %."""


class Budget(StrictModel):
    """Limits on cash paid out, in the scenario's currency (undiscounted)."""

    total: Money | None = None
    """Over the whole plan."""
    per_year: dict[PeriodLabel, Money] = Field(default_factory=dict)
    """By year, quarter or month; what is paid at a period's end belongs to that period."""


class RunningCost(StrictModel):
    """A further line of running cost, at a price of the scenario or of the catalog; nothing is charged unasked.

    The unit of the price says what is counted: kWh (energy), kW and month (capacity), t (CO2 of the energy used), a
    share per year (of the price of the hardware in service). A plain amount of money needs `per`.
    """

    line: Name
    """Its name in the cash flow, such as demand-charge, colocation, carbon, staff or licences."""
    price: AnyQuantity | None = None
    """Such as 38 CNY/kW/month, 51 USD/t, 4500 USD (with `per`) or 0.5 %/yr."""
    parameter: str | None = None
    """Economic parameter or assumption of the catalog that holds the price."""
    per: Literal["accelerator", "system", "site", "m3", "removal"] | None = None
    """What a plain amount is for: an accelerator, a system or a site for a year of service; a m3 of water; the
    removal of a bought system at the end of its life or of the plan.
    """
    at: Literal["meter", "it"] = "meter"
    """Whether kWh and kW count at the meter (with power usage effectiveness; kW of what is switched on) or as IT
    load (kW of everything in service).
    """
    litres_per_kwh: float | None = Field(default=None, gt=0)
    """Water evaporated per kWh of IT load, where `per: m3`."""
    sites: tuple[str, ...] = ()
    """Sites it is paid at; empty: all. Not for what counts systems wherever they stand."""
    note: str | None = None
    """Where the figure comes from."""

    @model_validator(mode="after")
    def _one_price(self) -> "RunningCost":
        if (self.price is None) == (self.parameter is None):
            told = "has neither" if self.price is None else "has both"
            hint = "write price: 38 CNY/kW/month, or parameter: an id of the catalog's economics"
            raise refuse(f"running cost {self.line} needs either `price` or `parameter` and {told}", hint, "no-price")
        if (self.per == "m3") != (self.litres_per_kwh is not None):
            raise refuse(f"running cost {self.line}: `per: m3` and `litres_per_kwh` belong together")
        return self


class Tax(StrictModel):
    """How income is taxed in the statements; the plan itself is decided before tax."""

    regime: str
    """Tax regime of the catalog: rate and depreciation."""
    rate: Fraction | None = None
    """Rate of tax; None takes the regime's."""
    losses: Losses | None = None
    """used (at once, against other income), carried (forward against later income of the plan) or lost; None takes
    the regime's.
    """


class Benefit(StrictModel):
    """What the work that is done earns, or saves elsewhere; it changes no decision, only the statements."""

    price: AnyQuantity
    """Per accelerator-hour at work (2.35 USD/h) or per token (0.5 USD/Mtokens)."""
    note: str | None = None
    """Where the figure comes from."""

    @model_validator(mode="after")
    def _priced(self) -> "Benefit":
        if not isinstance(self.price.amount, HourlyPrice | TokenPrice):
            hint = "write 2.35 USD/h or 0.5 USD/Mtokens"
            raise refuse(f"a benefit is per hour or per token: got {self.price}", hint, "wrong-unit", ("price",))
        return self


class Finance(StrictModel):
    """How money is counted."""

    discount_rate: YearlyRate
    """Nominal discount rate per year, effective; a quarter's is (1 + r)^(1/4) - 1."""
    fx: dict[Currency, ExchangeRate] = Field(default_factory=dict)
    """Units of the scenario's currency per unit of another: `{USD: 7.15}`, or in steps
    `{USD: {2025-Q4: 7.15, 2027-Q1: 7.0}}`. Each payment is converted at the rate of its period.
    """
    reporting: Currency | None = None
    """Second currency of the tables; None takes the only one of `fx`, if there is only one."""
    deposit: Fraction = 0.3
    """Share of a system's price paid when it is ordered, the balance on delivery, where no terms say otherwise."""
    payments: tuple[PaymentTerms, ...] = ()
    """Other terms of payment; those of the catalog (payment_terms) come next, then the deposit."""
    opex_timing: Literal["end", "mid", "begin"] = "end"
    """When running cost is paid: at the end of its period, in its middle or at its beginning."""
    escalators: dict[str, YearlyRate] = Field(default_factory=dict)
    """Yearly change of prices by line, in steps at each January after the plan's first: `{energy: 1.66 %/yr}`."""
    irrecoverable_vat: dict[str, Ratio] = Field(default_factory=dict)
    """Value-added tax that the buyer cannot reclaim, by line, on top of its price: `{hardware: 13 %}`. Prices are
    without tax and the tax is taken to be reclaimed where nothing is said.
    """
    running_costs: tuple[RunningCost, ...] = ()
    """Further lines of running cost."""
    facilities: Literal["given", "new"] = "given"
    """Whether hall power that comes on line after the plan's first period is paid for by the plan, at the region's
    cost of building and plant (new), or stands outside it (given).
    """

    @field_validator("running_costs")
    @classmethod
    def _named_once(cls, found: tuple[RunningCost, ...]) -> tuple[RunningCost, ...]:
        for n, entry in enumerate(found):
            if entry.line in PRICED_LINES or entry.line in [other.line for other in found[:n]]:
                raise refuse(f"there are two lines {entry.line}", "rename one", "duplicate", (n, "line"))
        return found

    @model_validator(mode="after")
    def _known_lines(self) -> "Finance":
        known = [*PRICED_LINES, *(entry.line for entry in self.running_costs)]
        for key in ("escalators", "irrecoverable_vat"):
            for line in getattr(self, key):
                if line not in known:
                    near = nearest(line, known)
                    hint = f"did you mean {near}?" if near else f"lines: {', '.join(known)}"
                    raise refuse(f"there is no line {line!r} to which a rate could apply", hint, at=(key, line))
        return self

    tax: Tax | None = None
    """Tax of the statements; None takes the catalog's usual regime of the buyer's country."""
    book: str = "book"
    """Regime of the catalog by which the books write off."""
    benefit: Benefit | None = None
    """Worth of the work done, for return and payback; None: only costs are shown."""

    def reported_in(self) -> str | None:
        """The reporting currency."""
        if self.reporting is None and len(self.fx) == 1:
            return next(iter(self.fx))
        return self.reporting

    def rate(self, currency: str, period: Period) -> float | None:
        """Units of the scenario's currency per unit of another in a period; None where none is stated."""
        found = self.fx.get(currency)
        return found.at(period) if isinstance(found, Schedule) else found
