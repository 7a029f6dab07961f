"""Names, dates and money of what may be added to a site."""

from typing import TYPE_CHECKING

from planner.scenario.options import GridExpansion, HallExpansion, Retrofit
from planner.scenario.sites import Site

if TYPE_CHECKING:
    from planner.scenario.checks import Path, _Checker


def options(checker: "_Checker", path: "Path", site: Site) -> None:
    """The options of the site at `path`: unique ids, periods of the horizon, currencies with a rate."""
    taken = {hall.id for hall in site.halls}
    for where, option in _listed(path, site):
        if option.id in taken:
            message = f"there are two halls or options named {option.id!r} at {site.id}"
            checker.fault((*where, "id"), "duplicate", message, "rename one")
        taken.add(option.id)
        if option.earliest is not None:
            checker.inside((*where, "earliest"), option.earliest)
        if option.cost is not None:
            checker.currency((*where, "cost"), option.cost.currency)


def _listed(path: "Path", site: Site) -> "list[tuple[Path, GridExpansion | HallExpansion | Retrofit]]":
    """Every option of a site with its place in the YAML."""
    found: list[tuple[Path, GridExpansion | HallExpansion | Retrofit]] = []
    found += [((*path, "expansions", n), step) for n, step in enumerate(site.expansions)]
    for h, hall in enumerate(site.halls):
        at = (*path, "halls", h)
        found += [((*at, "expansions", n), step) for n, step in enumerate(hall.expansions)]
        found += [((*at, "retrofit"), hall.retrofit)] if hall.retrofit is not None else []
    return found
