"""What draws power besides systems at work."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from planner.io.models import StrictModel
from planner.units import Fraction, Power

ASSUMED = "assumed"


def stated(value: Any) -> str:
    """Which of the two a value is: `assumed`, or a figure."""
    return ASSUMED if value == ASSUMED else "stated"


Assumed = Annotated[Literal["assumed"], Tag(ASSUMED)]
Share = Annotated[Assumed | Annotated[Fraction, Tag("stated")], Discriminator(stated)]
Draw = Annotated[Assumed | Annotated[Power, Tag("stated")], Discriminator(stated)]


class PowerSettings(StrictModel):
    """What counts beside systems at work where it is stated; `assumed` takes the catalog's figure."""

    idle: Share | None = Field(default=None)
    """Draw of a system that is in service and off, as a share of its planning power (assumed: `idle-power`). Nothing
    in periods in which a power cut touches its site or a rule forbids to operate it: it is unplugged then.
    """
    network: Draw | None = Field(default=None)
    """Scale-out network, per accelerator of a server that is on (assumed: `network-power`); the power of a supernode
    includes its own.
    """
    storage: Draw | None = Field(default=None)
    """Shared storage, per accelerator that is on (assumed: `storage-power`)."""
