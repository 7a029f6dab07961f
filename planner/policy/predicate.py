"""Predicates over facts, evaluated as true, false or unknown (Kleene's strong three-valued logic).

A predicate is written as nested mappings: `{all: [...]}`, `{any: [...]}`, `{not: ...}` or a leaf
`{field: chip.tpp, op: ">=", value: 4800}`. `planner.policy.compile` turns
what is written into the nodes of this module.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal

type Op = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not_in", "contains"]
type Facts = Mapping[str, Any]
"""Field name ("chip.tpp") to value: a number, an Interval, text, a bool, a date, or a frozenset for a field of several
values. A field that is absent or None is unknown."""
type Truth = bool | None
"""True, False, or None for unknown."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known only to lie between two bounds, both included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of a fact with a value; for `in` and `not_in` the value is a frozenset."""

    field: str
    op: Op
    value: Any


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is; the empty one is true."""

    parts: tuple["Predicate", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """True when at least one part is; the empty one is false."""

    parts: tuple["Predicate", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false; unknown when it is unknown."""

    part: "Predicate"


type Predicate = Leaf | All | Either | Not

ALWAYS = All()


def evaluate(predicate: Predicate, facts: Facts) -> Truth:
    """Truth of `predicate` given `facts`; None when a missing fact decides."""
    match predicate:
        case Leaf():
            return _compare(facts.get(predicate.field), predicate.op, predicate.value)
        case All(parts):
            return conjunction(evaluate(part, facts) for part in parts)
        case Either(parts):
            return disjunction(evaluate(part, facts) for part in parts)
        case Not(part):
            return negation(evaluate(part, facts))


def conjunction(truths: Iterator[Truth] | tuple[Truth, ...]) -> Truth:
    """False if any is false, else unknown if any is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterator[Truth] | tuple[Truth, ...]) -> Truth:
    """True if any is true, else unknown if any is unknown, else false."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def negation(truth: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if truth is None else not truth


def fields(predicate: Predicate) -> frozenset[str]:
    """Every field that `predicate` asks for."""
    match predicate:
        case Leaf():
            return frozenset((predicate.field,))
        case All(parts) | Either(parts):
            return frozenset().union(*map(fields, parts))
        case Not(part):
            return fields(part)


def deciding(predicate: Predicate, facts: Facts) -> tuple[Leaf, ...]:
    """The leaves that make `predicate` what it is for `facts`.

    For a true `any` its first true branch, for a false `all` its first false one, for an unknown node what is unknown.
    """
    match predicate:
        case Leaf():
            return (predicate,)
        case Not(part):
            return deciding(part, facts)
        case All(parts) | Either(parts):
            truth = evaluate(predicate, facts)
            same = [part for part in parts if evaluate(part, facts) is truth]
            takes_one = truth is (not isinstance(predicate, All))
            return tuple(leaf for part in (same[:1] if takes_one else same) for leaf in deciding(part, facts))


def _compare(fact: Any, op: Op, value: Any) -> Truth:
    if fact is None:
        return None
    if op in ("!=", "not_in"):
        return negation(_compare(fact, "==" if op == "!=" else "in", value))
    if isinstance(fact, Interval):
        return _compare_interval(fact, op, value)
    if isinstance(fact, Set):
        return _compare_set(fact, op, value)
    match op:
        case "==":
            return bool(fact == value)
        case "in":
            return fact in value
        case "contains":
            return bool(fact == value)
        case _:
            return _ordered(fact, op, value)


def _ordered(fact: float, op: Op, value: float) -> bool:
    match op:
        case "<":
            return fact < value
        case "<=":
            return fact <= value
        case ">":
            return fact > value
        case _:
            return fact >= value


def _compare_interval(fact: Interval, op: Op, value: Any) -> Truth:
    """True or false only when every number of the interval says so."""
    if fact.low == fact.high:
        return _compare(fact.low, op, value)
    if op == "==":
        return None if fact.low <= value <= fact.high else False
    if op in ("in", "contains"):
        return None if any(fact.low <= v <= fact.high for v in value) else False
    ends = {_ordered(fact.low, op, value), _ordered(fact.high, op, value)}
    return ends.pop() if len(ends) == 1 else None


def _compare_set(fact: Set[Any], op: Op, value: Any) -> bool:
    """A field of several values: `==` and `contains` ask whether it is among them, `in` whether any is."""
    return not fact.isdisjoint(value) if op == "in" else value in fact
