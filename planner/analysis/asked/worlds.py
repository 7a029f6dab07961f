"""What is not known yet, with probabilities."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name
from planner.scenario.periods import PeriodLabel
from planner.units import Fraction


class Event(StrictModel):
    """Something that may happen, and the day on which everybody knows."""

    question: str
    """What changes if it happens."""
    probability: Annotated[Fraction, Field(le=1)]
    """That it happens, independently of the other events."""
    reveal: PeriodLabel
    """First period whose decisions may depend on it."""


class World(StrictModel):
    """One of several worlds that exclude each other."""

    questions: tuple[str, ...] = ()
    """What holds in it; empty: the scenario as it is."""
    probability: Annotated[Fraction, Field(le=1)]
    """Of it; all of them sum to 1."""
    id: Name | None = None
    """Its name; by default its questions, joined by +."""


class Uncertainty(StrictModel):
    """What is not known when the first decisions are taken."""

    id: Name
    """Its name in the report."""
    title: str | None = None
    """What it asks, in words."""
    events: tuple[Event, ...] = ()
    """Independent events; the worlds are all their combinations."""
    worlds: tuple[World, ...] = ()
    """Or the worlds themselves."""
    reveal: PeriodLabel | None = None
    """With `worlds`: first period whose decisions may depend on which it is."""
    cvar: Annotated[Fraction, Field(lt=1)] = 0.9
    """Confidence of the conditional value at risk: the mean of the dearest 1 - cvar of the worlds."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.events) == bool(self.worlds):
            raise refuse("give events (independent) or worlds (excluding each other)")
        if self.worlds and self.reveal is None:
            raise refuse("worlds need the period in which it is known which one it is", "add reveal: 2026-Q3")
        if self.events and self.reveal is not None:
            raise refuse("each event has a reveal of its own", "leave out the reveal of the whole", at=("reveal",))
        if self.worlds and abs(sum(world.probability for world in self.worlds) - 1.0) > 1e-9:
            total = sum(world.probability for world in self.worlds)
            raise refuse(f"the probabilities of the worlds sum to {total:g}, not to 1", at=("worlds",))
        return self
