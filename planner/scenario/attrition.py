"""How many systems in service fail beyond repair, and whether spares replace them."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.units import PerYear


def _at_most_all(rate: float) -> float:
    if rate > 1.0:
        raise refuse(f"more than all systems cannot fail in a year: got {rate:.0%}", "write 2 %/yr", "out-of-range")
    return rate


Loss = Annotated[PerYear, AfterValidator(_at_most_all)]
"""Share of what works at first that no longer works after a year."""


class Attrition(StrictModel):
    """Systems that fail beyond repair, as a share of those that work; what is repaired is in the maintenance.

    A failed system is carried out when the next period begins, or replaced: systems in store are the spares,
    ordered like any others or there from the start. Where a rule forbids to service a kind (policy action `service`) no
    spare replaces it. `{}` takes the assumption of the catalog.
    """

    rate: Loss | None = None
    """Of every system; None: parameter `attrition`."""
    systems: dict[str, Loss] = Field(default_factory=dict)
    """Of single systems, by catalog id: `{hgx-h20: 4 %/yr}`."""
    without_service: Loss | None = None
    """While a rule forbids service; None: what the rule states, else as with it."""

    @model_validator(mode="after")
    def _worse_without(self) -> "Attrition":
        least = self.rate
        if least is not None and self.without_service is not None and self.without_service < least:
            message = f"fewer would fail without service ({self.without_service:.1%}) than with it ({least:.1%})"
            raise refuse(message, "exchange the two", at=("without_service",))
        return self
