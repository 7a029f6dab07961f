"""Assumption entries: what they must say, and the names they may use."""

from pathlib import Path

import pytest

from planner.catalog.load import Catalog, load_catalog
from planner.errors import InputError
from planner.units import HOURS_PER_YEAR
from tests.catalog.conftest import Write


def told(tiny: Path, folder: Path) -> tuple[int, int, str, str | None]:
    """Line, column, message and hint of the only fault of the assumptions."""
    with pytest.raises(InputError) as caught:
        _ = load_catalog([tiny, folder]).assumptions
    (found,) = caught.value.diagnostics
    assert found.place is not None
    return found.place.line, found.place.column, found.message, found.hint


@pytest.mark.parametrize(
    ("entry", "column", "message", "hint"),
    [
        ("fills: system.power, formula: accelerators * tpd", 52, "x: system has no field 'tpd'", None),
        (
            "fills: system.powre, formula: accelerators * 2",
            23,
            "x: system has no field 'powre'",
            "did you mean 'power'?",
        ),
        ("fills: sytem.power, formula: '1'", 23, "x: 'sytem' is no kind that assumptions fill", None),
        (
            "fills: system.power, when: {klass: server}, value: 1 kW",
            51,
            "x: system has no field 'klass'",
            "did you mean 'class'?",
        ),
        (
            "fills: system.power, formula: '2 * accelerator.tdpp'",
            46,
            "x: system has no field 'accelerator.tdpp'",
            "did you mean 'accelerator.tdp'?",
        ),
        ("fills: system.power, formula: '2 ** 3'", 46, None, None),
        ("low: 1 kW, mid: 2 kW, high: 1 kW", 5, "low, mid and high must not decrease", None),
        ("low: 1 kW, mid: 2 GB, high: 3 kW", 5, "low, mid and high have different units: GB, kW", None),
        ("formula: '1'", 5, "a formula or text fills a field", None),
        ("name: nothing", 5, "give one of: formula, text, or a value (value, or low, mid and high)", None),
    ],
)
def test_a_faulty_assumption_is_refused_at_its_place(
    tiny: Path, write: Write, entry: str, column: int, message: str | None, hint: str | None
):
    folder = write(assumptions=f"assumptions:\n  - {{id: x, basis: none, {entry}}}\n")
    line, _, said, remedy = told(tiny, folder)
    assert line == 2
    assert message is None or said.endswith(message)
    assert hint is None or remedy == hint


def test_a_basis_is_required(tiny: Path, write: Write):
    folder = write(assumptions="assumptions:\n  - {id: x, value: 3}\n")
    assert told(tiny, folder)[2] == "'basis' is missing in assumptions[0]"


def test_parameters_are_in_base_units(catalog: Catalog):
    assert catalog.assumption("upkeep").range == (0.02, 0.03, 0.05)
    assert catalog.assumption("lead-home").at("mid") == HOURS_PER_YEAR / 2
    assert str(catalog.assumption("build").at()) == "7000 USD/kW"


def test_an_unknown_parameter_is_told_with_the_nearest(catalog: Catalog):
    with pytest.raises(InputError) as caught:
        catalog.assumption("upkep")
    assert caught.value.diagnostics[0].hint == "did you mean 'upkeep'?"


def test_a_scenario_may_replace_a_parameter_and_only_in_its_unit(catalog: Catalog):
    other = catalog.with_parameters({"upkeep": "4 %/yr"})
    assert other.assumption("upkeep").at("mid") == 0.04
    assert catalog.assumption("upkeep").at("mid") == 0.03
    assert other.with_parameters({"upkeep": {"low": 0.01, "mid": "2 %/yr", "high": "3 %/yr"}}).assumption("upkeep")
    with pytest.raises(InputError, match="upkeep is in /yr, not in kW"):
        catalog.with_parameters({"upkeep": "4 kW"})
    with pytest.raises(InputError, match=r"fills system\.power"):
        catalog.with_parameters({"server-power": 3})
