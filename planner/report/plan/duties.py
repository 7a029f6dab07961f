"""What rules ask of the plan beyond closing something: quotas, shares, prices; and what they leave without effect."""

from planner.plan.plan import Plan
from planner.problem.obliged import Duty
from planner.report.format import listed
from planner.report.model import Block, Items, Section, Text

_MOST_SITES = 4


def duties(plan: Plan) -> Section:
    """Every obligation that acts, with rule, date and source; then those that do not, and why."""
    acting = [duty for duty in plan.problem.duties if duty.acts]
    idle = [duty for duty in plan.problem.duties if not duty.acts]
    blocks: list[Block] = []
    if acting:
        blocks.append(Items(tuple(f"{_told(plan, duty)} Source: {duty.source}" for duty in acting)))
    else:
        blocks.append(Text("No rule limits or prices what it allows."))
    if idle:
        blocks.append(Text("Rules that concern this plan and change nothing in it:"))
        blocks.append(Items(tuple(_told(plan, duty) for duty in idle)))
    return Section("What rules ask", tuple(blocks))


def _told(plan: Plan, duty: Duty) -> str:
    labels = [period.label for period in plan.problem.calendar]
    whole = (duty.first, duty.last) == (labels[0], labels[-1])
    when = "" if whole else f", {duty.first}" if duty.first == duty.last else f", {duty.first} to {duty.last}"
    sites = duty.sites if len(duty.sites) <= _MOST_SITES else (f"{len(duty.sites)} sites",)
    where = f" at {listed(sites)}" if sites else ""
    since = f" (since {duty.date})" if duty.date else ""
    return f"{duty.rule}{since}{where}{when}: {duty.does}."
