"""Effects that open or close an action, and what all effects have in common."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.policy.vocabulary import PredicateSpec
from planner.units import Duration, Fraction, PerYear

type Action = Literal["order", "licence", "import", "test", "install", "operate", "service", "rent"]
ACTIONS: tuple[Action, ...] = ("order", "licence", "import", "test", "install", "operate", "service", "rent")
type Review = Literal["denial", "case_by_case", "approval", "notification"]


class BaseEffect(StrictModel):
    """What every effect has: it may be narrowed by `when` (a predicate) and by dates of its own."""

    concerns: ClassVar[tuple[Action, ...]] = ()
    """Actions about which the effect says something without opening or closing them."""
    gates: ClassVar[tuple[Action, ...]] = ()
    """Actions it opens or closes."""

    when: PredicateSpec | None = None
    """Narrows the effect within the rule's reach."""
    announced: date | None = None
    """When this part became public, if not with the rule."""
    effective_from: date | None = None
    """First day, if not the rule's."""
    effective_to: date | None = None
    """Last day, if not the rule's."""
    note: str | None = None
    """For readers."""

    @model_validator(mode="after")
    def _ordered_dates(self) -> "BaseEffect":
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise refuse(f"the effect ends ({self.effective_to}) before it starts ({self.effective_from})")
        return self


class Gate(BaseEffect):
    """An effect that opens or closes actions."""

    review: Review | None = "denial"
    """What becomes of an application for an exception; null: not known."""
    delay: Duration | None = None
    """h from application to answer; null: not known"""
    probability: Fraction | None = None
    """Chance that an application succeeds, where a source gives one."""


class _Stock(Gate):
    """A gate on units that are owned already."""

    grandfathered: bool = False
    """Whether units acquired before the effect began are exempt."""


class NewOrderProhibited(Gate):
    """No order may be placed while in force."""

    type: Literal["new_order_prohibited"]
    gates = ("order",)


class ImportBlocked(Gate):
    """Nothing crosses the border, whenever it was ordered."""

    type: Literal["import_blocked"]
    gates = ("import",)


class TestingProhibited(Gate):
    """No evaluation or qualification."""

    type: Literal["testing_prohibited"]
    gates = ("test",)


class InstallationProhibited(Gate):
    """Owned units may not be placed in service; those in service may stay."""

    type: Literal["installation_prohibited"]
    gates = ("install",)


class OperationProhibited(_Stock):
    """Owned units may not be powered for the covered use or site, so new ones are not installed either."""

    type: Literal["operation_prohibited"]
    gates = ("install", "operate")


class RemovalRequired(_Stock):
    """Installed units must come out."""

    type: Literal["removal_required"]
    gates = ("install", "operate")
    notice: Duration | None = None
    """h from the start of the effect to the day by which they are out"""


class SurrenderRequired(Gate):
    """What the buyer has is given up on the first day, in service or in store: seized, bought back or returned."""

    type: Literal["surrender_required"]
    gates = ("install", "operate")
    compensation_share: Fraction | None = None
    """Share of the price of what is given up that comes back; null: not known (the scenario says, else nothing)."""


class LicenceRequired(Gate):
    """The covered transfer needs a licence."""

    type: Literal["licence_required"]
    gates = ("order", "licence", "import")
    review: Review | None
    """What becomes of an application; null: not known."""
    conditions: tuple[str, ...] = ()
    """What a licensee must do."""
    items_per_notice: int | None = Field(default=None, ge=1)


class ServiceProhibited(_Stock):
    """No spares, repair, updates or staff on site."""

    type: Literal["service_prohibited"]
    gates = ("service",)
    attrition: Annotated[PerYear, Field(le=1)] | None = None
    """Share of capacity lost per year without service; null: not known"""


class RentalProhibited(Gate):
    """The covered capacity may not be rented."""

    type: Literal["rental_prohibited"]
    gates = ("rent",)


class RemoteAccessControlled(Gate):
    """Rented or cloud use abroad counts as an export."""

    type: Literal["remote_access_controlled"]
    gates = ("rent",)
