"""The facts of one case: what the catalog, the buyer, the site and the question say, and what follows from them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from planner.io.models import Published
from planner.policy.book import Derivation, Rulebook
from planner.policy.predicate import Facts, Interval, evaluate
from planner.policy.vocabulary import FieldSpec, normalise


@dataclass(frozen=True)
class CaseFacts:
    """Facts by field, and the notes of those that are assumed."""

    values: dict[str, Any]
    assumed: dict[str, str] = field(default_factory=dict)


def gather(book: Rulebook, stated: Mapping[str, Any], subjects: Mapping[str, Any]) -> CaseFacts:
    """All facts of a case.

    `stated` are facts given outright by field name; `subjects` the objects or mappings that `answered_by` paths start
    from (chip, vendor, buyer, site, component). What neither gives is derived where a derivation allows it, else unknown.
    """
    values: dict[str, Any] = {}
    for name, spec in book.vocabulary.fields.items():
        value = stated.get(name)
        if value is None:
            value = _answer(spec, subjects)
        values[name] = as_fact(value, spec)
    return _derived(values, book.derivations)


def as_fact(value: Any, spec: FieldSpec) -> Any:
    """`value` as predicates compare it: published ranges as intervals, names normalised, lists as sets."""
    if isinstance(value, Published):
        value = _published(value)
    if value is None:
        return None
    if isinstance(value, list | tuple | Set):
        found = (as_fact(member, spec) for member in value)
        return frozenset(f for f in found if f is not None)
    if spec.kind == "name" and isinstance(value, str):
        return frozenset((normalise(value),)) if spec.several else normalise(value)
    if spec.several:
        return frozenset((value,))
    if spec.kind in ("number", "quantity") and isinstance(value, int | float):
        return float(value)
    return value


def _published(fact: Published[Any]) -> Any:
    """The value; a range of numbers as an interval, so that a threshold inside it is unknown."""
    low, high = fact.at("low"), fact.at("high")
    if isinstance(low, int | float) and isinstance(high, int | float) and not isinstance(low, bool):
        return Interval(float(low), float(high)) if low < high else float(low)
    return fact.at("mid")


def _answer(spec: FieldSpec, subjects: Mapping[str, Any]) -> Any:
    """The first known answer; for a field of several values all of them together."""
    found = [value for path in spec.answered_by if (value := _follow(path, subjects)) is not None]
    if not found:
        return None
    if not spec.several:
        return found[0]
    return [member for value in found for member in (value if isinstance(value, list | tuple | Set) else (value,))]


def _follow(path: str, subjects: Mapping[str, Any]) -> Any:
    """`chip.io_bandwidth`: subject, then attributes or keys; None where the path ends early."""
    current: Any = subjects
    for part in path.split("."):
        if current is None:
            return None
        current = current.get(part) if isinstance(current, Mapping) else getattr(current, part, None)
    return current


def _derived(values: dict[str, Any], derivations: tuple[Derivation, ...]) -> CaseFacts:
    assumed: dict[str, str] = {}
    for derivation in derivations:
        target = derivation.spec.set
        if values.get(target) is not None:
            continue
        value, assumptions = _derive(derivation, values, assumed)
        if value is None:
            continue
        values[target] = value
        if derivation.spec.assumed:
            assumptions = derivation.spec.note
        if assumptions:
            assumed[target] = assumptions
    return CaseFacts(values, assumed)


def _derive(derivation: Derivation, values: Facts, assumed: Mapping[str, str]) -> tuple[Any, str]:
    """The derived value or None, and the note of an assumption it rests on."""
    spec = derivation.spec
    if spec.first_known is not None:
        known = next((name for name in spec.first_known if values.get(name) is not None), None)
        return (None, "") if known is None else (values[known], assumed.get(known, ""))
    if spec.differs is not None:
        one, other = (values.get(name) for name in spec.differs)
        note = " ".join(assumed[name] for name in spec.differs if name in assumed)
        return (None if one is None or other is None else one != other), note
    if spec.sum is not None:
        return _total([values.get(name) for name in spec.sum]), ""
    for when, value in derivation.cases:
        truth = evaluate(when, values)
        if truth is None:
            return None, ""
        if truth:
            return value, ""
    return None, ""


def _total(parts: list[Any]) -> Any:
    """Sum of numbers and intervals; None when any part is unknown."""
    if any(part is None for part in parts):
        return None
    lows = [part.low if isinstance(part, Interval) else part for part in parts]
    highs = [part.high if isinstance(part, Interval) else part for part in parts]
    return Interval(sum(lows), sum(highs)) if lows != highs else sum(lows)
