"""Resolving entries to plain numbers: facts first, assumptions second, everything in the ledger."""

from dataclasses import fields
from datetime import date
from math import isnan
from pathlib import Path

import pytest

from planner.catalog.load import Catalog, load_catalog
from planner.catalog.resolve import Ledger, ResolvedSystem, planning, resolve_fabric, resolve_region, resolve_system
from planner.errors import InputError
from planner.io.models import Level
from planner.units import HOURS_PER_YEAR, Money

PLAIN = ("accelerators", "cooling")
"""Fields of a system that are what it is rather than published figures."""
LEVELS: tuple[Level, ...] = ("low", "mid", "high")


def numbers(system: ResolvedSystem) -> dict[str, float]:
    """Every number of a resolved system by the name of its field."""
    found = {f.name: getattr(system, f.name) for f in fields(system)}
    result = {
        name: float(value) for name, value in found.items() if isinstance(value, int | float) and value is not None
    }
    result |= {f"peak.{name}": value for name, value in system.peak.items()}
    if system.price is not None:
        result["price"] = system.price.amount
    return {name: value for name, value in result.items() if name not in ("us_controlled", "rent_only")}


def test_published_values_are_used_as_they_are(catalog: Catalog):
    pod = resolve_system(catalog, "acme-pod")
    assert (pod.accelerators, pod.power_kw, pod.racks, pod.cooling) == (64, 60, 4, "liquid")
    assert (pod.memory_gb, pod.memory_bandwidth_gbs, pod.scale_up_gbs, pod.scale_out_gbs) == (64, 1600, 200, 50)
    assert (pod.price, pod.lead_time_h, pod.max_cluster) == (Money(9e6, "CNY"), 4800, 4096)
    assert pod.peak == {"bf16": 400, "int8": 800}
    assert pod.released == date(2025, 3, 1)
    assert pod.components == {"hbm_stack": 256}


def test_unknown_power_and_price_are_filled_by_assumption(catalog: Catalog):
    """8 x 0.5 kW + 4 kW; 8 x 100,000 CNY x 1.3."""
    ledger = Ledger()
    server = resolve_system(catalog, "acme-server", "mid", ledger)
    assert (server.power_kw, server.cooling) == (8.0, "air")
    assert server.price == Money(1_040_000, "CNY")
    row = ledger.get("systems.acme-server.power")
    assert row is not None
    assert (row.kind, row.assumption, row.note) == ("assumption", "server-power", "servers like it")
    assert (row.low, row.mid, row.high, row.used, row.unit) == (7, 8, 10, 8, "kW")


def test_levels_take_the_side_of_every_value(catalog: Catalog):
    low, mid, high = (resolve_system(catalog, "acme-server", level) for level in LEVELS)
    assert (low.power_kw, mid.power_kw, high.power_kw) == (7, 8, 10)
    assert low.price is not None
    assert low.price.amount == pytest.approx(8 * 90_000 * 1.1)
    assert high.price is not None
    assert high.price.amount == pytest.approx(8 * 120_000 * 1.5)


def test_a_single_press_price_gets_a_range_but_keeps_its_middle(catalog: Catalog):
    prices = [resolve_system(catalog, "acme-pod", level).price for level in LEVELS]
    assert [price and price.amount for price in prices] == pytest.approx([6.3e6, 9e6, 11.7e6])


def test_an_unknown_peak_is_filled_from_another_format(catalog: Catalog, tiny: Path):
    path = tiny / "systems" / "acme.yaml"
    path.write_text(path.read_text().replace("accelerator: acme-one", "accelerator: globex-two"))
    system = resolve_system(load_catalog([tiny]), "acme-pod", strict=False)
    assert system.peak == {"bf16": 1000, "fp8": 2000}


def test_lead_time_depends_on_where_the_buyer_is(catalog: Catalog):
    home = resolve_system(catalog, "acme-server", buyer_country="CN")
    abroad = resolve_system(catalog, "acme-server", buyer_country="US")
    assert home.lead_time_h == HOURS_PER_YEAR / 2
    assert abroad.lead_time_h == HOURS_PER_YEAR * 0.75


def test_what_nothing_fills_is_refused_with_the_field_and_the_remedy(tiny: Path):
    path = tiny / "systems" / "acme.yaml"
    path.write_text(path.read_text().replace("    racks: {value: 4, source: vendor-page, confidence: vendor}\n", ""))
    catalog = load_catalog([tiny])
    with pytest.raises(InputError) as caught:
        resolve_system(catalog, "acme-pod")
    (found,) = caught.value.diagnostics
    assert found.message == "systems.acme-pod: racks is unknown"
    assert "like: acme-pod" in (found.hint or "")
    assert found.place == catalog.place("systems", "acme-pod")
    assert resolve_system(catalog, "acme-pod", strict=False).missing == ("racks",)


def test_assumptions_that_need_each_other_are_refused(tiny: Path):
    path = tiny / "assumptions.yaml"
    entries = "\n  - {id: a, fills: accelerator.tdp, formula: '2 * memory', basis: x}"
    entries += "\n  - {id: b, fills: accelerator.memory, formula: '2 * tdp', basis: x}\n"
    path.write_text(path.read_text().rstrip() + entries)
    chips = tiny / "accelerators" / "acme.yaml"
    text = chips.read_text().replace("    tdp: {value: 500 W, source: vendor-page, confidence: vendor}\n", "")
    chips.write_text(text.replace("    memory: {value: 64 GB, source: vendor-page, confidence: vendor}\n", ""))
    with pytest.raises(InputError, match="need each other: memory -> tdp -> memory"):
        resolve_system(load_catalog([tiny]), "acme-pod")


def test_regions_resolve_with_their_currency(catalog: Catalog):
    ledger = Ledger()
    north = resolve_region(catalog, "north", "high", ledger)
    assert str(north.tariff) == "0.5 CNY/kWh"
    assert north.tariff_domestic_chips == north.tariff
    assert (north.carbon_kg_per_kwh, north.pue) == (0.6, {"air": 1.4, "liquid": 1.25, "immersion": 1.05})
    assert str(north.facility_capex) == "7000 USD/kW"
    assert {row.key for row in ledger if row.kind == "assumption"} == {
        "regions.north.pue.liquid",
        "regions.north.pue.immersion",
        "regions.north.facility_capex",
    }


def test_a_fabric_takes_the_fewest_tiers_that_reach(catalog: Catalog):
    small, large = resolve_fabric(catalog, "ether", 64), resolve_fabric(catalog, "ether", 65)
    assert (small.tiers, str(small.cost_per_endpoint)) == (1, "1000 USD")
    assert (large.tiers, str(large.cost_per_endpoint)) == (2, "2000 USD")
    assert large.power_per_endpoint_kw == pytest.approx(0.05)
    with pytest.raises(InputError, match="reach 2048, asked for 2049"):
        resolve_fabric(catalog, "ether", 2049)


def test_planning_parameters_are_recorded_with_their_basis(catalog: Catalog):
    ledger = Ledger()
    assert planning(catalog, "upkeep", "high", ledger) == 0.05
    (row,) = ledger.rows()
    assert (row["key"], row["used"], row["kind"], row["note"]) == (
        "assumptions.upkeep",
        0.05,
        "assumption",
        "contracts",
    )
    stated = Ledger()
    planning(catalog.with_parameters({"upkeep": 0.04}), "upkeep", "mid", stated)
    assert stated.rows()[0]["kind"] == "scenario"


def check_nothing_invented(catalog: Catalog, name: str, level: Level) -> None:
    """Every number of a resolved system is the value used by some row, and every row says where it comes from."""
    ledger = Ledger()
    system = resolve_system(catalog, name, level, ledger, strict=False)
    used = {row.used for row in ledger if isinstance(row.used, int | float)}
    for field, value in numbers(system).items():
        if not isnan(value) and not (value == 0 and system.missing):
            assert value in used, f"{name}: {field} = {value} is in no row"
    for row in ledger:
        plain = row.key.rsplit(".", 1)[-1] in PLAIN or ".components." in row.key
        assert row.source or row.assumption or plain, row


@pytest.mark.parametrize("level", LEVELS)
def test_no_number_is_invented(catalog: Catalog, level: Level):
    for name in catalog.systems:
        check_nothing_invented(catalog, name, level)


def test_no_number_is_invented_in_the_shipped_catalog(shipped: Catalog):
    for name in shipped.systems:
        check_nothing_invented(shipped, name, "mid")
