"""What the program decided and what follows from it in systems and work."""

from planner.finance.workbook.parts import Book
from planner.plan.lots import lots, numbered


def decided(b: Book) -> None:
    """The sheet Plan: orders, lots, fleets, work, and the cash of the counterfactual."""
    s, plan = b.s["Plan"], b.plan
    s.head("Plan: decisions and what the program found")
    s.section("Result of the program")
    b.at["objective"] = s.line("Net present cost", plan.currency, plan.objective)
    s.section("Orders: systems")
    for build, order in numbered(plan.decisions):
        b.at["order", build] = s.line(f"{build}: {order.system}", "systems", order.count)
    s.section("Lots: systems of an order placed in service together")
    for n, lot in enumerate(lots(plan.problem, plan.decisions)):
        b.at["lot", n] = s.line(f"{lot.build_id}: at {lot.site or 'store'}", "systems", lot.count)
    s.section("In service before the plan (value), and what is added and retired in each period")
    track = plan.track
    for cell in track.cells:
        name, none = f"{cell.system} at {cell.site}/{cell.hall}", [0] * b.n
        added = list(track.added.get(cell, none))
        fleet = [track.base.get(cell, 0), *track.fleet[cell]]
        gone = [before + more - after for before, after, more in zip(fleet, fleet[1:], added, strict=False)]
        b.at["added", cell] = s.line(f"{name}: added", "systems", track.base.get(cell, 0), added)
        b.at["gone", cell] = s.line(f"{name}: retired", "systems", None, gone)
        if cell in track.powered:
            b.at["on", cell] = s.line(f"{name}: switched on", "systems", None, list(track.powered[cell]))
    s.section("Work done")
    b.at["output"] = s.line("Effective output", "PFLOP-days", None, b.books.output)
    b.at["busy"] = s.line("Accelerators at work", "hours", None, b.books.busy_hours)
    if plan.worlds:
        world = plan.worlds[0]
        s.section(f"Counterfactual: {world.title}")
        for line, moment in sorted({(line, moment) for line, _, moment, _ in world.cash}):
            b.at["world", line, moment] = s.line(f"{line} | {moment}", plan.currency, None, world_cash(b, line, moment))


def world_cash(b: Book, line: str, moment: str) -> list[float]:
    """Cash of the counterfactual on a line at a moment, by period."""
    amounts = [0.0] * b.n
    for other, t, when, amount in b.plan.worlds[0].cash:
        if (other, when) == (line, moment):
            amounts[t] += amount
    return amounts
