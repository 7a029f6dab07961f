"""docs/schema.md: every key of a scenario file and of a file of questions, from the pydantic models."""

import re
import types
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from planner.analysis.asked.file import Questions
from planner.catalog.quantity import Quantity
from planner.scenario.model import Name, Scenario, Schedule
from planner.scenario.periods import PeriodLabel
from planner.scenario.schema import NAMED
from planner.scenario.warnings import WARNINGS
from planner.units import CapacityCharge, HourlyPrice, Money, Tariff
from planner.units import format as format_quantity
from planner.units.table import DIMENSIONS
from planner.units.types import Unit
from reference.text import first_line, opening, sentence, table

SOURCE = "planner/scenario/model.py and planner/analysis/asked/"

WARNED = """
## Warnings

What is rarely meant is told on standard error, with its place, by `planner validate` and `planner plan`;
`silence: [code]` leaves it out. What cannot be true is an error, and nothing is solved.

| code | meaning |
|---|---|"""

UNITS = """
## Units

| quantity | held as | for example | shown in |
|---|---|---|---|"""

QUANTITIES = {"per_year": "share per year", "fraction": "share", "time": "duration"}
WHOLE = {int: "whole number", float: "number", str: "text", bool: "true or false", date: "day", Any: "anything"}

MONEY = {
    Money: "money",
    Tariff: "money per kWh",
    HourlyPrice: "money per hour",
    CapacityCharge: "money per kW and month",
}
"""Kinds of money in words."""


def page() -> str:
    """The whole page."""
    lines = opening("schema_intro.md", SOURCE)
    for title, top in (("Scenario", Scenario), ("Questions", Questions)):
        for model in reachable(top):
            lines += ["", f"## {model.__name__}", "", _about(model, title), ""]
            lines += table(("key", "type", "unit", "default", "meaning"), _rows(model))
    lines += [*WARNED.split("\n"), *(f"| `{code}` | {text} |" for code, text in WARNINGS.items())]
    lines += UNITS.split("\n")
    lines += [f"| {d.name} | {d.base or '1'} | `{d.example}` | {', '.join(d.shown)} |" for d in DIMENSIONS.values()]
    lines.append("| money | amount and currency | `24400 USD`, `1.2 bn CNY` | k, m, bn, tn; any ISO 4217 code |")
    lines.append("| tariff | money per kWh | `0.35 CNY/kWh` | |")
    return "\n".join(lines) + "\n"


def reachable(top: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and every model below it, in the order in which a reader meets them."""
    found: list[type[BaseModel]] = []

    def visit(model: type[BaseModel]) -> None:
        if model not in found:
            found.append(model)
            for below in (below for hint in _hints(model).values() for below in _models(hint)):
                visit(below)

    visit(top)
    return found


def _about(model: type[BaseModel], file: str) -> str:
    if model is Scenario:
        return "The top level of the file."
    if model is Questions:
        return "A file of what-if questions ([an example](../examples/whatif-cn.yaml))."
    text = first_line(model)
    return text if text.endswith(".") else f"{text}."


def _rows(model: type[BaseModel]) -> list[tuple[str, ...]]:
    hints = _hints(model)
    rows = []
    for name, field in model.model_fields.items():
        if not field.description:
            raise ValueError(f"{model.__name__}.{name} has no docstring: docs/schema.md needs its meaning")
        kind, unit = words(hints[name], model.__name__, name)
        meaning = re.sub(r"\bNone\b", "unset", sentence(field.description))
        rows.append((f"`{field.alias or name}`", kind + _bounds(field), unit, _default(field, hints[name]), meaning))
    return rows


def _hints(model: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def words(hint: Any, model: str = "", name: str = "") -> tuple[str, str]:
    """A type in words, and the unit its numbers are held in."""
    if (model, name) in NAMED and str in _plain(hint):
        kind = f"name of one of the catalog's {NAMED[model, name]}"
        return (f"list of: {kind}" if get_origin(_some(hint)) is tuple else kind), ""
    if hint == Name:
        return "name", ""
    if hint == PeriodLabel:
        return "period", ""
    if hint is Quantity:
        return "price or share per year", "any currency"
    if hint in WHOLE:
        return WHOLE[hint], ""
    if hint in MONEY:
        return (MONEY[hint], "any currency")
    if isinstance(hint, type) and issubclass(hint, Schedule):
        kind, unit = words(hint.__pydantic_generic_metadata__["args"][0])
        return f"schedule of {kind}", unit
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{hint.__name__.lower()})", ""
    return _compound(hint)


def _compound(hint: Any) -> tuple[str, str]:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        for note in inside[1:]:
            if isinstance(note, Unit):
                return QUANTITIES.get(note.dimension, note.dimension), DIMENSIONS[note.dimension].base
        return words(inside[0])
    if origin in (Union, types.UnionType):
        parts = [words(part) for part in inside if part is not type(None)]
        return " or ".join(part for part, _ in parts), next((unit for _, unit in parts if unit), "")
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inside), ""
    if origin is tuple:
        kind, unit = words(inside[0])
        return f"list of {kind}", unit
    if origin is dict:
        (key, _), (value, unit) = words(inside[0]), words(inside[1])
        return f"mapping of {key} to {value}", unit
    raise TypeError(f"docs/schema.md has no words for {hint}")


def _some(hint: Any) -> Any:
    """An optional type without its None."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _plain(hint: Any) -> set[Any]:
    """The types at the leaves of a hint."""
    inside = [part for part in get_args(hint) if part is not Ellipsis]
    return set().union(*map(_plain, inside)) if inside else {hint}


def _models(hint: Any) -> list[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, Schedule):
        return []
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return [hint]
    return [model for part in get_args(hint) for model in _models(part)]


def _bounds(field: FieldInfo) -> str:
    found = {name: getattr(note, name) for note in field.metadata for name in ("ge", "gt", "le") if hasattr(note, name)}
    if "ge" in found and "le" in found:
        return f", {found['ge']:g} to {found['le']:g}"
    if "gt" in found:
        return f", above {found['gt']:g}"
    if "ge" in found:
        return f", from {found['ge']:g}"
    several = get_origin(field.annotation) in (tuple, dict)
    return ", at least one" if several and any(hasattr(note, "min_length") for note in field.metadata) else ""


def _default(field: FieldInfo, hint: Any) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "*unset*"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if value in ((), {}):
        return "none"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    note = next((note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Unit)), None)
    return f"`{format_quantity(value, note.dimension)}`" if note else f"`{value}`"
