"""Whether installed systems may move to another hall."""

from planner.io.models import StrictModel


class Relocation(StrictModel):
    """What of the installed base may move, once: to halls that fit it, where the rules allow to install it on arrival.

    It costs a share of the price (parameters `relocation-cost-within`, `relocation-cost-between`) and a time out of
    service (`relocation-time`, rounded up to whole periods); its age goes with it.
    """

    within_site: bool = False
    """To other halls of its site."""
    between_sites: bool = False
    """To other sites of the same country."""
