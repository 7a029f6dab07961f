"""The constraints, in the order of docs/formulation.md; each is one function that adds its rows."""

from collections.abc import Callable

from planner.optimize.constraints.apart import work_apart
from planner.optimize.constraints.asked import least_compute, runs_together, token_budget
from planner.optimize.constraints.attrition import failed_balance, survivors
from planner.optimize.constraints.budget import total_budget, yearly_budget
from planner.optimize.constraints.caps import bundled_purchase, flow_ratio, quota, share_limit
from planner.optimize.constraints.demand import peak_demand
from planner.optimize.constraints.energy import energy_and_carbon
from planner.optimize.constraints.exempt import exempt_on, exempt_placed
from planner.optimize.constraints.fleet import fleet_balance, powered_within_fleet, retire_base_only, retire_by_age
from planner.optimize.constraints.goals import goal_caps, vendor_share
from planner.optimize.constraints.hall import hall_power, rack_positions, runs_fed, site_power
from planner.optimize.constraints.installing import after_installation
from planner.optimize.constraints.mixed import mixed_jobs, mixed_runs
from planner.optimize.constraints.moves import move_base_only
from planner.optimize.constraints.networks import ports_attached, ports_nested, ports_reach
from planner.optimize.constraints.options import expand_times, on_at_once
from planner.optimize.constraints.parts import part_supply
from planner.optimize.constraints.rent import rent_capacity
from planner.optimize.constraints.sites import (
    all_domestic,
    energy_quota,
    granted_hardware,
    removal,
    subsidised_energy,
)
from planner.optimize.constraints.software import jobs_need_port, port_once, runs_need_port, young_software
from planner.optimize.constraints.stock import stock_balance, surrender, warehouse_capacity
from planner.optimize.constraints.supply import supply_per_period
from planner.optimize.constraints.work import run_once, runs_held, stream_target, useful_jobs, work_within_powered
from planner.optimize.program import Program

CONSTRAINTS: tuple[Callable[[Program], None], ...] = (
    stock_balance,
    fleet_balance,
    powered_within_fleet,
    retire_by_age,
    retire_base_only,
    supply_per_period,
    hall_power,
    site_power,
    rack_positions,
    work_within_powered,
    useful_jobs,
    runs_held,
    runs_fed,
    stream_target,
    run_once,
    port_once,
    jobs_need_port,
    runs_need_port,
    total_budget,
    yearly_budget,
    quota,
    flow_ratio,
    share_limit,
    bundled_purchase,
    subsidised_energy,
    granted_hardware,
    all_domestic,
    energy_quota,
    removal,
    surrender,
    exempt_placed,
    exempt_on,
    part_supply,
    expand_times,
    on_at_once,
    energy_and_carbon,
    rent_capacity,
    move_base_only,
    after_installation,
    warehouse_capacity,
    failed_balance,
    survivors,
    ports_attached,
    ports_nested,
    ports_reach,
    peak_demand,
    goal_caps,
    vendor_share,
    runs_together,
    token_budget,
    least_compute,
    young_software,
    work_apart,
    mixed_runs,
    mixed_jobs,
)
