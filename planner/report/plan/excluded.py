"""What was ruled out, by which rule; what became of the orders already placed."""

from collections import Counter, defaultdict

from planner.plan.plan import Plan
from planner.policy.effect import Action
from planner.policy.hits import RuleHit
from planner.problem.rows.excluded import Excluded
from planner.report.format import count, listed
from planner.report.model import Block, Cell, Column, Items, Section, Table, Text
from planner.report.plan.names import Names, in_order
from planner.report.plan.spared import spared

_MOST = 24
_WHOLE = "excluded of --json"
_ACTIONS: dict[str, Action] = {
    "order": "order",
    "delivery": "import",
    "installation": "install",
    "operation": "operate",
}


def excluded(plan: Plan, names: Names) -> Section:
    """Rules that closed something, by accelerator; cancelled orders; everything else that was left out, counted."""
    ruled = [entry for entry in plan.excluded if entry.rule is not None and entry.kind != "pending order"]
    blocks: list[Block] = [_by_rule(plan, ruled, names)] if ruled else []
    older = spared(plan, names)
    if not ruled and older is None:
        voided = any(entry.kind == "pending order" for entry in plan.excluded)
        none = "No rule closes anything but orders placed before." if voided else "No rule closed anything."
        blocks = [Text(none)]
    if older is not None:
        blocks += [Text("Left to systems that were acquired before a rule:"), older]
    if plan.scenario.orders:
        blocks.append(_pending(plan, names))
    told = [entry for entry in plan.excluded if entry.rule is not None]
    if told:
        blocks.append(_rules(plan, told))
    other = Counter(entry.reason for entry in plan.excluded if entry.rule is None)
    if other:
        counted = listed(f"{other[reason]} by {reason}" for reason in sorted(other, key=lambda key: (-other[key], key)))
        blocks.append(Text(f"Left out for other reasons than rules: {counted}. Each with its reason: {_WHOLE}."))
    return Section("Ruled out", tuple(blocks))


def _by_rule(plan: Plan, ruled: list[Excluded], names: Names) -> Table:
    """One row per accelerator and rule: what it closed, and when."""
    groups: dict[tuple[str, str], list[Excluded]] = defaultdict(list)
    for entry in ruled:
        groups[entry.accelerator, entry.rule or ""].append(entry)
    labels = [period.label for period in plan.problem.calendar]
    rows: list[tuple[Cell, ...]] = []
    previous = None
    for (chip, rule), entries in sorted(groups.items(), key=lambda item: (names.accelerator(item[0][0]), item[0][1])):
        found = in_order({p for e in entries for p in (e.first, e.last) if p}, labels)
        span = "" if not found else found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"
        what = listed(dict.fromkeys(sorted(entry.kind for entry in entries)))
        rows.append((names.accelerator(chip) if chip != previous else "", what, span, rule, entries[0].rule_date))
        previous = chip
    columns = (
        Column("accelerator"),
        Column("closed", wrap=True),
        Column("periods", wrap=True),
        Column("by rule", wrap=True),
        Column("since"),
    )
    return Table(columns, tuple(rows), limit=_MOST, whole=_WHOLE)


def _pending(plan: Plan, names: Names) -> Table:
    """Orders placed before the plan: taken or cancelled, by which rule, and what comes back."""
    rows: list[tuple[Cell, ...]] = []
    for row in plan.tables["pending"]:
        taken = row["fate"] == "taken"
        fate = "taken" if taken else f"cancelled by {row['rule']}" if row["rule"] else f"cancelled: {row['reason']}"
        what = f"{count(row['systems'])} x {names.system(row['system'])}"
        rows.append((row["order"], what, row["due_period"], None if taken else row["refund"], fate))
    columns = (
        Column("order"),
        Column("of", wrap=True),
        Column("due"),
        Column("refund", "money", plan.currency),
        Column("what becomes of it", wrap=True),
    )
    return Table(columns, tuple(rows), title="Orders placed before the plan")


def _rules(plan: Plan, told: list[Excluded]) -> Items:
    """Every rule that decided something: what it says, why it applies, where it stands."""
    first: dict[str, Excluded] = {}
    for entry in told:
        first.setdefault(entry.rule or "", entry)
    return Items(tuple(_rule(plan, rule, entry) for rule, entry in sorted(first.items())))


def _rule(plan: Plan, rule: str, entry: Excluded) -> str:
    hit = _hit(plan, rule, entry)
    summary = (hit.summary if hit else entry.detail).rstrip(".")
    why = f" It applies because {hit.why}." if hit is not None and hit.why else ""
    if hit is not None and hit.settled_by == "assume_unknown":
        taken = plan.scenario.policy.assume_unknown
        why = f" What it decides is not known ({hit.why}); the scenario takes that as {taken}."
    return f"{rule} (since {entry.rule_date or 'an unknown date'}): {summary}.{why} Source: {entry.source}"


def _hit(plan: Plan, rule: str, entry: Excluded) -> RuleHit | None:
    """What the rule says in the first period in which it bears on the action."""
    action = _ACTIONS.get(entry.kind)
    if action is None or entry.first is None:
        return None
    site = entry.site.split("/")[0] if entry.site else None
    first = next(p.index for p in plan.problem.calendar if p.label == entry.first)
    for period in plan.problem.horizon[first:]:
        hits = plan.case.permissions.why(action, entry.accelerator, site, period)
        if found := next((hit for hit in hits if hit.rule_id == rule), None):
            return found
    return None
