"""What changes with the season, cuts of the grid, caps on energy and carbon: laws of the plan, and what is refused."""

from pathlib import Path

import pytest

from planner.errors import InfeasibleError, InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
ALONE = Options(counterfactuals=False)


@pytest.fixture(scope="module")
def tiny():
    return patched(load_scenario(TINY), {"workloads.dense.shortfall": "1 XTS"})


@pytest.fixture(scope="module")
def base(tiny):
    return solve(tiny, ALONE)


def metric(plan, name: str) -> float:
    return next(row["value"] for row in plan.tables["metrics"] if row["metric"] == name)


def test_a_cap_that_the_plan_keeps_anyway_changes_nothing_and_a_lower_one_costs(tiny, base):
    energy = metric(base, "energy")
    loose = solve(patched(tiny, {"limits.energy.total": f"{energy * 1.001} MWh"}), ALONE)
    tight = solve(patched(tiny, {"limits.energy.total": f"{energy * 0.7} MWh"}), ALONE)
    assert loose.objective == pytest.approx(base.objective)
    assert tight.objective > base.objective
    assert metric(tight, "energy") <= energy * 0.7 * (1 + 1e-6)
    (row,) = (r for r in tight.tables["constraints"] if r["name"] == "energy_and_carbon")
    assert (row["item"], row["unit"], row["binding"]) == ("energy total", "GWh", True)


def test_carbon_is_energy_times_the_factor_of_the_site(tiny, base):
    emitted = sum(row["co2_t"] for row in base.tables["sites"])
    half = solve(patched(tiny, {"limits.carbon.total": f"{emitted / 2} t"}), ALONE)
    assert sum(row["co2_t"] for row in half.tables["sites"]) <= emitted / 2 * (1 + 1e-6)
    clean = {f"sites.{site}.carbon": "0 kg/kWh" for site in ("home", "shore")}
    free = solve(patched(tiny, {"limits.carbon.total": "0 t", **clean}), ALONE)
    assert free.objective == pytest.approx(base.objective)


def test_a_factor_of_one_all_year_changes_nothing(tiny, base):
    even = {"sites.home.tariff_season": {"Q1": 1.0, "M07": 1.0}, "sites.home.halls.air.pue_season": {"Q3": 1.0}}
    assert solve(patched(tiny, even), ALONE).objective == pytest.approx(base.objective)


def test_a_tariff_that_steps_by_nothing_is_a_tariff(tiny, base):
    same = {"sites.home.tariff": {"2026-Q1": "0.5 XTS/kWh", "2026-Q3": "0.5 XTS/kWh"}}
    assert solve(patched(tiny, same), ALONE).objective == pytest.approx(base.objective)


def test_a_cut_is_a_smaller_contract_in_its_periods(tiny):
    cut = solve(patched(tiny, {"sites.home.cuts": [{"start": "2026-08", "share": "95 %"}]}), ALONE)
    less = solve(
        patched(tiny, {"sites.home.grid": {"2026-Q1": "90 kW", "2026-Q3": "4.5 kW", "2026-Q4": "90 kW"}}), ALONE
    )
    assert cut.objective == pytest.approx(less.objective)
    assert cut.objective > solve(tiny, ALONE).objective


def test_a_cap_that_nothing_can_keep_is_infeasible(tiny):
    with pytest.raises(InfeasibleError):
        solve(patched(load_scenario(TINY), {"limits.energy.total": "1 kWh"}), ALONE)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sites.home.tariff_season": {"Q5": 1.0}}, None),
        ({"sites.home.tariff_season": {"Q1": 0.0}}, None),
        ({"sites.home.halls.air.pue": 1.1, "sites.home.halls.air.pue_season": {"Q1": 0.8}}, "wrong-value"),
        ({"sites.home.tariff": {"2026-Q2": "0.5 XTS/kWh"}}, "unknown-at-start"),
        ({"sites.home.tariff": {"2026-Q1": "0.5 EUR/kWh"}}, "unknown-currency"),
        ({"sites.home.cuts": [{"start": "2026-08"}]}, "wrong-value"),
        ({"sites.home.cuts": [{"start": "2026-08", "end": "2026-06", "share": "5 %"}]}, "wrong-value"),
        ({"sites.home.cuts": [{"start": "2029-08", "share": "5 %"}]}, "outside-horizon"),
        ({"limits.energy.per_year": {"2031": "5 GWh"}}, "outside-horizon"),
        ({"limits.carbon.total": "5 GWh"}, "unit"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(tiny, changes, code):
    with pytest.raises(InputError) as caught:
        patched(tiny, changes)
    found = caught.value.diagnostics
    assert code is None or {f.code for f in found} == {code}
    assert all(f.place is not None for f in found)
