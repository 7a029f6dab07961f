"""Calibration: what catalogs/calibration says about families, software, precisions and reliability.

The hand-written files hold names, facts and priors; `fitted.yaml` holds what `planner throughput fit`
found and is written by nothing else. An overlay file of a user has the form of `fitted.yaml`.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from planner.errors import InputError, nearest

FAMILY_PARAMETERS = ("gemm", "low", "attention", "memory", "overhead", "scale_up", "scale_out", "moe")
"""The fitted numbers of a family, eight at most."""

STACK_FACTS = ("unfused", "sequence_parallel", "deduplicate", "gradient_bytes", "overlap_ep", "overlap_ep_since")
STACK_NUMBERS = (
    "efficiency", "moe_efficiency", "growth", "moe_growth", "attention", "host", "moe_host", "overlap_tp", "overlap",
)  # fmt: skip
_STACK_DEFAULTS = {
    "efficiency": 1.0,
    "moe_efficiency": 1.0,
    "growth": 0.2,
    "moe_growth": 0.1,
    "attention": 1.0,
    "host": 0.5e-3,
    "moe_host": 1e-3,
    "overlap_tp": 0.3,
    "overlap": 3.0,
    "overlap_ep": 1.0,
    "overlap_ep_since": 0.0,
    "unfused": 0.0,
    "sequence_parallel": 1.0,
    "deduplicate": 0.0,
    "gradient_bytes": 4.0,
}
RIPENING_YEARS = 1.5
"""Time constant of software maturity on a part: what a stack has still to gain falls by e in this time."""

EARLIEST = 0.5
"""Years after the start of stack and part from which runs are published; maturity is never taken younger."""

Z80 = 1.2816
"""Half-width of a central 80 % interval of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Family:
    """An accelerator family: its fitted numbers, and how far predictions have been from measurements."""

    id: str
    name: str
    software: str
    families: tuple[str, ...]
    like: str | None
    values: dict[str, float]
    spread: dict[str, float]
    """Standard deviation of log(measured / predicted), cross-validated, by kind (dense, moe)."""
    rows: int
    fallback: dict[str, str]
    introduced: float = 0.0
    """Decimal year from which the part, or the first with its core, could be had."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Software:
    """A software stack; numbers as in `knobs.Knobs`, growth per year before its newest release."""

    id: str
    name: str
    sources: tuple[str, ...]
    match: tuple[str, ...]
    date: float
    newest: float
    numbers: dict[str, float]
    zero: tuple[int, ...] = (1, 3)
    """ZeRO stages that its users run at scale; a search keeps to them."""
    most: tuple[tuple[str, int], ...] = ()
    """Largest sizes that it offers, by name of a size; a search keeps to them."""
    schedule: str = "1f1b"
    """Its usual pipeline schedule."""
    since: float = 0.0
    predecessor: str | None = None
    """The stack of runs before `since` that name no software."""
    sharded: str | None = None
    """The stack of runs with ZeRO 3 that name no software."""

    def ripeness(self, date: float | None, introduced: float) -> float:
        """How much of `growth` a release has on a part, over what the newest release has on parts as old as the stack.

        Both stack and part must be there: age counts from the later of them, and what is still to gain falls
        exponentially with it. Later dates than the newest release go on along the same, saturating, curve.
        """
        start = max(self.since, introduced)
        when = max(self.newest if date is None else date, start + EARLIEST)
        return math.exp(-(self.newest - self.since) / RIPENING_YEARS) - math.exp(-(when - start) / RIPENING_YEARS)

    def moe_years(self, date: float | None) -> float:
        """Years before the newest release, over which routed layers have grown by `moe_growth` a year."""
        return 0.0 if date is None else min(date - self.newest, 0.0)

    def maturity(self, date: float | None, introduced: float) -> float:
        """Factor on device rates of a release on a part."""
        return self.numbers["efficiency"] * math.exp(self.numbers["growth"] * self.ripeness(date, introduced))

    def overlap_ep(self, date: float | None) -> float:
        """Exponent of the overlap of all-to-alls across domains in a release; 1 before the stack had it."""
        when = self.newest if date is None else date
        return self.numbers["overlap_ep"] if when >= self.numbers["overlap_ep_since"] else 1.0

    def moe_maturity(self, date: float | None) -> float:
        """Further factor on routed layers of a release; nothing is extrapolated beyond the newest."""
        return self.numbers["moe_efficiency"] * math.exp(self.numbers["moe_growth"] * self.moe_years(date))


@dataclass(frozen=True, slots=True)
class Precision:
    """Format of the linear layers' peak, bytes per operand, and the share of `low` it reaches."""

    id: str
    format: str
    bytes: float
    share: float


@dataclass(frozen=True)
class Calibration:
    """All of catalogs/calibration, with lookups that explain what they do not find."""

    families: dict[str, Family]
    software: dict[str, Software]
    precisions: dict[str, Precision]
    common: dict[str, float]
    reliability: dict[str, dict[str, dict[str, Any]]]
    releases: tuple[tuple[str, float], ...]
    year_month: str
    priors: dict[str, tuple[float, float]]
    family_priors: dict[str, dict[str, float]] = field(default_factory=dict)
    precision_names: dict[str, str] = field(default_factory=dict)
    """Other spellings of the precisions, in small letters."""
    unmodelled_precisions: tuple[str, ...] = ()
    """Formats that runs may state and that no prediction is made for."""
    kin: dict[str, str] = field(default_factory=dict)
    """The relative that a family or a stack is expected to resemble."""

    @cached_property
    def digest(self) -> str:
        """Hash of all numbers, for caches."""
        content = (self.families, self.software, self.precisions, self.common, self.reliability)
        return hashlib.sha256(repr(content).encode()).hexdigest()[:16]

    def knows_family(self, name: str) -> bool:
        """Whether there is a family of that id or published family name."""
        return name in self.families or name in self._by_name

    def family(self, name: str) -> Family:
        """The family of an id or of a published family name."""
        if name in self.families:
            return self.families[name]
        if name in self._by_name:
            return self.families[self._by_name[name]]
        known = nearest(name, [*self.families, *self._by_name])
        hint = f"did you mean {known}?" if known else "`generic` is the common prior of all families"
        raise InputError.of("throughput-family", f"no calibration is named {name!r}", hint)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {alias: f.id for f in self.families.values() for alias in f.families}

    def stack(self, name: str) -> Software:
        """The software stack of an id."""
        if name in self.software:
            return self.software[name]
        known = nearest(name, list(self.software))
        raise InputError.of(
            "throughput-software", f"no software stack is named {name!r}", known and f"did you mean {known}?"
        )

    def precision(self, name: str) -> Precision:
        """The precision of an id."""
        if name in self.precisions:
            return self.precisions[name]
        raise InputError.of(
            "throughput-precision", f"no precision is named {name!r}", f"known: {', '.join(self.precisions)}"
        )

    def match_software(
        self, words: str | None, source: str | None, family: Family, reference: str = "", zero: int | None = None
    ) -> tuple[Software, float]:
        """The stack and decimal year that a run's own words, or its source, name; else the family's own of its time.

        The time of a run without a release in its words is that of its paper, where the reference gives an arXiv
        number, else the stack's usual one.
        """
        paper = re.search(r"arXiv:(\d\d)(\d\d)\.", reference)
        date = self._release(words) or (2000 + int(paper[1]) + (int(paper[2]) - 0.5) / 12 if paper else None)
        found = next((s for s in self.software.values() if words and any(re.search(p, words) for p in s.match)), None)
        if found is None and source:
            found = next((s for s in self.software.values() if source in s.sources), None)
            date = date or (found.date if found else None)
        if found is None:
            found = self.stack(family.software)
            other = found.predecessor if date and date < found.since else found.sharded if (zero or 0) >= 3 else None
            found = self.stack(other) if other else found
        return found, date or found.date

    def _release(self, words: str | None) -> float | None:
        if not words:
            return None
        for pattern, date in self.releases:
            if re.search(pattern, words):
                return date
        months = re.search(self.year_month, words)
        return 2000 + int(months[1]) + (int(months[2]) - 0.5) / 12 if months else None


def folder() -> Path:
    """Where the built-in calibration lies: in the wheel, or beside the package in a checkout."""
    inside = Path(__file__).resolve().parent.parent / "_catalogs" / "calibration"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "catalogs" / "calibration"


def _read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as stream:
        data = yaml.load(stream, Loader=loader)
    if not isinstance(data, dict):
        raise InputError.of("throughput-calibration", f"{path}: a calibration file is a mapping")
    return data


def _software(entry: dict[str, Any], fitted: dict[str, float]) -> Software:
    numbers = {**_STACK_DEFAULTS, **{n: float(entry[n]) for n in _STACK_DEFAULTS if n in entry}, **fitted}
    return Software(
        entry["id"], entry["name"], tuple(entry.get("sources", ())), tuple(entry.get("match", ())),
        float(entry["date"]), float(entry.get("newest", entry["date"])), numbers,
        tuple(int(z) for z in entry.get("zero", (1, 3))),
        tuple((k, int(v)) for k, v in entry.get("most", {}).items()), entry.get("schedule", "1f1b"),
        float(entry.get("since", 0.0)),
        entry.get("predecessor"), entry.get("sharded"),
    )  # fmt: skip


def _chain(entry: dict[str, Any], entries: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The entry and the relatives it leans on, nearest first."""
    chain = [entry]
    while (like := chain[-1].get("like")) is not None:
        if like not in entries or entries[like] in chain:
            raise InputError.of("throughput-calibration", f"calibration {chain[-1]['id']}: no usable relative {like!r}")
        chain.append(entries[like])
    return chain


RELATIVE_SPREAD = 0.12
"""Added (in quadrature) to the spread of a family for each relative it leans on instead of rows."""


def _family(entry: dict[str, Any], entries: dict[str, dict[str, Any]], fitted: dict[str, Any], common: dict[str, float],
            spread: dict[str, float]) -> Family:  # fmt: skip
    chain = _chain(entry, entries)
    steps = next((i for i, e in enumerate(chain) if e["id"] in fitted), 2)
    own: dict[str, Any] = fitted.get(chain[steps]["id"], {}) if steps < len(chain) else {}
    values = {**common, **entry.get("prior", {}), **{k: float(v) for k, v in own.get("parameters", {}).items()}}
    if steps:  # what is known of the part itself outranks its relative, in proportion
        base = {**common, **chain[steps].get("prior", {})} if steps < len(chain) else common
        values = {k: v * entry.get("prior", {}).get(k, base.get(k, v)) / base.get(k, v) for k, v in values.items()}
    wide = {k: math.hypot(float(own.get("spread", {}).get(k, v)), RELATIVE_SPREAD * steps) for k, v in spread.items()}
    return Family(
        entry["id"], entry["name"], entry["software"], tuple(entry.get("families", ())), entry.get("like"),
        values, wide, int(own.get("rows", 0)) if not steps else 0, dict(entry.get("precision_fallback", {})),
        next((float(e["introduced"]) for e in chain if "introduced" in e), 0.0), entry.get("note"),
    )  # fmt: skip


@lru_cache(maxsize=8)
def load(overlay: Path | None = None, *, fitted: bool = True) -> Calibration:
    """Read the calibration, with the numbers of `overlay` over the fitted ones; `fitted=False` gives the priors."""
    here = folder()
    common, families, software = (_read(here / f"{n}.yaml") for n in ("common", "families", "software"))
    found: dict[str, Any] = {}
    if fitted and (here / "fitted.yaml").is_file():
        found = _read(here / "fitted.yaml")
    for extra in [_read(overlay)] if overlay else []:
        found = _overlaid(found, extra)
    return build(common, families, software, _read(here / "reliability.yaml"), found)


def _overlaid(base: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for section in ("families", "software"):
        merged = {e["id"]: e for e in base.get(section, [])}
        for entry in extra.get(section, []):
            old = merged.get(entry["id"], {})
            merged[entry["id"]] = {
                **old, **entry, "parameters": {**old.get("parameters", {}), **entry.get("parameters", {})},
            }  # fmt: skip
        out[section] = list(merged.values())
    out["common"] = {**base.get("common", {}), **extra.get("common", {})}
    return out


def digest(overlay: Path | None = None) -> str:
    """Content hash of the calibration in use: all numbers that a prediction depends on, 16 hexadecimal digits."""
    return load(overlay).digest


def build(common: dict[str, Any], families: dict[str, Any], software: dict[str, Any], reliability: dict[str, Any],
          found: dict[str, Any]) -> Calibration:  # fmt: skip
    """Put the files together; `found` has the form of fitted.yaml."""
    priors = {k: (float(v["value"]), float(v["spread"])) for k, v in common["priors"].items()}
    entries = {e["id"]: e for e in families["calibrations"]}
    fitted = {e["id"]: e for e in found.get("families", [])}
    stacks = {e["id"]: e.get("parameters", {}) for e in found.get("software", [])}
    spread = found.get("spread", {"dense": 0.2, "moe": 0.35})
    middle = {k: v[0] for k, v in priors.items()}
    shares = found.get("precisions", {})
    return Calibration(
        families={i: _family(e, entries, fitted, middle, spread) for i, e in entries.items()},
        software={e["id"]: _software(e, stacks.get(e["id"], {})) for e in software["software"]},
        precisions={
            p["id"]: Precision(p["id"], p["format"], float(p["bytes"]), float(shares.get(p["id"], p["share"])))
            for p in common["precisions"]
        },
        common={k: float(v) for k, v in {**common["common"], **found.get("common", {})}.items()},
        reliability={r["id"]: {k: v for k, v in r.items() if k != "id"} for r in reliability["reliability"]},
        releases=tuple((r["pattern"], float(r["date"])) for r in common["releases"]),
        year_month=common["year_month"],
        priors=priors,
        precision_names={str(k): str(v) for k, v in common["precision_names"].items()},
        unmodelled_precisions=tuple(common["unmodelled_precisions"]),
        family_priors={i: e.get("prior", {}) for i, e in entries.items()},
        kin={e["id"]: k for e in [*entries.values(), *software["software"]] if (k := e.get("kin") or e.get("like"))},
    )
