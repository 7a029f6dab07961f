"""When money is paid and in what: each rule against pencil and paper, in the check and in the program alike."""

import pytest

import planner
from planner.plan.verify import Case, examine
from planner.plan.verify.world import Part, Terms
from tests.finance.worlds import RICH, tiny
from tests.verify.hand import PLAN, SCENARIO, HandWorld, scenario

HOURS = [90 * 24.0, 91 * 24.0, 92 * 24.0, 92 * 24.0]


def cash(world=None, **finance):
    """Cash of the plan by hand, by (line, item): list of (period, amount, present value)."""
    money = {**SCENARIO["finance"], **finance}
    checked = examine(Case(scenario(finance=money), world or HandWorld(), PLAN))
    found: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    for flow in checked.cash:
        found.setdefault((flow.line, flow.item), []).append((flow.period, flow.amount, flow.present))
    return found


def test_each_payment_is_converted_at_the_rate_of_its_period():
    """beta-64 costs 2,000 USD: 30 % when the dollar costs 7, 70 % when it costs 8, and is worth its share at 9."""
    found = cash(fx={"USD": {"2026-Q1": 7.0, "2026-Q2": 8.0, "2026-Q4": 9.0}})
    assert found["hardware_deposit", "beta-64"] == [(0, -0.3 * 14000, pytest.approx(-0.3 * 14000))]
    assert found["hardware_balance", "beta-64"] == [
        (1, pytest.approx(-0.7 * 16000), pytest.approx(-11200 / 1.08**0.25))
    ]
    assert found["residual", "beta-64"][0][1] == pytest.approx((0.8 - 0.4 * 0.75) * 18000)


def test_terms_pay_in_parts_and_what_is_due_after_the_plan_at_its_end():
    schedule = [
        {"share": 0.2, "at": "order"},
        {"share": 0.5, "at": "delivery"},
        {"share": 0.2, "at": "delivery", "after": "1 quarter"},
        {"share": 0.1, "at": "delivery", "after": "2 years"},
    ]
    found = cash(payments=[{"id": "slow", "systems": ["alpha-8"], "schedule": schedule}])
    price = 4 * 1000
    assert found["hardware_deposit", "alpha-8"] == [(0, pytest.approx(-0.2 * price), pytest.approx(-0.2 * price))]
    assert found["hardware_balance", "alpha-8"] == [
        (1, pytest.approx(-0.5 * price), pytest.approx(-0.5 * price / 1.08**0.25)),
        (2, pytest.approx(-0.2 * price), pytest.approx(-0.2 * price / 1.08**0.5)),
        (3, pytest.approx(-0.1 * price), pytest.approx(-0.1 * price / 1.08)),
    ]
    assert found["hardware_deposit", "beta-64"][0][1] == pytest.approx(-0.3 * 14000)


def test_the_catalog_knows_terms_and_the_scenario_goes_before_it():
    prepaid = {"beta-64": Terms((Part(1.0, True, 0.0),), 0.0)}
    assert cash(HandWorld(terms=prepaid))["hardware_deposit", "beta-64"][0][1] == pytest.approx(-14000)
    half = [{"share": 0.5, "at": "order"}, {"share": 0.5, "at": "delivery"}]
    own = cash(HandWorld(terms=prepaid), payments=[{"id": "own", "origin": "imported", "schedule": half}])
    assert own["hardware_deposit", "beta-64"][0][1] == pytest.approx(-7000)


def test_a_cancelled_order_gets_back_what_it_the_rule_or_the_terms_say():
    """3 gamma-8 of 500, 40 % paid; the rule returns a half."""
    assert cash()["refund", "void"][0][1] == pytest.approx(0.5 * 0.4 * 1500)

    class Silent(HandWorld):
        def cancelled(self, accelerator, placed, due):
            return None

    assert ("refund", "void") not in cash(Silent())
    assert cash(Silent(terms={"gamma-8": Terms((Part(1.0, True, 0.0),), 0.25)}))["refund", "void"][0][1] == (
        pytest.approx(0.25 * 0.4 * 1500)
    )


@pytest.mark.parametrize(("timing", "years"), [("end", 1.0), ("mid", 0.875), ("begin", 0.75)])
def test_running_cost_is_paid_when_the_switch_says(timing, years):
    last = cash(opex_timing=timing)["energy", "alpha-8"][-1]
    assert last[2] == pytest.approx(last[1] / 1.08**years)
    short = cash(opex_timing=timing)["shortfall", "dense"][0]
    assert short[2] == pytest.approx(short[1] / 1.08), "a penalty is no running cost"


def test_escalators_step_each_january():
    """The plan of 2026 is moved to start in October 2025: one quarter at the old price, three at the new."""
    plain, dear = cash(), cash(escalators={"energy": "10 %/yr", "maintenance": "5 %/yr"})
    assert plain == dear, "no January inside the plan"
    grown = tiny(finance={"escalators": {"energy": "10 %/yr"}}, horizon={"start": "2025-Q4", "end": "2026-Q2"})
    base = tiny(horizon={"start": "2025-Q4", "end": "2026-Q2"})
    a, b = (planner.solve(s) for s in (base, grown))

    def energy(plan):
        return {t: sum(f.amount for f in plan.flows if f.line == "energy" and f.period == t) for t in range(3)}

    assert energy(a)[0] < 0
    assert energy(b) == pytest.approx({t: v * (1.0 if t == 0 else 1.1) for t, v in energy(a).items()})


def test_tax_that_is_not_reclaimed_comes_on_top_of_its_line():
    found = cash(irrecoverable_vat={"hardware": "13 %", "energy": "6 %"})
    paid = sum(a for (line, _), rows in found.items() if line.startswith(("hardware", "pending")) for _, a, _ in rows)
    power = sum(a for (line, _), rows in found.items() if line == "energy" for _, a, _ in rows)
    vat = sum(a for (line, _), rows in found.items() if line == "vat" for _, a, _ in rows)
    assert vat == pytest.approx(0.13 * paid + 0.06 * power)


def test_every_further_line_counts_what_its_unit_says():
    """alpha-8: 10 kW, load 0.5, PUE 1.25, 0.6 kg/kWh; 2 then 6 on; quarters of 90, 91, 92 and 92 days."""
    lines = [
        {"line": "levy", "price": "0.1 CNY/kWh"},
        {"line": "chilled", "price": "0.2 CNY/kWh", "at": "it", "sites": ["north"]},
        {"line": "demand", "price": "30 CNY/kW/month"},
        {"line": "colo", "price": "730.5 CNY/kW/month", "at": "it"},
        {"line": "carbon", "price": "50 USD/t"},
        {"line": "water", "price": "4 CNY", "per": "m3", "litres_per_kwh": 0.5},
        {"line": "seats", "parameter": "seat", "per": "accelerator"},
        {"line": "insurance", "parameter": "insured"},
        {"line": "care", "price": "8760 CNY", "per": "system"},
        {"line": "staff", "price": "8760 CNY", "per": "site", "sites": ["south"]},
        {"line": "removal", "price": "5 CNY", "per": "removal"},
    ]
    found = cash(running_costs=lines)

    def total(line, item):
        return -sum(amount for _, amount, _ in found[line, item])

    on = 2 * HOURS[0] + 6 * sum(HOURS[1:])
    kwh = 5.0 * on
    assert total("levy", "alpha-8") == pytest.approx(0.1 * 1.25 * kwh)
    assert total("chilled", "alpha-8") == pytest.approx(0.2 * kwh)
    assert ("chilled", "gamma-8") not in found
    assert total("demand", "alpha-8") == pytest.approx(30 / 730.5 * 1.25 * kwh)
    assert total("colo", "alpha-8") == pytest.approx(10 * on)
    assert total("carbon", "alpha-8") == pytest.approx(0.05 * 7 * 0.6 * 1.25 * kwh)
    assert total("water", "alpha-8") == pytest.approx(4 * 0.5 / 1000 * kwh)
    assert total("seats", "alpha-8") == pytest.approx(12 * 8 * on / 8760)
    assert total("insurance", "alpha-8") == pytest.approx(0.02 * 1000 * on / 8760)
    assert total("care", "alpha-8") == pytest.approx(on)
    assert total("staff", "staff") == pytest.approx(sum(HOURS))
    assert found["removal", "alpha-8"] == [(3, -10.0, pytest.approx(-10 / 1.08)), (3, -20.0, pytest.approx(-20 / 1.08))]


def test_halls_are_paid_for_when_the_plan_owns_them():
    sites = [dict(site) for site in SCENARIO["sites"]]
    hall = {**sites[0]["halls"][0], "it_power": {"2026-Q1": "60 kW", "2026-Q3": "100 kW"}}
    sites[0] = {**sites[0], "halls": [hall, sites[0]["halls"][1]]}
    money = {**SCENARIO["finance"], "facilities": "new"}
    checked = examine(Case(scenario(sites=sites, finance=money), HandWorld(), PLAN))
    bought = [(f.period, f.amount) for f in checked.cash if f.line == "facility"]
    assert bought == [(2, pytest.approx(-40 * 90))]


@pytest.mark.parametrize("name", RICH)
def test_the_program_prices_as_the_check_does(name):
    """`solve` refuses a plan whose cost the check does not find again; the cash flow must sum to it."""
    plan = planner.solve(tiny(finance=RICH[name]))
    frame = planner.cashflow(plan)
    assert plan.verified
    assert -(frame["amount_xts"] * frame["discount_factor"]).sum() == pytest.approx(plan.objective, rel=1e-12)
    assert frame["pv_xts"].sum() == pytest.approx(-plan.objective, rel=1e-12)
