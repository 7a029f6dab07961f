"""Quantities: the table, reading, writing, refusals."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from planner import units
from planner.units import DIMENSIONS, UnitError

READINGS = [
    ("40 MW", "power", 40_000),
    ("40MW", "power", 40_000),
    ("559 W", "power", 0.559),
    ("40 GWh", "energy", 4e7),
    ("3.6 MJ", "energy", 1),
    ("90 days", "time", 2160),
    ("2 quarters", "time", 4383),
    ("6 months", "time", 4383),
    ("1 year", "time", 8766),
    ("989 TFLOP/s", "compute", 989),
    ("1.2 PFLOPS", "compute", 1200),
    ("1979 TOPS", "compute", 1979),
    ("128 GB", "memory", 128),
    ("1 GiB", "memory", 1.073741824),
    ("400 Gbit/s", "bandwidth", 50),
    ("400 Gbps", "bandwidth", 50),
    ("3.2 TB/s", "bandwidth", 3200),
    ("665 mm2", "area", 665),
    ("6.65 cm2", "area", 665),
    ("14.8e12 tokens", "tokens", 14.8e12),
    ("14.8T tokens", "tokens", 14.8e12),
    ("1.2e6 tokens/s", "rate", 1.2e6),
    ("1.2 M tokens/s", "rate", 1.2e6),
    ("8.64e10 tokens/day", "rate", 1e6),
    ("12 kt", "mass", 12e6),
    ("550 g/kWh", "carbon", 0.55),
    ("0.55 tCO2/MWh", "carbon", 0.55),
    ("7 nm", "length", 7),
    ("30 m", "length", 3e10),
    ("5 us", "latency", 5),
    ("5 µs", "latency", 5),
    ("8 %", "fraction", 0.08),
    ("8%", "fraction", 0.08),
    (0.08, "fraction", 0.08),
    ("0.08", "fraction", 0.08),
    ("8 %/yr", "per_year", 0.08),
    ("25 bp", "fraction", 0.0025),
    (0.08, "per_year", 0.08),
]


@pytest.mark.parametrize(("text", "dimension", "value"), READINGS)
def test_readings(text: str | float, dimension: str, value: float):
    assert units.parse(text, dimension) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (40_000, "power", "40 MW"),
        (559, "power", "559 kW"),
        (0.7, "power", "700 W"),
        (999.9999, "power", "1 MW"),
        (0, "power", "0 kW"),
        (14.8e12, "tokens", "14.8T tokens"),
        (1.2e6, "rate", "1.2 M tokens/s"),
        (2160, "time", "90 days"),
        (-1500, "power", "-1.5 MW"),
        (0.08, "fraction", "8 %"),
        (0.08, "per_year", "8 %/yr"),
        (3200, "bandwidth", "3.2 TB/s"),
        (12_345_678_900, "power", "12346 GW"),
        (0.55, "carbon", "550 g/kWh"),
    ],
)
def test_people_read_a_short_number_in_a_fitting_unit(value: float, dimension: str, text: str):
    assert units.format(value, dimension) == text


@given(st.sampled_from(sorted(DIMENSIONS)), st.floats(allow_nan=False, allow_infinity=False))
def test_the_exact_text_of_any_quantity_reads_back_bit_for_bit(dimension: str, value: float):
    assert units.parse(units.format_exact(value, dimension), dimension, signed=True) == value


@given(st.sampled_from(sorted(DIMENSIONS)), st.floats(1e-6, 1e18))
def test_the_short_text_reads_back_to_its_digits(dimension: str, value: float):
    assert units.parse(units.format(value, dimension), dimension) == pytest.approx(value, rel=0.006)


@given(st.sampled_from(sorted(DIMENSIONS)), st.data(), st.integers(1, 10**6))
def test_every_spelling_reads_with_and_without_space(dimension: str, data: st.DataObject, number: int):
    unit = data.draw(st.sampled_from(sorted(DIMENSIONS[dimension].units)))
    value = units.parse(f"{number} {unit}", dimension)
    assert value == units.parse(f"{number}{unit}", dimension)
    assert value == pytest.approx(number * DIMENSIONS[dimension].units[unit], rel=1e-15)


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda d: d.name)
def test_the_table_agrees_with_itself(dimension: units.Dimension):
    spellings = dimension.units
    assert all(factor > 0 and math.isfinite(factor) for factor in spellings.values())
    assert all(" " not in unit and not unit[0].isdigit() for unit in spellings)
    assert all(unit.replace(" ", "") in spellings for unit in dimension.shown)
    shown = [spellings[unit.replace(" ", "")] for unit in dimension.shown]
    assert shown == sorted(shown)
    if dimension.base and not dimension.bare:
        assert spellings[dimension.base] == 1
    units.parse(dimension.example, dimension.name)


@pytest.mark.parametrize(
    ("given_", "dimension", "message", "hint"),
    [
        ("40 GB", "power", "power expects W, kW, MW, GW; 'GB' is memory", "write it as 40 MW"),
        ("40 Mw", "power", "power expects W, kW, MW, GW; 'Mw' is not a unit we know", "did you mean 'MW'?"),
        (40, "power", "power needs a unit: got 40", "write 40 MW or 40 kW"),
        ("40", "power", "power needs a unit: got 40", "write 40 MW or 40 kW"),
        ("-40 MW", "power", "power must not be negative: got -40 MW", None),
        ("1e999 MW", "power", "power must be finite: got 1e999 MW", None),
        (math.nan, "fraction", "fraction must be finite: got nan", None),
        ("nan MW", "power", "power must be a number and a unit: got 'nan MW'", "write it as 40 MW"),
        (True, "fraction", "fraction must be a quantity: got true", "write it as 8 %"),
        (None, "power", "power must be a quantity: got null", "write it as 40 MW"),
        ({"a": 1}, "power", "power must be a quantity: got a mapping", "write it as 40 MW"),
        ("MW", "power", "power must be a number and a unit: got 'MW'", "write it as 40 MW"),
        ("1,200 MW", "power", "power expects W, kW, MW, GW; ',200MW' is not a unit we know", None),
        ("400 Gb/s", "bandwidth", "bandwidth expects MB/s, GB/s, TB/s, PB/s; 'Gb/s' is not a unit we know", None),
    ],
)
def test_refusals_say_what_would_be_right(given_: object, dimension: str, message: str, hint: str | None):
    with pytest.raises(UnitError) as caught:
        units.parse(given_, dimension)
    (fault,) = caught.value.diagnostics
    assert fault.message == message
    if hint is not None:
        assert fault.hint == hint


def test_signed_types_accept_what_others_refuse():
    assert TypeAdapter(units.SignedPower).validate_python("-40 MW") == -40_000
    with pytest.raises(ValidationError, match="must not be negative"):
        TypeAdapter(units.Power).validate_python("-40 MW")


def test_a_fraction_stays_within_one_and_a_ratio_need_not():
    with pytest.raises(ValidationError, match="fraction must be at most 100 %: got 8"):
        TypeAdapter(units.Fraction).validate_python(8)
    assert TypeAdapter(units.Ratio).validate_python("120 %") == pytest.approx(1.2)


@given(st.floats(0, 1e12))
def test_the_json_of_a_quantity_reads_back(value: float):
    adapter = TypeAdapter[float](units.Power)
    assert adapter.validate_python(adapter.dump_python(value, mode="json")) == value


def test_the_json_schema_names_an_example():
    assert TypeAdapter(units.Power).json_schema() == {"type": "string", "examples": ["40 MW"]}
