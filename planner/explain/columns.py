"""Columns of the tables that explain a plan: the contract of their frames and of `--json`."""

from typing import TYPE_CHECKING

from planner.plan.columns import Column, Dtype

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from planner.plan.records import Records


def _c(name: str, dtype: Dtype, meaning: str, unit: str = "") -> Column:
    return Column(name, dtype, meaning, unit)


def _span(name: str, meaning: str, unit: str = "") -> tuple[Column, ...]:
    """A figure and the two ends of its interval."""
    return (
        _c(name, "number", meaning, unit),
        _c(f"{name}_low", "number", "low end of its interval", unit),
        _c(f"{name}_high", "number", "high end of its interval", unit),
    )


WORKLOAD = _c("workload", "text", "workload at which both are compared")
FROM = _c("from_system", "text", "system replaced, catalog id")
TO = _c("to_system", "text", "system that replaces it, catalog id")

SUBSTITUTION: dict[str, tuple[Column, ...]] = {
    "rates": (
        WORKLOAD,
        FROM,
        TO,
        _c("from_cluster", "any", "accelerators of the job or cluster of the first at which both are compared"),
        _c("to_cluster", "any", "accelerators of the job or cluster of the second"),
        _c("from_rows", "count", "published training runs behind the first one's throughput"),
        _c("to_rows", "count", "published training runs behind the second one's"),
        *_span("rate", "accelerators of the second per accelerator of the first"),
        *_span("accelerators", "accelerators of the second that replace the fleet", "accelerators"),
        _c("systems", "number", "the same in systems"),
        _c("whole_systems", "any", "the same in whole systems"),
        *_span("it_mw", "their IT power", "MW"),
        *_span("meter_mw", "the same at the meter: times the mean PUE of the halls they fit", "MW"),
        *_span("racks", "rack positions they take", "racks"),
        *_span("capex", "their price, and the network beside servers", "currency"),
        *_span("from_it_mw", "IT power of the fleet replaced", "MW"),
        *_span("from_meter_mw", "the same at the meter", "MW"),
        *_span("from_racks", "rack positions of the fleet replaced", "racks"),
        *_span("from_capex", "price of the fleet replaced, if it were bought", "currency"),
        _c("fits", "text", "halls of the scenario that the second fits"),
        *_span("energy_mwh_per_trillion_tokens", "energy at the meter of the second", "MWh"),
        *_span("from_energy_mwh_per_trillion_tokens", "energy at the meter of the first", "MWh"),
        *_span("months", "from the plan's start until the last of them is delivered", "months"),
        _c("months_why", "text", "why they cannot be delivered within the plan"),
        _c("why_none", "text", "why there is no rate"),
        _c("note", "text", "what was compared instead of what was asked"),
    ),
    "split": (
        WORKLOAD,
        FROM,
        TO,
        _c("part", "text", "cause"),
        _c("factor", "number", "factor of the rate; the parts multiply to it"),
        _c("log", "number", "its natural logarithm; the parts add up to that of the rate"),
        _c("share", "number", "its share of the rate's logarithm; empty where the rate is one"),
        _c("from_value", "number", "factor of the first one's throughput per accelerator (peak: tokens/s)"),
        _c("to_value", "number", "the same of the second"),
        _c("meaning", "text", "what the cause is"),
    ),
    "curve": (
        WORKLOAD,
        FROM,
        TO,
        _c("from_accelerators", "count", "one cluster of the first"),
        _c("tokens_per_s", "number", "its throughput after failures", "tokens/s"),
        _c("to_accelerators", "any", "least cluster of the second as fast, to one per cent; empty: none is"),
        *_span("rate", "accelerators of the second per accelerator of the first"),
        _c("from_mfu", "number", "model FLOPs utilisation of the first, of its 16-bit peak"),
        _c("to_mfu", "number", "the same of the second"),
    ),
    "plan": (
        _c("world", "text", "what may be bought"),
        _c("status", "text", "as of a plan; infeasible or no-plan"),
        _c("objective", "number", "net present cost", "currency"),
        _c("bound", "number", "proved lower bound of it", "currency"),
        _c("difference", "number", "cost less that of the scenario as asked", "currency"),
        _c("least_difference", "number", "the least it can be, both gaps counted", "currency"),
        _c("most_difference", "number", "the most it can be", "currency"),
        _c("accelerators_bought", "any", "accelerators bought"),
        _c("from_accelerators", "any", "of them, of the replaced kind"),
        _c("to_accelerators", "any", "of them, of the replacing kind"),
        _c("peak_mw", "number", "largest grid power of all sites", "MW"),
        _c("rate", "number", "accelerators bought per accelerator bought with only the replaced kind"),
        _c("why", "text", "why there is no plan"),
    ),
    "matrix": (
        WORKLOAD,
        FROM,
        TO,
        *_span("rate", "accelerators of the second per accelerator of the first"),
        _c("why_none", "text", "why there is no rate"),
    ),
}
"""Tables of `planner substitute`."""

DIFF: dict[str, tuple[Column, ...]] = {
    "diff_inputs": (
        _c("kind", "text", "scenario, fact or rule"),
        _c("key", "text", "path of the scenario, key of the fact, or id of the rule"),
        _c("before", "any", "value of the first plan; empty where it has none"),
        _c("after", "any", "value of the second"),
        _c("unit", "text", "unit of both"),
    ),
    "diff_decisions": (
        _c("what", "text", "ordered, taken (pending orders), placed, retired, run or short (of a target)"),
        _c("item", "text", "system, pending order or workload"),
        _c("where", "text", "period, hall or cluster"),
        _c("before", "number", "systems, runs, or tokens/s short, of the first plan"),
        _c("after", "number", "the same of the second"),
        _c("difference", "number", "after less before"),
    ),
    "diff_bridge": (
        _c("line", "text", "line of the cash flow"),
        _c("before", "number", "present cost of the first plan", "currency"),
        _c("after", "number", "present cost of the second", "currency"),
        _c("difference", "number", "after less before; adds up to the difference of the plans", "currency"),
    ),
    "diff_causes": (
        _c("part", "text", "part of the scenario that changed, applied alone; all together; interaction"),
        _c("objective", "number", "net present cost with it", "currency"),
        _c("difference", "number", "that less the cost before", "currency"),
        _c("least_difference", "number", "the least it can be, both gaps counted", "currency"),
        _c("most_difference", "number", "the most it can be", "currency"),
        _c("why", "text", "why there is no plan"),
    ),
}
"""Tables of the difference of two plans."""

EXPLANATION: dict[str, tuple[Column, ...]] = {
    "why_not": (
        _c("system", "text", "system, catalog id"),
        _c("accelerator", "text", "its accelerator, catalog id"),
        _c("reason", "text", "chosen, facts, scenario, rule, supply, release, lead time, hall, cluster or dominated"),
        _c("detail", "text", "the reason in words"),
        _c("rule", "text", "id of the rule, where one is the reason"),
        _c("rule_date", "text", "day since which it binds"),
        _c("source", "text", "where the rule was read"),
        _c("price", "number", "price of one system; of the dominated", "currency"),
        _c("dual_price", "number", "price below which the linear relaxation would buy it, from its duals", "currency"),
        _c("entry_price", "number", "price at which it enters; 0: not even for nothing; empty: not solved", "currency"),
        _c("entry_by", "text", "plan: found on the whole program; relaxation: on the linear relaxation"),
        _c("below", "number", "price at which the whole program was solved again", "currency"),
        _c("bought_below", "any", "systems it buys there"),
        _c("above", "number", "price above the entry price", "currency"),
        _c("bought_above", "any", "systems bought there"),
        _c("confirmed", "any", "whether it is bought below and not above, by what entry_by names"),
        _c("note", "text", "what the gap leaves open"),
    ),
    "marginals": (
        _c("limit", "text", "constraint of docs/formulation.md"),
        _c("where", "text", "site, hall, accelerator, workload or budget"),
        _c("step", "text", "what changes"),
        _c("amount", "number", "the same as a number", "unit"),
        _c("unit", "text", "unit of the amount"),
        _c("dual_value", "number", "change of cost by the duals of the linear relaxation; negative: saves", "currency"),
        _c("difference", "number", "change of cost by solving again", "currency"),
        _c("least_difference", "number", "the least it can be, both gaps counted", "currency"),
        _c("most_difference", "number", "the most it can be", "currency"),
        _c("per_unit", "number", "difference per unit", "currency per unit"),
        _c("why", "text", "why there is no plan with the step"),
    ),
    "rules": (
        _c("rule", "text", "rule left out alone; or all together"),
        _c("rule_date", "text", "day since which it binds"),
        _c("source", "text", "where it was read"),
        _c("cost", "number", "cost of the plan less that without the rule", "currency"),
        _c("least_cost", "number", "the least it can be, both gaps counted", "currency"),
        _c("most_cost", "number", "the most it can be", "currency"),
        _c("peak_mw", "number", "grid power of the plan less that without the rule", "MW"),
        _c("accelerators", "any", "accelerators bought, less those without the rule"),
        _c("delay_days", "number", "days by which the run delayed most ends later", "days"),
        _c("tokens_lost", "number", "tokens left untrained, less those without the rule", "tokens"),
        _c("bought_without", "text", "accelerators of which more is bought without the rule"),
        _c("solved", "flag", "searched for; false: it follows from another world"),
    ),
    "shapley": (
        _c("rule", "text", "rule"),
        _c("share", "number", "its part of the cost of all; parts add up to it", "currency"),
        _c("fraction", "number", "the same as a fraction"),
        _c("error", "number", "standard error of a drawn part; 0: every order was counted", "currency"),
        _c("method", "text", "every order, or how many were drawn"),
    ),
    "alternatives": (
        _c("way", "text", "in which respect it was sought"),
        _c("cost", "number", "net present cost", "currency"),
        _c("extra", "number", "cost over the plan's, as a fraction of it"),
        _c("differs", "number", "fraction of the accelerators that stand at other sites or are of other systems"),
        _c("accelerators", "number", "accelerators bought", "accelerators"),
        _c("vendors", "text", "shares of the accelerators bought"),
        _c("sites", "text", "shares of the accelerators placed"),
        _c("mean_order", "number", "mean period of the orders, weighted by accelerators, counted from 0", "periods"),
    ),
    "conflict": (
        _c("limit", "text", "limit in conflict with the others"),
        _c("words", "text", "the limit in words"),
        _c("rule", "text", "id, where it is a rule"),
        _c("file", "text", "file of the scenario"),
        _c("line", "any", "line of the key"),
        _c("column", "any", "column of the key"),
    ),
    "repairs": (
        _c("limit", "text", "limit relaxed"),
        _c("kind", "text", "power, racks, rack power, reach, supply, budget, target, deadline, tokens or rule"),
        _c("words", "text", "what has to change"),
        _c("steps", "count", "in how many steps; one fewer has no plan"),
        _c("relative", "number", "how much of the limit; repairs are ranked by it"),
        _c("sure", "flag", "whether one step fewer is proved to have no plan"),
    ),
}
"""Tables of `planner explain`."""

TABLES: dict[str, tuple[Column, ...]] = {**SUBSTITUTION, **DIFF, **EXPLANATION}
"""Every table of this stage by name."""


def frames(tables: "Mapping[str, Records]", scenario: str) -> "dict[str, DataFrame]":
    """Tables as tidy DataFrames, as `Plan.frames()` gives them."""
    from planner.plan.frames import tidy

    return {name: tidy(TABLES[name], rows, scenario) for name, rows in tables.items()}
