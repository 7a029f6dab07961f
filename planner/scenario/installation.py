"""How long a delivered system takes until it works."""

from pydantic import Field

from planner.io.models import StrictModel
from planner.units import Duration


class Installation(StrictModel):
    """Time in which a system stands in its hall and does no work yet: placing, cabling, burn-in, acceptance.

    It begins when the system is placed in service. Meanwhile it takes its racks and its upkeep, and is off.
    `{}` takes the assumption of the catalog. What is installed when the plan starts, or moves, is not concerned
    (`relocation-time` holds it already).
    """

    time: Duration | None = None
    """Of every system; None: parameter `installation-time`."""
    systems: dict[str, Duration] = Field(default_factory=dict)
    """Of single systems, by catalog id: `{cloudmatrix-384: 6 weeks}`."""
