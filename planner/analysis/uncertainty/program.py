"""One program that holds all worlds, in which decisions are the same for as long as worlds cannot be told apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from planner.analysis.uncertainty.risk import TIE, Aim
from planner.analysis.uncertainty.worlds import World
from planner.optimize.model import assemble
from planner.optimize.money import MILLION, fixed, priced
from planner.optimize.program import Program
from planner.optimize.variables import Variables
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpAffineExpression, LpProblem, LpVariable

type Terms = list[tuple["LpVariable", float]]

OPERATION = frozenset({"running", "at_once", "missed", "domestic", "present"})
"""Whole-number columns that follow from the decisions: what runs, is on, is left undone, is all domestic."""
DEPOSIT = "hardware_deposit"


@dataclass(frozen=True, slots=True)
class Decision:
    """A column that decides something at the start of a period."""

    variable: "LpVariable"
    period: int


@dataclass
class Joint:
    """The program of several worlds."""

    lp: "LpProblem"
    worlds: tuple[World, ...]
    programs: tuple[Program, ...]
    decisions: tuple[Mapping[str, Decision], ...]
    """By world: column name to decision."""
    costs: tuple[tuple[Terms, float], ...]
    """By world: terms and constant of the net present cost, lost deposits counted, in millions."""
    lost: tuple[Mapping[str, tuple["LpVariable", float]], ...]
    """By world: orders that it does not let arrive, each with its deposit, in millions."""
    barred: tuple[str, ...]
    """Decisions that are left out because one of the worlds that share them cannot take them."""
    level: "LpVariable | None" = None
    """Value at risk, or largest regret, where that is sought."""
    excess: "list[LpVariable]" = field(default_factory=list)
    """Cost above the value at risk, by world."""

    @property
    def program(self) -> Program:
        """All worlds as one program to search; keys of its variables are (world, key)."""
        first = self.programs[0]
        if len(self.programs) == 1:
            return first
        groups: dict[str, Any] = {
            group.name: {
                (k, key): variable
                for k, program in enumerate(self.programs)
                for key, variable in getattr(program.v, group.name).items()
            }
            for group in fields(Variables)
        }
        rows = [row for program in self.programs for row in program.rows]
        return Program(first.problem, self.lp, Variables(**groups), rows=rows, parts=self.programs)


def join(problems: Sequence[Problem], worlds: Sequence[World]) -> Joint:
    """Write all worlds into one program and tie the decisions that they share.

    An order that one of the worlds does not let arrive costs its deposit there. Any other decision that one of them
    does not allow, and an order of which it cannot supply or hold even one, is left out while they share it. Raises
    EmptyRowError where a world cannot be met at all.
    """
    from pulp import LpMinimize, LpProblem

    lp = LpProblem("worlds", LpMinimize)
    programs = tuple(assemble(problem, lp=lp) for problem in problems)
    decisions = tuple(_decisions(program) for program in programs)
    deposits = _deposits(programs)
    lost: tuple[dict[str, tuple[LpVariable, float]], ...] = tuple({} for _ in programs)
    never = tuple(_useless(problem) for problem in problems)
    barred: list[str] = []
    for name in sorted({name for found in decisions for name in found}):
        period = next(found[name].period for found in decisions if name in found)
        for group in _groups(worlds, period):
            _tie(lp, name, group, decisions, deposits, never, lost, barred)
    costs = tuple(_cost(program, mine) for program, mine in zip(programs, lost, strict=True))
    return Joint(lp, tuple(worlds), programs, decisions, costs, lost, tuple(barred))


def _groups(worlds: Sequence[World], period: int) -> list[list[int]]:
    """Positions of worlds that look the same to decisions of a period."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for k, world in enumerate(worlds):
        groups.setdefault(world.seen(period), []).append(k)
    return list(groups.values())


def _tie(
    lp: "LpProblem",
    name: str,
    group: Sequence[int],
    decisions: Sequence[Mapping[str, Decision]],
    deposits: Mapping[str, float],
    never: Sequence[frozenset[str]],
    lost: Sequence[dict[str, tuple["LpVariable", float]]],
    barred: list[str],
) -> None:
    """One decision in worlds that share it."""
    holders = [k for k in group if name in decisions[k]]
    if not holders or len(group) == 1:
        return
    first = decisions[holders[0]][name].variable
    for k in holders[1:]:
        lp.addConstraint(_equal(decisions[k][name].variable, first), f"shared[{name},{k}]")
    for k in group:
        if k in holders:
            continue
        if name in deposits and name not in never[k]:
            void = lp.add_variable(f"void[{name},{k}]", 0, None, "Continuous")
            lp.addConstraint(_equal(void, first), f"void[{name},{k}]")
            lost[k][name] = (void, deposits[name])
        elif name not in barred:
            barred.append(name)
            lp.addConstraint(_nothing(first), f"barred[{name},{k}]")


def _useless(problem: Problem) -> frozenset[str]:
    """Column names of the orders that a world has no use for: none is placed and its deposit lost there."""
    label = [period.label for period in problem.calendar]
    return frozenset(f"order[{problem.systems[i].id},{label[t]}]" for i, t in problem.useless)


def _equal(one: "LpVariable", other: "LpVariable") -> "LpAffineExpression":
    from pulp import lpSum_vars_coefs

    return lpSum_vars_coefs([(one, 1.0), (other, -1.0)]) == 0.0


def _nothing(variable: "LpVariable") -> "LpAffineExpression":
    from pulp import lpSum_vars_coefs

    return lpSum_vars_coefs([(variable, 1.0)]) == 0.0


def _decisions(program: Program) -> dict[str, Decision]:
    """Column name to decision, of every whole-number column but those of operation."""
    problem = program.problem
    index = {period.label: period.index for period in problem.calendar}
    due = {f"accept[{row.id}]": row.due for row in problem.pending}
    found: dict[str, Decision] = {}
    for variable in columns(program):
        name = str(variable.name)
        kind, _, rest = name.partition("[")
        if kind in OPERATION or variable.cat == "Continuous":
            continue
        period = due.get(name, index.get(rest.rstrip("]").rpartition(",")[2]))
        if period is not None:
            found[name] = Decision(variable, period)
    return found


def columns(program: Program) -> "Iterable[LpVariable]":
    """Every variable of one program, group by group."""
    for group in fields(Variables):
        yield from getattr(program.v, group.name).values()


def shared_by_all(joint: Joint) -> dict[str, Decision]:
    """Decisions that all worlds share, by column name."""
    return {
        name: decision
        for found in joint.decisions
        for name, decision in found.items()
        if len({world.seen(decision.period) for world in joint.worlds}) == 1
    }


def _deposits(programs: Sequence[Program]) -> dict[str, float]:
    """What is paid with an order of one system, by column, in millions of present value."""
    found: dict[str, float] = {}
    for program in programs:
        problem = program.problem
        for key, variable in program.v.order.items():
            paid = tuple(event for event in problem.order_events[key] if event.line == DEPOSIT)
            found.setdefault(str(variable.name), problem.cost(paid) / MILLION)
    return found


def _cost(program: Program, lost: Mapping[str, tuple["LpVariable", float]]) -> tuple[Terms, float]:
    problem = program.problem
    terms = [(variable, problem.cost(events) / MILLION) for variable, events in priced(program)]
    return [*terms, *lost.values()], problem.cost(fixed(program)) / MILLION


def aim_at(joint: Joint, aim: Aim, cvar: float, best: Sequence[float]) -> None:
    """Set what is minimised, in millions.

    expected: sum p_k C_k
    cvar:     eta + sum p_k s_k / (1 - cvar) + TIE sum p_k C_k, s_k >= C_k - eta, s_k >= 0 (Rockafellar and
              Uryasev, 2000)
    regret:   z + sum p_k best_k + TIE sum p_k C_k, z >= C_k - best_k; the constant makes the gap one of cost
    """
    from pulp import lpSum_vars_coefs

    lp = joint.lp
    weight = 1.0 if aim == "expected" else TIE
    terms: Terms = []
    constant = 0.0
    if aim == "regret":
        constant += sum(world.probability * cost for world, cost in zip(joint.worlds, best, strict=True))
    for world, (mine, fix) in zip(joint.worlds, joint.costs, strict=True):
        terms += [(variable, weight * world.probability * price) for variable, price in mine]
        constant += weight * world.probability * fix
    if aim != "expected":
        level = joint.level = lp.add_variable("level", None, None, "Continuous")
        terms.append((level, 1.0))
        for k, (world, (mine, fix)) in enumerate(zip(joint.worlds, joint.costs, strict=True)):
            row = [(variable, -price) for variable, price in _summed(mine)] + [(level, 1.0)]
            over = fix if aim == "cvar" else fix - best[k]
            if aim == "cvar":
                excess = lp.add_variable(f"excess[{k}]", 0, None, "Continuous")
                joint.excess.append(excess)
                row.append((excess, 1.0))
                terms.append((excess, world.probability / (1.0 - cvar)))
            lp.addConstraint(lpSum_vars_coefs(row) >= over, f"{aim}[{k}]")
    lp.setObjective(lpSum_vars_coefs(_summed(terms)) + constant)


def _summed(terms: Terms) -> Terms:
    """Terms with each variable once."""
    found: dict[int, tuple[LpVariable, float]] = {}
    for variable, price in terms:
        before = found.get(variable.id)
        found[variable.id] = (variable, price + (before[1] if before is not None else 0.0))
    return list(found.values())
