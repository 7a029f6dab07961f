"""Aliases of the catalog replaced by ids, once, so that later stages compare ids only."""

from typing import Any

from planner.catalog.load import Catalog
from planner.scenario.apart import written_out
from planner.scenario.model import Scenario, Scope, TrainingRun, Workload


def canonical(scenario: Scenario, catalog: Catalog) -> Scenario:
    """The same scenario with every catalog name as its id; names are known to be good."""

    def one(kind: str, name: str) -> str:
        return catalog.identify(kind, name)

    def each(entries: tuple[Any, ...], field: str, kind: str) -> tuple[Any, ...]:
        return tuple(entry.model_copy(update={field: one(kind, getattr(entry, field))}) for entry in entries)

    def platforms(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else tuple(one("platforms", name) for name in names)

    workloads = tuple(
        copy.model_copy(update={"ported": platforms(work.ported), "platforms": platforms(work.platforms)})
        for work in each(scenario.workloads, "model", "transformers")
        for copy in alike(work)
    )
    floors = tuple(
        floor if floor.region is None else floor.model_copy(update={"region": one("regions", floor.region)})
        for floor in scenario.least_compute
    )
    allocations = each(scenario.supply.allocations, "accelerator", "accelerators")
    candidates = scenario.systems.model_copy(
        update={
            "include": tuple(one("systems", name) for name in scenario.systems.include),
            "exclude": tuple(one("systems", name) for name in scenario.systems.exclude),
        }
    )

    def scope(given: Scope) -> Scope:
        return given.model_copy(
            update={
                "accelerators": tuple(one("accelerators", name) for name in given.accelerators),
                "vendors": tuple(one("vendors", name) for name in given.vendors),
            }
        )

    quotas = tuple(
        quota.model_copy(update={"of": scope(quota.of), "among": scope(quota.among)})
        for quota in scenario.limits.quotas
    )
    payments = tuple(
        terms.model_copy(
            update={
                key: tuple(one(key, name) for name in getattr(terms, key))
                for key in ("systems", "accelerators", "vendors")
            }
        )
        for terms in scenario.finance.payments
    )
    installation = scenario.installation
    if installation is not None:
        own = {one("systems", name): hours for name, hours in installation.systems.items()}
        installation = installation.model_copy(update={"systems": own})
    attrition = scenario.attrition
    if attrition is not None:
        rates = {one("systems", name): rate for name, rate in attrition.systems.items()}
        attrition = attrition.model_copy(update={"systems": rates})
    return scenario.model_copy(
        update={
            "attrition": attrition,
            "installation": installation,
            "finance": scenario.finance.model_copy(update={"payments": payments}),
            "limits": scenario.limits.model_copy(update={"quotas": quotas}),
            "buyer": one("buyers", scenario.buyer),
            "sites": each(scenario.sites, "region", "regions"),
            "installed": each(scenario.installed, "system", "systems"),
            "stock": each(scenario.stock, "system", "systems"),
            "orders": each(scenario.orders, "system", "systems"),
            "supply": scenario.supply.model_copy(update={"allocations": allocations}),
            "systems": candidates,
            "rent": each(each(scenario.rent, "system", "systems"), "region", "regions"),
            "workloads": workloads,
            "mixed_runs": tuple(
                mix.model_copy(update={"systems": tuple(one("systems", name) for name in mix.systems)})
                for mix in scenario.mixed_runs
            ),
            "apart": written_out(scenario.apart, {work.id: [w.id for w in alike(work)] for work in scenario.workloads}),
            "least_compute": floors,
        }
    )


def alike(work: Workload) -> tuple[Workload, ...]:
    """A run that is wanted several times as so many runs; anything else as it is."""
    if not isinstance(work, TrainingRun) or work.count == 1:
        return (work,)
    changes = {"count": 1, "family": work.software}
    return tuple(work.model_copy(update={**changes, "id": f"{work.id}.{k}"}) for k in range(1, work.count + 1))
