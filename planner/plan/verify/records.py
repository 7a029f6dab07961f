"""What the independent check says: violations, dated cash, and the verdict that holds both."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.plan.verify.case import Case

TOLERANCE = 1e-6
"""Relative, and absolute for small numbers; whole numbers get none."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken inequality as a check reports it: `lhs` should not exceed `rhs` (or should equal it)."""

    where: str
    period: int | None
    lhs: float
    rhs: float
    message: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the plan breaks at one place; `period` is an index or None for rules over the whole plan."""

    rule: str
    where: str
    period: int | None
    lhs: float
    rhs: float
    message: str


@dataclass(frozen=True, slots=True)
class CashFlow:
    """One dated payment in the scenario's currency; money paid out is negative."""

    line: str
    """Kind of cash: hardware_deposit, energy, ... (`money.LINES`)."""
    item: str
    """System, pending order, workload or software family that it is for."""
    site: str | None
    period: int
    """Index of the period whose budget it counts against."""
    date: date
    amount: float
    factor: float
    """Discount factor at `date`."""

    @property
    def present(self) -> float:
        """Value at the plan's start."""
        return self.amount * self.factor


@dataclass(frozen=True, slots=True)
class Verification:
    """Verdict of the independent check: recomputed cost (net present, scenario currency) and every violation."""

    ok: bool
    violations: tuple[Violation, ...]
    objective: float
    """Recomputed objective; nan when the records do not even name things of the scenario."""
    cash: tuple[CashFlow, ...]
    goals: Mapping[str, float] = field(default_factory=dict)
    """Recomputed quantities of what the scenario seeks, cost apart."""

    def to_json(self) -> dict[str, Any]:
        """Plain records without the cash, for reports."""
        known = self.objective == self.objective  # nan is not JSON
        return {
            "ok": self.ok,
            "objective": self.objective if known else None,
            **({"goals": dict(self.goals)} if self.goals else {}),
            "violations": [asdict(violation) for violation in self.violations],
        }


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; its title is the first line of the function's docstring."""

    name: str
    subject: str
    find: Callable[["Case"], Iterable[Fault]]

    @property
    def title(self) -> str:
        """What must hold, in one sentence."""
        return (self.find.__doc__ or "").strip().split("\n")[0]

    def violations(self, case: "Case") -> tuple[Violation, ...]:
        """Everything in `case` that breaks this rule."""
        return tuple(
            Violation(self.name, fault.where, fault.period, fault.lhs, fault.rhs, fault.message)
            for fault in self.find(case)
        )


def exceeds(lhs: float, rhs: float) -> bool:
    """Whether lhs <= rhs is broken by more than the tolerance."""
    return not lhs <= rhs + TOLERANCE * max(1.0, abs(rhs))


def differs(lhs: float, rhs: float) -> bool:
    """Whether lhs == rhs is broken by more than the tolerance."""
    return exceeds(lhs, rhs) or exceeds(rhs, lhs)
