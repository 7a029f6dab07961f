"""Scale-out networks that a hall may buy, in tiers of switches."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name
from planner.scenario.power import Assumed, stated
from planner.units import Duration, Money, PerYear, Power

Wait = Annotated[Assumed | Annotated[Duration, Tag("stated")], Discriminator(stated)]
Upkeep = Annotated[Assumed | Annotated[PerYear, Tag("stated")], Discriminator(stated)]


class NetworkOffer(StrictModel):
    """A network of so many switch tiers, bought by the accelerator that it attaches."""

    id: Name
    """Its name in the plan."""
    fabric: str | None = None
    """Network of the catalog from which reach, price, power and oversubscription come unless stated here."""
    tiers: int | None = Field(default=None, ge=1)
    """Switch tiers of it."""
    reach: int | None = Field(default=None, ge=1)
    """Most accelerators that one job can have over it."""
    cost: Money | None = None
    """Per accelerator attached: switches, cables and optics of all its tiers."""
    power: Power | None = None
    """Per accelerator attached that is on, all its tiers."""
    oversubscription: float | None = Field(default=None, ge=1.0)
    """Edge over core bandwidth for jobs beyond the reach of what is below without it; 1 is non-blocking."""
    components: dict[str, Annotated[float, Field(ge=0)]] | None = None
    """Parts per accelerator attached, of all its tiers, such as optical modules: they count where `supply.components`
    limits them. None: what the catalog says of the `fabric`.
    """

    @model_validator(mode="after")
    def _known(self) -> "NetworkOffer":
        if (self.fabric is None) != (self.tiers is None):
            raise refuse(f"network {self.id}: `fabric` and `tiers` belong together", "state both, or neither")
        lacking = [key for key in ("reach", "cost", "power") if getattr(self, key) is None]
        if self.fabric is None and lacking:
            hint = "or name a `fabric` of the catalog and its `tiers`"
            raise refuse(f"network {self.id} needs {', '.join(f'`{key}`' for key in lacking)}", hint, "missing-key")
        return self


class HallNetwork(StrictModel):
    """The networks among which a hall chooses; an upgrade of a port costs the difference, and what is bought stays."""

    offers: tuple[NetworkOffer, ...] = Field(min_length=1)
    """Networks that may be bought; those that reach further cost no less."""
    installed: dict[Name, int] | None = None
    """Accelerators that have ports when the plan starts, by offer. None: what is installed has those of the nearest."""
    attach: Literal["servers", "all"] = "servers"
    """What needs ports: servers, whose price is without a network, or supernodes too, whose price includes one of their
    own.
    """
    lead_time: Wait | None = Field(default=None)
    """From the order of a port to its use; it is paid for when it is there. None: there at once (assumed:
    `lead-time-network`).
    """
    life: Wait | None = Field(default=None)
    """Time in which the value of a port that is bought falls evenly to nothing; what is left when the plan ends counts
    as residual value. None: it has none (assumed: `network-life`).
    """
    maintenance: Upkeep | None = Field(default=None)
    """Share of the price of every port paid per year, of those that are there at first too. None: none (assumed:
    `hardware-maintenance`).
    """

    @model_validator(mode="after")
    def _ports(self) -> "HallNetwork":
        names = [offer.id for offer in self.offers]
        for n, name in enumerate(names):
            if name in names[:n]:
                raise refuse(f"there are two networks named {name!r}", "rename one", "duplicate", ("offers", n, "id"))
        for name, count in (self.installed or {}).items():
            if name not in names:
                hint = f"offers: {', '.join(names)}"
                raise refuse(f"there is no network {name!r} in this hall", hint, "unknown-name", ("installed", name))
            if count < 0:
                raise refuse("fewer than no ports", "state 0 or more", at=("installed", name))
        return self
