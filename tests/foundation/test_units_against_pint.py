"""Our table of units against the registry of pint, for every physical unit both know."""

import re

import pytest

from planner.units import DIMENSIONS

pint = pytest.importorskip("pint")

BASES = {
    "power": "kW",
    "energy": "kWh",
    "time": "hour",
    "memory": "gigabyte",
    "bandwidth": "gigabyte/s",
    "area": "mm**2",
    "mass": "kg",
    "length": "nm",
    "latency": "us",
    "carbon": "kg/kWh",
}
FOREIGN = {"quarter", "quarters", "kt"}
"""Spellings that mean something else to pint: a mass, a mass, knots."""


@pytest.mark.parametrize("dimension", BASES)
def test_every_factor_agrees(dimension: str):
    registry = pint.UnitRegistry()
    for unit, factor in DIMENSIONS[dimension].units.items():
        name = re.sub(r"CO2e?", "", unit).replace("bps", "bit/s")
        name = re.sub(r"^([kMGTPE]i?|)B", r"\1byte", re.sub(r"^([cm]?m)[2²]$", r"\1**2", name))
        if name not in FOREIGN:
            assert registry.Quantity(1, name).to(BASES[dimension]).magnitude == pytest.approx(factor, rel=1e-12), unit
