"""The scenario's world with every system of the catalog in it, at low, mid and high facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from planner.catalog.load import Catalog
from planner.catalog.names import unknown
from planner.catalog.resolve import ResolvedSystem
from planner.errors import InputError
from planner.explain.speed import Speed, Work
from planner.problem.case import Case, prepare
from planner.problem.pipeline import allocations
from planner.scenario.model import Candidates, Level, Scenario

LEVELS: tuple[Level, ...] = ("low", "mid", "high")


@dataclass(frozen=True)
class Wide:
    """A scenario in which every system with known facts may be considered; supply stays what the scenario gives."""

    scenario: Scenario
    catalog: Catalog
    without: tuple[str, ...] = ()
    """Rule ids or jurisdictions left out."""
    _speeds: dict[tuple[str, str], dict[str, Speed]] = field(default_factory=dict, repr=False, compare=False)

    _supply: dict[tuple[str, str], Mapping[tuple[str, int], float]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def speeds(self, work: Work, key: str) -> dict[str, Speed]:
        """A system at a workload by level of facts; levels at which facts are missing are left out."""
        if (work.id, key) not in self._speeds:
            cases = {level: case for level, case in self.levels.items() if key in case.systems}
            own = self.case.systems[key]
            self._speeds[work.id, key] = {
                # the same figures give the same speed: most systems have no range where it matters
                level: Speed(case, work, case.systems[key])
                for level, case in cases.items()
                if level == self.scenario.values or _trains_otherwise(case.systems[key], own)
            }
        return self._speeds[work.id, key]

    @cached_property
    def case(self) -> Case:
        """The case at the scenario's own level of facts."""
        return self.at(self.scenario.values)

    @cached_property
    def levels(self) -> Mapping[Level, Case]:
        """The case at each level of facts."""
        return {level: self.case if level == self.scenario.values else self.at(level) for level in LEVELS}

    @cached_property
    def own(self) -> frozenset[str]:
        """Systems that the scenario itself could buy, has ordered or owns."""
        return frozenset(prepare(self.scenario, self.catalog, self.without).systems)

    def supply(self, level: Level, key: str) -> Mapping[tuple[str, int], float]:
        """(accelerator, period) -> accelerators of a system's kind that the buyer may have delivered."""
        if (level, key) not in self._supply:
            alone = replace(self.levels[level], candidates=frozenset({key}))
            self._supply[level, key] = allocations(alone)
        return self._supply[level, key]

    def at(self, level: Level) -> Case:
        """The case at one level of facts."""
        share = self.scenario.supply.share or 0.0
        supply = self.scenario.supply.model_copy(update={"share": share})
        wide = self.scenario.replace(systems=Candidates(), supply=supply, values=level)
        return prepare(wide, self.catalog, self.without)

    def system(self, key: str) -> ResolvedSystem:
        """A system by id at the scenario's level."""
        return self.case.systems[key]

    def named(self, name: str) -> tuple[str, ...]:
        """Systems that a name stands for: a system, or all those of an accelerator or of an alias of several.

        Systems of the scenario come first, then the cheapest per accelerator. Raises InputError with the nearest name,
        or with what is missing where no such system has all the facts that a plan needs.
        """
        catalog = self.catalog
        found = list(catalog.members("systems", name))
        if not found:
            chips = set(catalog.members("accelerators", name))
            if not chips:
                known = [*catalog.names("accelerators").every, *catalog.names("systems").every]
                raise unknown("accelerator or system", name, known, "planner catalog list accelerators")
            found = [key for key, system in catalog.systems.items() if system.accelerator in chips]
        usable = [key for key in found if key in self.case.systems]
        if not usable:
            raise self._unusable(name, found)
        prices = self.case.prices
        return tuple(
            sorted(
                usable,
                key=lambda key: (
                    key not in self.own,
                    prices.unit_price(self.system(key)) / self.system(key).accelerators,
                    key,
                ),
            )
        )

    def _unusable(self, name: str, found: list[str]) -> InputError:
        reasons = [left.detail for left in self.case.unresolved if left.item in found]
        if not found:
            return InputError.of("no-system", f"no system of the catalog holds {name!r}", "add one to the catalog")
        hint = "add the figure in a catalog folder of your own"
        return InputError.of("unknown-fact", f"{name} cannot be compared: {'; '.join(reasons) or 'facts'}", hint)


def _trains_otherwise(one: ResolvedSystem, other: ResolvedSystem) -> bool:
    """Whether two resolutions of a system differ in anything that its training depends on."""
    from planner.throughput.rates import machine_of

    return machine_of(one).key != machine_of(other).key
