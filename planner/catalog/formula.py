"""Arithmetic of assumptions: formulas over named fields, evaluated on low/mid/high ranges.

Formulas are parsed by `ast` and only numbers, dotted names, + - * /, min and max are allowed: nothing is executed.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from planner.units import Money, UnitError

type Value = float | Money
type Lookup = Callable[[str], "Range | None"]


class FormulaError(ValueError):
    """A formula that cannot be read or evaluated."""


class Range(NamedTuple):
    """Low, middle and high of a quantity, in base units or money."""

    low: Value
    mid: Value
    high: Value

    @classmethod
    def point(cls, value: Value) -> "Range":
        """A value without doubt."""
        return cls(value, value, value)

    def at(self, level: str) -> Value:
        """The value at "low", "mid" or "high"."""
        value: Value = getattr(self, level)
        return value

    @property
    def ordered(self) -> bool:
        """Whether low <= mid <= high; of money the amounts are compared."""
        low, mid, high = (value.amount if isinstance(value, Money) else value for value in self)
        return low <= mid <= high


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked expression and the dotted names it needs."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> "Formula":
        """Raises FormulaError when `text` is not plain arithmetic."""
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            raise FormulaError(f"{text!r} is not arithmetic") from None
        names: set[str] = set()
        _check(tree, names)
        return cls(text, tree, frozenset(names))

    def evaluate(self, lookup: Lookup) -> Range | None:
        """The range of the result; None when a name is unknown. Raises FormulaError (division by zero, currencies)."""
        return _evaluate(self.tree, lookup)


def _check(node: ast.expr, names: set[str]) -> None:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return
        case ast.Name() | ast.Attribute():
            names.add(_dotted(node))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, names)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            _check(left, names)
            _check(right, names)
        case ast.Call(func=ast.Name(id="min" | "max"), args=args, keywords=[]) if args:
            for argument in args:
                _check(argument, names)
        case _:
            raise FormulaError(f"{ast.unparse(node)!r} is not allowed; use numbers, fields, + - * /, min, max")


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name):
            return f"{_dotted(inner)}.{name}"
        case _:
            raise FormulaError(f"{ast.unparse(node)!r} is not the name of a field")


def _evaluate(node: ast.expr, lookup: Lookup) -> Range | None:
    match node:
        case ast.Constant(value=float() | int() as number):
            return Range.point(float(number))
        case ast.UnaryOp(operand=operand):
            inner = _evaluate(operand, lookup)
            return inner and Range(-inner.high, -inner.mid, -inner.low)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _evaluate(left, lookup), _evaluate(right, lookup)
            return None if a is None or b is None else _combine(op, a, b)
        case ast.Call(func=ast.Name(id=name), args=args):
            ranges = [_evaluate(argument, lookup) for argument in args]
            known = [r for r in ranges if r is not None]
            if len(known) < len(ranges):
                return None
            pick = min if name == "min" else max
            return Range(*(pick(side) for side in zip(*known, strict=True)))
        case _:
            return lookup(_dotted(node))


def _combine(op: ast.operator, a: Range, b: Range) -> Range:
    """Interval arithmetic: the ends over all corners, the middle of the middles."""
    try:
        corners = [_apply(op, x, y) for x, y in product((a.low, a.high), (b.low, b.high))]
        return Range(min(corners), _apply(op, a.mid, b.mid), max(corners))
    except ZeroDivisionError:
        raise FormulaError("division by zero") from None
    except UnitError as error:
        raise FormulaError(error.diagnostics[0].message) from None
    except TypeError:
        raise FormulaError("money can be added to money, and multiplied or divided by a number") from None


def _apply(op: ast.operator, a: Value, b: Value) -> Value:
    if isinstance(a, Money):
        return _of_money(op, a, b)
    if isinstance(b, Money):
        if isinstance(op, ast.Mult):
            return b * a
        raise TypeError
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case _:
            return a / b


def _of_money(op: ast.operator, a: Money, b: Value) -> Value:
    if isinstance(b, Money):
        match op:
            case ast.Add():
                return a + b
            case ast.Sub():
                return a - b
            case ast.Div():
                if a.currency != b.currency or type(a) is not type(b):
                    raise FormulaError(f"{a.currency} cannot be divided by {b.currency}")
                return a.amount / b.amount
    elif isinstance(op, ast.Mult):
        return a * b
    elif isinstance(op, ast.Div):
        return a / b
    raise TypeError
