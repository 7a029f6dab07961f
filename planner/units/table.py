"""The unit table: every dimension, its base unit, and every accepted spelling with its factor to the base unit."""

from collections.abc import Mapping
from dataclasses import dataclass

HOURS_PER_YEAR = 8766.0
"""365.25 days; a quarter is a fourth of it and a month a twelfth."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A kind of quantity."""

    name: str
    base: str
    """The unit of the floats inside the program."""
    units: Mapping[str, float]
    """Spelling (spaces removed) to factor: value in base = number x factor."""
    shown: tuple[str, ...]
    """Units to show to people, small to large."""
    example: str
    bare: bool = False
    """Whether a number without a unit is accepted (only fractions and yearly rates)."""


_POWERS = {"p": -12, "n": -9, "u": -6, "µ": -6, "m": -3, "-": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def _si(root: str, prefixes: str, base: str) -> dict[str, float]:
    """Factors of `root` under SI prefixes ('-' for none), relative to the unit with prefix `base`."""
    return {p.strip("-") + root: float(f"1e{_POWERS[p] - _POWERS[base]}") for p in prefixes}


def _spell(table: Mapping[float, str]) -> dict[str, float]:
    """Factor to names, turned round."""
    return {name: factor for factor, names in table.items() for name in names.split()}


def _per(top: Mapping[str, float], bottom: Mapping[str, float]) -> dict[str, float]:
    """Every quotient of two tables."""
    return {f"{u}/{v}": f / g for u, f in top.items() for v, g in bottom.items()}


MULTIPLIERS = _spell({1e3: "k thousand", 1e6: "M million", 1e9: "G B bn billion", 1e12: "T tn trillion"})
"""Words and letters that scale a count of tokens; letters after a number, as in 14.8T."""

_ENERGY = _si("Wh", "-kMGT", "k")
_ENERGY |= {unit: factor / 3.6e6 for unit, factor in _si("J", "-kMGTP", "-").items()}
_TIME = _spell(
    {
        1 / 3.6e6: "ms",
        1 / 3600: "s sec second seconds",
        1 / 60: "min minute minutes",
        1.0: "h hour hours",
        24.0: "d day days",
        168.0: "week weeks",
        HOURS_PER_YEAR / 12: "month months",
        HOURS_PER_YEAR / 4: "quarter quarters",
        HOURS_PER_YEAR: "yr year years",
    }
)
_SECONDS = _spell({1.0: "s sec second", 60.0: "min minute", 3600.0: "h hour", 86400.0: "d day"})
_COMPUTE = {unit: f for root in ("FLOP/s", "FLOPS", "OP/s", "OPS") for unit, f in _si(root, "MGTPE", "T").items()}
_MEMORY = _si("B", "-kMGTPE", "G") | {p + "iB": 1024.0**n / 1e9 for n, p in enumerate("KMGTP", start=1)}
_BITS = {unit: f / 8 for root in ("bit/s", "bps") for unit, f in _si(root, "-kMGTP", "G").items()}
_TOKENS = {p + word: f for p, f in ({"": 1.0} | MULTIPLIERS).items() for word in ("tokens", "token", "tok")}
_GAS = {f"{m}{gas}": f for m, f in (("g", 1e-3), ("kg", 1.0), ("t", 1e3)) for gas in ("", "CO2", "CO2e")}
_PERCENT = {"%": 0.01, "percent": 0.01, "bp": 1e-4}

_ALL = (
    Dimension("power", "kW", _si("W", "-kMGT", "k"), ("W", "kW", "MW", "GW"), "40 MW"),
    Dimension("energy", "kWh", _ENERGY, ("kWh", "MWh", "GWh", "TWh"), "40 GWh"),
    Dimension("time", "h", _TIME, ("s", "min", "h", "days"), "90 days"),
    Dimension("compute", "TFLOP/s", _COMPUTE, ("GFLOP/s", "TFLOP/s", "PFLOP/s", "EFLOP/s"), "989 TFLOP/s"),
    Dimension("memory", "GB", _MEMORY, ("B", "kB", "MB", "GB", "TB", "PB"), "128 GB"),
    Dimension("bandwidth", "GB/s", _per(_MEMORY, {"s": 1.0}) | _BITS, ("MB/s", "GB/s", "TB/s", "PB/s"), "3.2 TB/s"),
    Dimension("area", "mm2", _spell({1.0: "mm2 mm²", 100.0: "cm2 cm²", 1e6: "m2 m²"}), ("mm2", "m2"), "665 mm2"),
    Dimension("tokens", "tokens", _TOKENS, ("tokens", "k tokens", "M tokens", "B tokens", "T tokens"), "14.8T tokens"),
    Dimension(
        "rate",
        "tokens/s",
        _per(_TOKENS, _SECONDS),
        ("tokens/s", "k tokens/s", "M tokens/s", "B tokens/s"),
        "1.2e6 tokens/s",
    ),
    Dimension("mass", "kg", _GAS | _spell({1e6: "kt ktCO2", 1e9: "Mt MtCO2"}), ("kg", "t", "kt", "Mt"), "12 kt"),
    Dimension("carbon", "kg/kWh", _per(_GAS, {"kWh": 1.0, "MWh": 1e3}), ("g/kWh", "kg/kWh"), "0.55 kg/kWh"),
    Dimension("length", "nm", _si("m", "nuµm-k", "n") | {"cm": 1e7}, ("nm", "um", "mm", "m", "km"), "7 nm"),
    Dimension("latency", "us", _si("s", "nuµm-", "u"), ("ns", "us", "ms", "s"), "5 us"),
    Dimension("fraction", "", _PERCENT, ("%",), "8 %", bare=True),
    Dimension(
        "per_year",
        "/yr",
        _per(_PERCENT | {"": 1.0}, {"yr": 1.0, "year": 1.0}),
        ("%/yr",),
        "8 %/yr",
        bare=True,
    ),
)

DIMENSIONS: Mapping[str, Dimension] = {d.name: d for d in _ALL}
"""Every dimension by name: power, energy, time, compute, memory, bandwidth, area, tokens, rate, mass, carbon, ..."""
