"""Software that is ported to a platform."""

from planner.io.models import StrictModel


class Porting(StrictModel):
    """What a plan takes into account of ports besides their time and cost."""

    maturity: bool = False
    """Whether a family trains at a lower rate after its port, which rises evenly: from the parameter
    `porting-start-efficiency` in the first period of use to mature software after `porting-maturity-time`. Platforms
    under `ported` are mature. Else a port trains at the full rate at once.
    """
