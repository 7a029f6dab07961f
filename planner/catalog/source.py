"""Sources: where a fact was read."""

from datetime import date
from typing import Any

from pydantic import field_validator

from planner.catalog.entry import Id
from planner.io.models import StrictModel


class Source(StrictModel):
    """One publication, page, repository file or measurement."""

    id: Id
    title: str
    """What it is, for people."""
    ref: str | None = None
    """Address: a URL, or github:owner/name@commit:path."""
    date: str | None = None
    """When it was published or read, as precise as known."""
    notes: str | None = None

    @field_validator("date", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        """A bare year is a number in YAML."""
        return str(value) if isinstance(value, int | date) else value
