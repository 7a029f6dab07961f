"""Buyers: who orders, as policy rules see them."""

from pydantic import Field

from planner.catalog.entry import Country, Entry


class Buyer(Entry):
    """One buyer or profile of buyers.

    `names` and `tags` are complete: a name or tag that is not listed is known not to apply. Every other field left out
    is unknown, and a rule that asks for it is answered "unknown", never "legal".
    """

    names: tuple[str, ...] = ()
    """Names of firms by which rules that name firms know it; empty for a profile that stands for firms not named."""
    tags: tuple[str, ...] = ()
    """Free tags that rules refer to (large-internet-platform, state-funded, ...)."""
    country: Country | None = None
    """Country in which it buys and where its sites are unless they say otherwise."""
    hq_country: Country | None = None
    """Country of headquarters."""
    ultimate_parent_country: Country | None = None
    """Country of the ultimate parent company."""
    ownership: str | None = None
    """private, state, government, state_owned_enterprise, public_computing_hub."""
    sector: str | None = None
    """internet_platform, government_linked, critical_information_infrastructure, ..."""
    us_exposure: bool | None = None
    """Within reach of US enforcement: subsidiaries or listings there, dollar finance."""
    entity_listed: bool | None = None
    """On the US entity list."""
    listed_owner_share: float | None = Field(default=None, ge=0, le=1)
    """Share of it that listed parties own, together."""
    approved_customer: bool | None = None
    """Cleared by the exporter's government as recipient under a case-by-case lane."""
