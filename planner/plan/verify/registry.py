"""All checks, in the order in which a reader meets the rules in docs/formulation.md."""

from planner.plan.verify import (
    caps,
    demand,
    energy,
    goals,
    hall,
    money,
    options,
    policy,
    rent,
    shape,
    sites,
    software,
    stock,
    work,
)
from planner.plan.verify.records import Check

SHAPE = (
    Check("names", "records", shape.names),
    Check("numbers", "records", shape.numbers),
    Check("once", "records", shape.once),
)
"""What records must satisfy before anything can be computed from them."""

RULES = (
    Check("candidate", "stock", stock.candidates),
    Check("arrival", "stock", stock.arrival),
    Check("release", "stock", stock.release),
    Check("pending-due", "stock", stock.pending_due),
    Check("supply", "stock", stock.supply),
    Check("stock", "stock", stock.stock),
    Check("fleet", "stock", stock.fleet),
    Check("retirement", "stock", stock.retirement),
    Check("age", "stock", stock.age),
    Check("order-permitted", "policy", policy.order_permitted),
    Check("import-permitted", "policy", policy.import_permitted),
    Check("pending-stands", "policy", policy.pending_stands),
    Check("install-permitted", "policy", policy.install_permitted),
    Check("operate-permitted", "policy", policy.operate_permitted),
    Check("cooling", "hall", hall.cooling),
    Check("rack-power", "hall", hall.rack_power),
    Check("racks", "hall", hall.racks),
    Check("powered", "hall", hall.powered),
    Check("hall-power", "hall", hall.hall_power),
    Check("grid", "hall", hall.grid),
    Check("expansion", "hall", options.expansion),
    Check("energy-cap", "energy", energy.energy_cap),
    Check("carbon-cap", "energy", energy.carbon_cap),
    Check("rent-offered", "rent", rent.rent_offered),
    Check("rent-permitted", "rent", rent.rent_permitted),
    Check("use", "work", work.use),
    Check("job-size", "work", work.job_size),
    Check("useful-jobs", "work", work.useful_amount),
    Check("reach", "work", work.reach),
    Check("memory", "work", work.memory),
    Check("platform", "work", work.platforms),
    Check("run-once", "work", work.run_once),
    Check("run-held", "work", work.run_held),
    Check("run-earliest", "work", work.run_earliest),
    Check("run-deadline", "work", work.run_deadline),
    Check("ported", "software", software.ported),
    Check("target", "demand", demand.target),
    Check("shortfall", "demand", demand.shortfall),
    Check("budget-total", "money", money.budget_total),
    Check("budget-per-year", "money", money.budget_per_year),
    Check("quota", "caps", caps.quota),
    Check("ratio", "caps", caps.ratio),
    Check("share", "caps", caps.share),
    Check("bundle", "caps", caps.bundle),
    Check("hall-efficiency", "sites", sites.hall_efficiency),
    Check("energy-quota", "sites", sites.energy_quota),
    Check("removal", "sites", sites.removal),
    Check("objective", "money", money.objective),
    Check("caps", "goals", goals.caps),
    Check("goals", "goals", goals.goals),
)
"""The rules of a plan."""

CHECKS = (*SHAPE, *RULES)
"""Every check by name; names are stable."""
