"""One name for each thing: ids in place of the aliases that an author may write."""

from planner.catalog.load import Catalog
from planner.scenario.model import Scenario, Scope


def named(scenario: Scenario, catalog: Catalog) -> Scenario:
    """The scenario with ids where its author wrote aliases of systems and accelerators."""

    def system(name: str) -> str:
        return catalog.identify("systems", name)

    def accelerator(name: str) -> str:
        return catalog.identify("accelerators", name)

    def scope(given: Scope) -> Scope:
        named = {"accelerators": accelerator, "vendors": lambda name: catalog.identify("vendors", name)}
        return given.model_copy(update={k: tuple(map(one, getattr(given, k))) for k, one in named.items()})

    asked = scenario.limits.quotas
    quotas = tuple(x.model_copy(update={"of": scope(x.of), "among": scope(x.among)}) for x in asked)
    supply, wanted = scenario.supply, scenario.systems
    allocations = tuple(a.model_copy(update={"accelerator": accelerator(a.accelerator)}) for a in supply.allocations)
    wait = scenario.installation
    if wait is not None:
        wait = wait.model_copy(update={"systems": {system(name): hours for name, hours in wait.systems.items()}})
    worn = scenario.attrition
    if worn is not None:
        worn = worn.model_copy(update={"systems": {system(name): rate for name, rate in worn.systems.items()}})
    return scenario.replace(
        attrition=worn,
        installation=wait,
        stock=tuple(e.model_copy(update={"system": system(e.system)}) for e in scenario.stock),
        installed=tuple(e.model_copy(update={"system": system(e.system)}) for e in scenario.installed),
        orders=tuple(o.model_copy(update={"system": system(o.system)}) for o in scenario.orders),
        limits=scenario.limits.model_copy(update={"quotas": quotas}),
        supply=supply.model_copy(update={"allocations": allocations}),
        mixed_runs=tuple(
            mix.model_copy(update={"systems": tuple(map(system, mix.systems))}) for mix in scenario.mixed_runs
        ),
        systems=wanted.model_copy(
            update={
                "include": tuple(system(name) for name in wanted.include),
                "exclude": tuple(system(name) for name in wanted.exclude),
            }
        ),
    )
