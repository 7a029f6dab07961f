"""For each constraint a tiny scenario in which it binds and one in which it does not; both compared with brute force.

`python -m tests.oracle.coverage` writes the table of docs/formulation.md.
"""

import re

from planner.optimize.constraints import CONSTRAINTS
from tests.docs.pages import ROOT, text
from tests.oracle.named import NAMED
from tests.verify.broken import BROKEN

LINK = "always: without it what it ties is free"
UNKNOWN = "none: the brute force does not know it"
COVERED: dict[str, tuple[str, str]] = {
    "stock_balance": ("lead_time", "pending_taken"),
    "fleet_balance": ("lead_time", "run_on_old_servers"),
    "powered_within_fleet": ("lead_time", "coherent_reach"),
    "retire_by_age": ("aged_base", "aged_and_idle"),
    "retire_base_only": ("kept_though_idle", "aged_base"),
    "supply_per_period": ("supply_lost", "supply_carried"),
    "hall_power": ("two_kinds_in_a_hall", "hall_power"),
    "site_power": ("two_halls_at_a_meter", "power_cut"),
    "rack_positions": ("rack_limits", "lead_time"),
    "work_within_powered": ("lead_time", "run_on_rent"),
    "useful_jobs": ("installed_in_parts", "least_job"),
    "runs_held": ("run_on_old_servers", "coherent_reach"),
    "runs_fed": ("runs_not_fed", "runs_fed_in_turn"),
    "stream_target": ("lead_time", "capped_throughput"),
    "run_once": ("deadline_or_miss", "run_worth_nothing"),
    "port_once": ("never: a second port only costs", "porting"),
    "jobs_need_port": ("porting", "duty_on_delivery"),
    "runs_need_port": ("ripening: run", "ported_for_nothing"),
    "total_budget": ("tight_budget", "money_for_everything"),
    "yearly_budget": ("yearly_budget", "money_for_everything"),
    "quota": ("quota by year", "moved_is_not_delivered"),
    "flow_ratio": ("one for one", "nine_for_one"),
    "share_limit": ("share of compute", "rented_has_no_share"),
    "bundled_purchase": ("rule: bundle", "small_bundle"),
    "subsidised_energy": ("subsidy", LINK),
    "granted_hardware": ("granted", LINK),
    "all_domestic": ("subsidy_once_it_is_gone", "granted"),
    "energy_quota": ("energy", "energy_for_all"),
    "removal": ("removed_though_counted", "removed"),
    "surrender": ("none: it would take a rule that ends while something is still in store", "bought_back"),
    "exempt_placed": (UNKNOWN, UNKNOWN),
    "exempt_on": (UNKNOWN, UNKNOWN),
    "part_supply": ("stock", "parts_for_all"),
    "expand_times": ("one_step_only", "grid_expansion"),
    "on_at_once": ("run_on_bought_power", "hall_expansion"),
    "energy_and_carbon": ("carbon_cap", "power_for_everyone"),
    "rent_capacity": ("leases_that_meet", "lease"),
    "move_base_only": ("moved_twice", "moved_between"),
    "after_installation": ("run_after_installation", "installed_late"),
    "warehouse_capacity": ("store_too_small", "store_large_enough"),
    "failed_balance": ("all_fails", LINK),
    "survivors": ("run_on_survivors", "worn_quickly"),
    "ports_attached": ("network_bought", "network_upgraded"),
    "ports_nested": ("never: what F50 and F52 ask for is nested", "network_part_time"),
    "ports_reach": ("network_upgraded", "network_all_there"),
    "peak_demand": ("demand_charge", "demand_of_a_large_job"),
    "goal_caps": ("capped_completion", "capped_beyond_need"),
    "vendor_share": ("capped_concentration", "capped_beyond_need"),
    "runs_together": ("started_together", "together_anyway"),
    "token_budget": ("tokens_by_a_day", "tokens_anyway"),
    "least_compute": ("floor_of_compute", "floor_anyway"),
    "young_software": ("ripening: stream", "ripening: not worth a port"),
    "work_apart": ("apart: in halls of their own", "apart: apart anyway"),
    "mixed_runs": ("mixed: a pair", "mixed: a dear pair"),
    "mixed_jobs": ("mixed jobs: a pair", "mixed jobs: a dear pair"),
}
"""Constraint -> scenario in which its rows change the least cost, and one in which they are there and do not; or why
there is none.
"""
FOREIGN = "a subsidy for a site with something foreign"
REFUSED = {
    "subsidised_energy": FOREIGN,
    "granted_hardware": FOREIGN,
    "all_domestic": FOREIGN,
    "peak_demand": "without the charge for the highest draw",
}
"""Of constraints whose twin refuses plans for many reasons, the broken plan that is about them; else its first."""
PAGE = "docs/formulation.md"
TITLE = "## Coverage"
HEAD = """## Coverage

Where each constraint is tried: its twin in the check and a broken plan that the twin alone refuses
(`tests/verify/broken/`, often one of several), a tiny scenario in which its rows change the least cost, and one in
which they are there and do not. The least cost of both is also found by brute force over every decision
(`tests/oracle/`), and a test takes each constraint out of the program to see that it is as the table says.

| constraint | twin: refused plan | binds in | does not bind in |
|---|---|---|---|
"""


def twins(name: str) -> tuple[str, ...]:
    """Checks that the page names for a constraint."""
    body = re.search(rf"^### F\w+ {name}\n(.*?)(?=^##)", text(PAGE), re.DOTALL | re.MULTILINE)
    assert body is not None, f"{name} has no section"
    return tuple(re.findall(r"`([\w-]+)`", body[1].split("Checked by")[1].split(".")[0].split(":")[0]))


def refused(name: str, check: str) -> str:
    """A plan that breaks a constraint, by its name among those that the check refuses."""
    plans = BROKEN[check]
    return REFUSED[name] if name in REFUSED and REFUSED[name] in plans else next(iter(plans))


def table() -> str:
    """The section of the page."""
    rows = []
    for function in CONSTRAINTS:
        name, number = function.__name__, (function.__doc__ or "").split()[0]
        found = "; ".join(f"`{check}`: {refused(name, check)}" for check in twins(name))
        binds, idle = (f"`{case}`" if case in NAMED else case for case in COVERED[name])
        rows.append(f"| {number} {name} | {found} | {binds} | {idle} |\n")
    return HEAD + "".join(rows)


def page() -> str:
    """The whole page with the section as it should be."""
    before, _, after = text(PAGE).partition(f"{TITLE}\n")
    rest = after.partition("\n## ")[2] if after else before.partition("\n## Not in it")[2]
    if not after:
        before = before.partition("## Not in it")[0]
        return f"{before}{table()}\n## Not in it{rest}"
    return f"{before}{table()}\n## {rest}"


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
