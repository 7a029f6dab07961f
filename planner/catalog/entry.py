"""What every catalog entry has in common: an id, a name, and reasons for silenced warnings."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from planner.io.models import Sources, StrictModel, refuse

Id = Annotated[str, Field(min_length=1, pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*$")]
"""Letters, digits and . _ + -, without spaces."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166 code of two capital letters."""

_DATE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?")
_LENGTHS = {"year": 12, "quarter": 3, "month": 1}


def start_of(text: str) -> date:
    """First day of "2027", "2027-Q1", "2027-03" or the day "2027-03-15" itself; ValueError otherwise."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date; write 2027-03-15, 2027-03, 2027-Q1 or 2027")
    year, quarter, month, day = match.groups()
    first_month = 3 * int(quarter) - 2 if quarter else int(month or 1)
    return date(int(year), first_month, int(day or 1))


def end_of(text: str) -> date:
    """The day after the last day of what `text` names, so that [start_of, end_of) is its length."""
    start = start_of(text)
    if len(text) == 10:
        return date.fromordinal(start.toordinal() + 1)
    months = _LENGTHS["quarter" if "Q" in text else "year" if len(text) == 4 else "month"]
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1)


def _checked(text: str) -> str:
    try:
        start_of(text)
    except ValueError as error:
        raise refuse(str(error).split(";")[0], "write 2027-03-15, 2027-03, 2027-Q1 or 2027") from None
    return text


def _date_text(value: object) -> object:
    """A year alone is read from YAML as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


IsoDate = Annotated[str, BeforeValidator(_date_text), AfterValidator(_checked)]
"""A day, month, quarter or year in ISO form; `start_of` gives its first day."""


class Entry(StrictModel):
    """Common fields of catalog entries."""

    id: Id
    """Name by which everything else refers to the entry."""
    name: str
    """Name shown to people."""
    notes: str | None = None
    """Anything a reader should know, in own words."""
    source: Sources = ()
    """Ids of catalogs/sources.yaml for what is not a fact with a source of its own."""
    silence: dict[str, str] = Field(default_factory=dict)
    """Warnings of `catalog check` that are accepted: code to reason."""
