"""The words of the predicate language, all of it data: fields, what answers them, groups, derived facts."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse

type Kind = Literal["name", "choice", "text", "country", "flag", "number", "quantity"]


class FieldSpec(StrictModel):
    """One field of the predicate language."""

    kind: Kind
    """name: compared without regard to case and separators; choice: one of `options`; quantity: has a dimension."""
    meaning: str
    """What it says, for people."""
    answered_by: tuple[str, ...] = ()
    """Where the fact comes from, first known wins: `vendor.country`; empty: given by the question or derived."""
    several: bool = False
    """Whether one thing may have several values (names, tags)."""
    dimension: str | None = None
    """Dimension of a quantity, as in planner.units."""
    options: tuple[str, ...] = ()
    """Values a choice may take; empty: any text."""

    @model_validator(mode="after")
    def _complete(self) -> "FieldSpec":
        if (self.kind == "quantity") != (self.dimension is not None):
            raise refuse("a field of kind quantity, and only such a field, needs a dimension")
        return self


class GroupSpec(StrictModel):
    """A named group of countries, written `group:NAME` in a predicate."""

    countries: tuple[str, ...] = Field(min_length=1)
    meaning: str
    as_of: str | None = None
    source: tuple[str, ...] | str = ()


class PredicateSpec(StrictModel):
    """A predicate as it is written: exactly one of `all`, `any`, `not`, or the three of `field`, `op`, `value`."""

    all: tuple["PredicateSpec", ...] | None = None
    any: tuple["PredicateSpec", ...] | None = None
    not_: "PredicateSpec | None" = Field(default=None, alias="not")
    field: str | None = None
    op: Literal["==", "!=", "<", "<=", ">", ">=", "in", "not_in", "contains"] | None = None
    value: Any = None

    @model_validator(mode="after")
    def _one_form(self) -> "PredicateSpec":
        given = self.model_fields_set
        leaf = given & {"field", "op", "value"}
        forms = len(given - leaf) + bool(leaf)
        if forms != 1:
            raise refuse("a predicate is one of {all: [...]}, {any: [...]}, {not: ...} or {field, op, value}")
        if leaf and len(leaf) < 3:
            missing = ", ".join(sorted({"field", "op", "value"} - leaf))
            raise refuse(f"a comparison needs field, op and value: {missing} is missing")
        if leaf and self.value is None:
            raise refuse("a fact cannot be compared with null", "missing facts are unknown by themselves")
        return self


class CaseSpec(StrictModel):
    """One branch of a derived fact."""

    when: PredicateSpec
    value: Any


class DerivationSpec(StrictModel):
    """How a fact that nobody stated follows from others; tried in order, never overrides a stated fact."""

    set: str
    """Field to fill."""
    first_known: tuple[str, ...] | None = None
    """Takes the first of these that is known."""
    differs: tuple[str, str] | None = None
    """True when the two differ."""
    sum: tuple[str, ...] | None = None
    """Sum; unknown when any part is."""
    cases: tuple[CaseSpec, ...] | None = None
    """Value of the first case that holds; an unknown case ends the search without value."""
    assumed: bool = False
    """Whether this is an assumption (listed by every answer that uses it) rather than a consequence."""
    note: str
    """Why it follows."""

    @model_validator(mode="after")
    def _one_way(self) -> "DerivationSpec":
        ways = [w for w in (self.first_known, self.differs, self.sum, self.cases) if w is not None]
        if len(ways) != 1:
            raise refuse("a derived fact needs exactly one of first_known, differs, sum, cases")
        return self


@dataclass(frozen=True)
class Vocabulary:
    """Fields by name, and groups of countries."""

    fields: dict[str, FieldSpec] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)


def normalise(name: str) -> str:
    """A name without regard to case and to the kind of separator: `RTX Pro_6000D` is `rtx-pro-6000d`."""
    return re.sub(r"[\s_-]+", "-", name.strip()).casefold()
