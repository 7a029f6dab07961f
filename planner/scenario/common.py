"""What several parts of a scenario share: names, levels of uncertainty, values that step over time."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse, revive
from planner.scenario.periods import Period, PeriodLabel, label_start

Level = Literal["low", "mid", "high"]
Name = Annotated[str, Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class Schedule[T](StrictModel):
    """A value that may step over time: one value, or `{2025-Q4: 20 MW, 2026-Q3: 40 MW}`, each holding
    until the next.
    """

    steps: dict[PeriodLabel, T]
    """Value from the start of each named period on; a single value is stored under year 1."""

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: Any) -> Any:
        if isinstance(data, dict) and "steps" not in data:
            return {"steps": data}
        return data if isinstance(data, dict) else {"steps": {"0001": data}}

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.steps:
            raise refuse("a schedule has at least one value", "write one value, or periods: {2026-Q1: 4}")
        begun: dict[date, str] = {}
        for label in self.steps:
            other = begun.setdefault(label_start(label), label)
            if other != label:
                raise refuse(f"{other} and {label} begin on the same day", "keep one of the two", "duplicate", (label,))
        return self

    def at(self, period: Period) -> T | None:
        """Value in force at the start of `period`; None before the first step."""
        found = [(label_start(label), value) for label, value in self.steps.items()]
        held = [(start, value) for start, value in found if start <= period.start]
        return max(held, key=lambda pair: pair[0])[1] if held else None

    def __reduce__(self) -> tuple[Any, ...]:
        kind = type(self).__pydantic_generic_metadata__
        return revive, (kind["origin"] or type(self), kind["args"], self.__getstate__())


def steps(data: Any) -> str:
    """Tag of a value that may be one for all time (`one`) or step over time (`steps`)."""
    return "steps" if isinstance(data, dict | Schedule) else "one"
