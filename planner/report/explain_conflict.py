"""Why nothing fits, for people."""

from planner.explain.conflict import Conflict
from planner.report.format import percent
from planner.report.model import Block, Cell, Column, Items, Report, Section, Table, Text


def conflict_report(found: Conflict) -> Report:
    """The smallest conflict with its places, and the repairs."""
    members = tuple(f"{limit.words}{f' ({limit.place})' if limit.place else ''}" for limit in found.limits)
    proved = (
        "Lifting any one of them leaves a plan for the others."
        if found.sure
        else "A question ran out of time and was taken as possible: the set may be larger than it has to be."
    )
    head = Text("These cannot all hold together, and no others are needed to see that:", strong=True)
    sections = [Section("In conflict", (head, Items(members), Text(proved)))]
    blocks: list[Block] = [Text("No change of a single limit among them makes a plan possible.")]
    if found.repairs:
        cells: tuple[tuple[Cell, ...], ...] = tuple(
            (made.words, percent(made.relative) if made.kind != "rule" else "", "yes" if made.sure else "not proved")
            for made in found.repairs
        )
        columns = (Column("change", wrap=True), Column("of the limit"), Column("one step less\nhas no plan"))
        blocks = [Table(columns, cells, note="Each of them alone makes the whole scenario possible; the least first.")]
    sections.append(Section("What would help", tuple(blocks)))
    return Report(f"No plan: {found.scenario.title or found.scenario.name}", tuple(sections))
