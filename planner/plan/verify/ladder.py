"""The networks that a hall may buy, in order of reach, as the check understands them."""

from dataclasses import dataclass

from planner.plan.verify.world import SystemFacts, Wiring, World
from planner.scenario.model import Hall
from planner.scenario.network import HallNetwork


@dataclass(frozen=True, slots=True)
class Rung:
    """A network of a hall."""

    id: str
    facts: Wiring
    pod: int
    """Accelerators that nearer networks join without oversubscription."""


def rungs(world: World, network: HallNetwork) -> tuple[Rung, ...]:
    """From the nearest to the farthest; of two that reach equally far the more oversubscribed one first."""
    found = [(offer.id, world.wiring(offer)) for offer in network.offers]
    ordered: list[Rung] = []
    for name, facts in sorted(found, key=lambda pair: (pair[1].reach, -pair[1].oversubscription)):
        pods = [rung.facts.reach for rung in ordered if rung.facts.oversubscription <= 1.0]
        ordered.append(Rung(name, facts, max([facts.below, *pods])))
    return tuple(ordered)


def attaches(hall: Hall | None, facts: SystemFacts) -> bool:
    """Whether a system needs ports of a hall's own network."""
    return hall is not None and hall.fabric is not None and (facts.server or hall.fabric.attach == "all")
