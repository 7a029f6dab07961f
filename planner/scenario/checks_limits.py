"""Quotas and caps of a scenario: names of the catalog and dates of the plan."""

from planner.errors import nearest
from planner.scenario.checker import Checker, Path


def quotas(checker: Checker) -> None:
    """Scopes of quotas name what the catalog and the scenario have; their dates lie within the horizon."""
    scenario, catalog = checker.scenario, checker.catalog
    checker.unique(("limits", "quotas"), "quotas", (quota.id for quota in scenario.limits.quotas))
    families = sorted({chip.family for chip in catalog.accelerators.values() if chip.family})
    countries = sorted({chip.country_of_design for chip in catalog.accelerators.values() if chip.country_of_design})
    for n, limit in enumerate(scenario.limits.quotas):
        path: Path = ("limits", "quotas", n)
        for side, scope in (("of", limit.of), ("among", limit.among)):
            for kind in ("accelerators", "vendors"):
                for k, name in enumerate(getattr(scope, kind)):
                    checker.name((*path, side, kind, k), kind, name)
            for k, family in enumerate(scope.families):
                if family not in families:
                    near = nearest(family, families)
                    hint = f"did you mean {near}?" if near else "give a family of the catalog's accelerators"
                    message = f"no accelerator of the catalog is of the family {family!r}"
                    checker.fault((*path, side, "families", k), "unknown-name", message, hint)
            for k, country in enumerate(scope.countries):
                if country not in countries:
                    message = f"no accelerator of the catalog was designed in {country!r}"
                    checker.fault(
                        (*path, side, "countries", k), "unknown-name", message, f"known: {', '.join(countries)}"
                    )
        for k, site in enumerate(limit.sites or ()):
            checker.known((*path, "sites", k), "site", site, (place.id for place in scenario.sites))
        for key, label in (("first", limit.first), ("last", limit.last)):
            if label is not None:
                checker.inside((*path, key), label)


def caps(checker: Checker) -> None:
    """Spans of the caps on energy and carbon lie within the horizon."""
    limits = checker.scenario.limits
    for kind, cap in (("energy", limits.energy), ("carbon", limits.carbon)):
        for label in cap.per_year:
            checker.spans(("limits", kind, "per_year", label), label)
