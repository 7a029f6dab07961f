"""The file of questions: single changes, combinations, grids, draws, sides of facts, break-evens, frontiers, worlds."""

from typing import Literal, Self

from pydantic import Field, model_validator

from planner.analysis.asked.changes import Combination, Question
from planner.analysis.asked.draws import Draws
from planner.analysis.asked.grids import Grid
from planner.analysis.asked.searches import BreakEven, Frontier, NearOptimal, Tornado
from planner.analysis.asked.worlds import Uncertainty
from planner.io.models import StrictModel, refuse


class Questions(StrictModel):
    """A file of questions."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    base: bool = True
    """Whether the scenario itself is solved too, to compare with."""
    most_runs: int = Field(default=5000, ge=1)
    """More runs than this are refused before anything is solved."""
    questions: tuple[Question, ...] = ()
    """What is asked, in the order in which it is answered."""
    combinations: tuple[Combination, ...] = ()
    """Subsets of the questions."""
    grids: tuple[Grid, ...] = ()
    """Products of values."""
    draws: tuple[Draws, ...] = ()
    """Random worlds."""
    tornado: tuple[Tornado, ...] = ()
    """Facts at their sides."""
    break_even: tuple[BreakEven, ...] = ()
    """Values at which plans flip."""
    frontiers: tuple[Frontier, ...] = ()
    """Cost against another quantity, or two goals against one another."""
    uncertainty: tuple[Uncertainty, ...] = ()
    """What a plan must live with."""
    near_optimal: NearOptimal | None = None
    """Other plans nearly as good; None: none are looked for."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not any(getattr(self, name) for name in SECTIONS):
            raise refuse("nothing is asked", "add questions: [{id: ..., set: {path: value}}]")
        return self


SECTIONS = (
    "questions", "combinations", "grids", "draws", "tornado", "break_even", "frontiers", "uncertainty",
)  # fmt: skip
"""Keys of a file that ask something, in the order in which it is answered."""
