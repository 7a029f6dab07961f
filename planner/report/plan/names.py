"""Names for people of the things a plan speaks of by id."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Names:
    """Short names of systems and accelerators; an id without a name stands for itself."""

    systems: Mapping[str, str]
    accelerators: Mapping[str, str]

    def system(self, key: str) -> str:
        """Name of a system."""
        return self.systems.get(key, key)

    def accelerator(self, key: str) -> str:
        """Name of an accelerator."""
        return self.accelerators.get(key, key)


def names_of(plan: Plan) -> Names:
    """Names from the plan's catalog: what follows a comma or a bracket is dropped where the rest is still clear."""
    catalog = plan.case.catalog
    return Names(
        short_names({key: system.name for key, system in catalog.systems.items()}),
        short_names({key: chip.name for key, chip in catalog.accelerators.items()}),
    )


def place(site: str, hall: str) -> str:
    """A hall as it is written everywhere: site/hall."""
    return f"{site}/{hall}"


def in_order(wanted: Iterable[str], order: Iterable[str]) -> list[str]:
    """`wanted` in the order of `order`."""
    known = set(wanted)
    return [name for name in order if name in known]


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names cut at a comma or a bracket, where what is left is still clear."""
    cut = {key: name.split(", ")[0].split(" (")[0] for key, name in names.items()}
    seen = Counter(cut.values())
    return {key: cut[key] if seen[cut[key]] == 1 else name.replace(", ", " ") for key, name in names.items()}
