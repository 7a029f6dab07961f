"""Work that must not share a place with other work."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Literal

from pydantic import Field

from planner.io.models import StrictModel

type PlaceKind = Literal["hall", "site"]


class Apart(StrictModel):
    """Workloads no two of which run in the same place in the same period; one alone is apart from all others."""

    workloads: tuple[str, ...] = Field(min_length=1)
    """Workloads by id; runs alike (`count`) are one workload and may share."""
    place: Literal["hall", "site"] = "hall"
    """What they do not share; an offer for rent is a place of its own."""


def written_out(groups: Sequence[Apart], copies: Mapping[str, Sequence[str]]) -> tuple[Apart, ...]:
    """The same groups, each of two workloads or more, runs alike by their own ids: `copies` has those of each id."""
    found: list[Apart] = []
    for group in groups:
        if len(group.workloads) > 1 and all(len(copies[name]) == 1 for name in group.workloads):
            found.append(group)
            continue
        names = group.workloads
        others = [name for name in copies if name not in names] if len(names) == 1 else []
        pairs = [(names[0], other) for other in others] or [
            (one, other) for n, one in enumerate(names) for other in names[n + 1 :]
        ]
        found += [
            Apart(workloads=pair, place=group.place)
            for one, other in pairs
            for pair in product(copies[one], copies[other])
        ]
    return tuple(found)
