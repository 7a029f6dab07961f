"""Rules that spare what was acquired before them: what counts is when each system was acquired."""

import pytest

import planner
from planner.report.plan.excluded import excluded
from planner.report.plan.names import names_of
from tests.oracle.cases import blue_is_free, rule
from tests.oracle.catalog import rate
from tests.oracle.limit_cases import OPEN
from tests.oracle.tiny import BLUE, RED, Units, hall, site, stream, supply

UNITS = Units(rate)
DAY = "2026-04-01"


def asked(effect=None, since=None, **changes):
    """Blue in store and blue that may come in the second quarter; a rule about blue from then on."""
    blue = {"field": "chip.family", "op": "==", "value": "Blue"}
    rules = [] if effect is None else [rule("the-rule", [effect], effective_from=DAY, scope=blue)]
    work = stream({"2026-Q2": UNITS.target(BLUE, 2)}, ported=["redware", "blueware"], shortfall=UNITS.short(RED, 60000))
    stored = {"system": BLUE, "count": 1} | ({} if since is None else {"since": since})
    fields = {
        "horizon": {"start": "2026-Q1", "end": "2026-Q2"},
        "sites": [site(halls=(hall(), hall("wet", cooling="liquid", racks=4)))],
        "workloads": [work],
        "stock": [stored],
        "supply": supply(red=0, blue={"2026-Q2": 8}, carry_over=False),
        "policy": OPEN | {"rules": rules},
    }
    return blue_is_free(UNITS, [], **fields | changes)


def cost(scenario):
    plan = planner.solve(scenario)
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * abs(plan.objective) + 1e-6
    return plan


BANS = [
    {"type": "operation_prohibited", "grandfathered": True},
    {"type": "removal_required", "grandfathered": True},
]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban["type"])
def test_what_was_in_store_before_is_placed_and_works_and_what_comes_later_does_not(ban):
    """As if no more blue came; the two that would do the work without the rule are dearer to lose than one."""
    plan = cost(asked(ban))
    one = cost(asked(supply=supply(red=0)))
    both = cost(asked())
    assert plan.objective == pytest.approx(one.objective)
    assert both.objective < plan.objective - 1.0
    assert sum(install.count for install in plan.decisions.installs if install.system == BLUE) == 1


def test_the_report_names_the_rule_and_what_it_leaves_to_older_systems():
    """One in store from before April is placed, what would come in April is not: a rule acts, and is told."""
    ruled, free = cost(asked(BANS[0])), cost(asked())
    told, without = (str(excluded(plan, names_of(plan))) for plan in (ruled, free))
    assert "the-rule (since 2026-04-01): of Supernode of eight blue only what was acquired by" in told
    assert "is placed in service and switched on, 2026-Q2" in told
    assert "No rule closed anything" not in told
    assert "acquired by" not in without


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban["type"])
def test_what_was_acquired_since_is_not_spared(ban):
    """A rule that began before the plan spares nothing acquired after it: as one that spares nothing at all."""
    late = [
        rule(
            "the-rule", [ban], effective_from="2025-06-01", scope={"field": "chip.family", "op": "==", "value": "Blue"}
        )
    ]
    hard = [rule("the-rule", [{**ban, "grandfathered": False}], effective_from="2025-06-01",
                 scope={"field": "chip.family", "op": "==", "value": "Blue"})]  # fmt: skip
    spared = cost(asked(since="2025-04", policy=OPEN | {"rules": late}))
    young = cost(asked(since="2025-07", policy=OPEN | {"rules": late}))
    none = cost(asked(policy=OPEN | {"rules": hard}))
    assert young.objective == pytest.approx(none.objective)
    assert spared.objective < none.objective - 1.0


def test_what_stands_there_goes_on_working():
    """A base from before the rule works as without it; a rule that spares nothing stops it."""
    base = [{"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"}]
    fields = {"installed": base, "stock": [], "supply": supply(red=0)}
    free, kept = cost(asked(**fields)), cost(asked(BANS[0], **fields))
    stopped = cost(asked({**BANS[0], "grandfathered": False}, **fields))
    assert kept.objective == pytest.approx(free.objective)
    assert stopped.objective > free.objective + 1.0
