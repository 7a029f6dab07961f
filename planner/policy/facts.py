"""The facts of one case: what the catalog, the buyer, the site and the question say, and what follows from them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from planner.io.models import Published
from planner.policy.book import Derivation, Rulebook
from planner.policy.predicate import Facts, Interval, evaluate, fields
from planner.policy.vocabulary import FieldSpec, normalise


@dataclass(frozen=True)
class CaseFacts:
    """Facts by field; `assumed` says which of them rest on which assumptions, `notes` what these are."""

    values: dict[str, Any]
    assumed: dict[str, frozenset[str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def gather(
    book: Rulebook, stated: Mapping[str, Any], subjects: Mapping[str, Any], known: Mapping[str, Any] | None = None
) -> CaseFacts:
    """All facts of a case.

    `stated` are facts given outright by field name; `subjects` the objects or mappings that `answered_by` paths start
    from (chip, vendor, buyer, component). What neither gives is derived where a derivation allows it, else unknown.
    `known`: what `answers` gives for these subjects, where the caller has it.
    """
    values = dict(answers(book, subjects) if known is None else known)
    for name, value in stated.items():
        if value is not None and name in values:
            values[name] = as_fact(value, book.vocabulary.fields[name])
    return _derived(values, book.derivations)


def answers(book: Rulebook, subjects: Mapping[str, Any]) -> dict[str, Any]:
    """What the subjects answer, by field; None where they do not."""
    return {name: as_fact(_answer(spec, subjects), spec) for name, spec in book.vocabulary.fields.items()}


def as_fact(value: Any, spec: FieldSpec) -> Any:
    """`value` as predicates compare it: published ranges as intervals, names normalised, several values as a set."""
    if isinstance(value, Published):
        value = _published(value)
    if value is None:
        return None
    if not spec.several:
        return _scalar(value, spec)
    members = value if isinstance(value, list | tuple | Set) else (value,)
    return frozenset(_scalar(member, spec) for member in members if member is not None)


def _scalar(value: Any, spec: FieldSpec) -> Any:
    if spec.kind == "name" and isinstance(value, str):
        return normalise(value)
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
    """Fill what is unknown and derivable, remembering which fields rest on which assumptions."""
    roots: dict[str, frozenset[str]] = {}
    notes: dict[str, str] = {}
    for derivation in derivations:
        spec = derivation.spec
        if values.get(spec.set) is not None:
            continue
        value, used = _derive(derivation, values)
        if value is None:
            continue
        values[spec.set] = value
        if spec.assumed:
            notes[spec.set] = " ".join(spec.note.split())
        own = frozenset((spec.set,) if spec.assumed else ())
        found = own.union(*(roots.get(name, frozenset()) for name in used))
        if found:
            roots[spec.set] = found
    return CaseFacts(values, roots, notes)


def _derive(derivation: Derivation, values: Facts) -> tuple[Any, frozenset[str]]:
    """The derived value or None, and the fields it was derived from."""
    spec = derivation.spec
    if spec.first_known is not None:
        known = next((name for name in spec.first_known if values.get(name) is not None), None)
        return (values[known], frozenset((known,))) if known else (None, frozenset())
    if spec.differs is not None:
        one, other = (values.get(name) for name in spec.differs)
        return (None if one is None or other is None else one != other), frozenset(spec.differs)
    if spec.sum is not None:
        return _total([values.get(name) for name in spec.sum]), frozenset(spec.sum)
    for when, value in derivation.cases:
        truth = evaluate(when, values)
        if truth is not False:
            return (value if truth else None), fields(when)
    return None, frozenset()


def _total(parts: list[Any]) -> Any:
    """Sum of numbers and intervals; None when any part is unknown."""
    if any(part is None for part in parts):
        return None
    lows = [part.low if isinstance(part, Interval) else part for part in parts]
    highs = [part.high if isinstance(part, Interval) else part for part in parts]
    return Interval(sum(lows), sum(highs)) if lows != highs else sum(lows)
