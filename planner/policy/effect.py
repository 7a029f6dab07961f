"""What a rule does: gates that open or close an action, and duties that limit or price what is allowed."""

from typing import Annotated

from pydantic import Field

from planner.policy.duty import (
    BundledPurchase,
    DomesticShareMin,
    DueDiligence,
    PendingOrderCancelled,
    PricePreference,
    ProductionConstraint,
    QuantityCap,
    RevenueShare,
    SiteEfficiencyCap,
    Statement,
    Subsidy,
    Surcharge,
    TariffDuty,
)
from planner.policy.gate import (
    ACTIONS,
    Action,
    Gate,
    ImportBlocked,
    InstallationProhibited,
    LicenceRequired,
    NewOrderProhibited,
    OperationProhibited,
    RemoteAccessControlled,
    RemovalRequired,
    RentalProhibited,
    Review,
    ServiceProhibited,
    SurrenderRequired,
    TestingProhibited,
)

__all__ = [
    "ACTIONS",
    "REVIEW_OUTCOME",
    "Action",
    "BundledPurchase",
    "DomesticShareMin",
    "DueDiligence",
    "Effect",
    "Gate",
    "ImportBlocked",
    "InstallationProhibited",
    "LicenceRequired",
    "NewOrderProhibited",
    "OperationProhibited",
    "PendingOrderCancelled",
    "PricePreference",
    "ProductionConstraint",
    "QuantityCap",
    "RemoteAccessControlled",
    "RemovalRequired",
    "RentalProhibited",
    "RevenueShare",
    "Review",
    "ServiceProhibited",
    "SiteEfficiencyCap",
    "Statement",
    "Subsidy",
    "Surcharge",
    "SurrenderRequired",
    "TariffDuty",
    "TestingProhibited",
]

REVIEW_OUTCOME: dict[str | None, bool | None] = {
    "denial": False,
    "case_by_case": None,
    "approval": True,
    "notification": True,
    None: None,
}
"""Whether an application under a review policy succeeds; None is unknown (a scenario may settle it)."""


type Effect = Annotated[
    NewOrderProhibited
    | PendingOrderCancelled
    | ImportBlocked
    | TestingProhibited
    | InstallationProhibited
    | OperationProhibited
    | RemovalRequired
    | SurrenderRequired
    | LicenceRequired
    | ServiceProhibited
    | RentalProhibited
    | RemoteAccessControlled
    | QuantityCap
    | RevenueShare
    | TariffDuty
    | DomesticShareMin
    | BundledPurchase
    | PricePreference
    | Subsidy
    | Surcharge
    | SiteEfficiencyCap
    | DueDiligence
    | ProductionConstraint
    | Statement,
    Field(discriminator="type"),
]
