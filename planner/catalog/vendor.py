"""Vendors and software platforms."""

from planner.catalog.entry import Country, Entry


class Vendor(Entry):
    """A maker of accelerators or systems."""

    country: Country | None = None
    """Country of headquarters."""
    ultimate_parent_country: Country | None = None
    aliases: tuple[str, ...] = ()


class Platform(Entry):
    """A software platform that workloads are ported to."""

    vendor: str | None = None
    aliases: tuple[str, ...] = ()
    compatible_with: tuple[str, ...] = ()
    """Platforms whose code runs on it without a port."""
