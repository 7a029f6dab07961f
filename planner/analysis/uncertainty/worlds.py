"""What may come: worlds with probabilities, and until when two of them cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from planner.analysis.asked.changes import BASE
from planner.analysis.asked.worlds import Uncertainty
from planner.errors import InputError
from planner.io.yaml import Document
from planner.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class World:
    """One way things may turn out."""

    id: str
    questions: tuple[str, ...]
    probability: float
    known: tuple[tuple[int, str], ...]
    """(first period that knows, what is then known), in the order of the events."""

    def seen(self, period: int) -> tuple[str, ...]:
        """What decisions of a period know of it."""
        return tuple(outcome if first <= period else "?" for first, outcome in self.known)


def worlds_of(asked: Uncertainty, scenario: Scenario, document: Document, n: int) -> tuple[World, ...]:
    """All worlds of a question. Raises InputError for reveals outside the plan and worlds of one name."""
    at = ("uncertainty", n)

    def period(label: str, *where: str | int) -> int:
        try:
            return scenario.calendar.index_of(label)
        except ValueError as error:
            hint = "write a period of the plan"
            raise InputError.of("outside-horizon", str(error), hint, document.place((*at, *where))) from None

    if asked.worlds:
        first = period(asked.reveal or "", "reveal")
        found = []
        for world in asked.worlds:
            name = world.id or "+".join(world.questions) or BASE
            found.append(World(name, world.questions, world.probability, ((first, name),)))
    else:
        firsts = [period(event.reveal, "events", k, "reveal") for k, event in enumerate(asked.events)]
        found = [_joint(asked, firsts, happened) for happened in product((False, True), repeat=len(asked.events))]
    names = [world.id for world in found]
    if len(set(names)) < len(names):
        raise InputError.of("duplicate", "two worlds have one name", "give them ids", document.place(at))
    return tuple(world for world in found if world.probability > 0)


def _joint(asked: Uncertainty, firsts: Sequence[int], happened: Sequence[bool]) -> World:
    probability = 1.0
    for event, true in zip(asked.events, happened, strict=True):
        probability *= event.probability if true else 1.0 - event.probability
    questions = tuple(event.question for event, true in zip(asked.events, happened, strict=True) if true)
    known = tuple((first, "yes" if true else "no") for first, true in zip(firsts, happened, strict=True))
    return World("+".join(questions) or BASE, questions, probability, known)


def apart(worlds: Sequence[World]) -> int:
    """First period in which any two worlds can be told apart."""
    return min(first for world in worlds for first, _ in world.known)


def components(worlds: Sequence[World], period: int, periods: int) -> list[list[int]]:
    """Positions of worlds that still share some decision from a period on."""
    found: list[list[int]] = []
    for k, world in enumerate(worlds):
        near = [g for g in found if any(world.seen(t) == worlds[m].seen(t) for m in g for t in range(period, periods))]
        merged = sorted({k, *(m for g in near for m in g)})
        found = [g for g in found if g not in near] + [merged]
    return sorted(found)
