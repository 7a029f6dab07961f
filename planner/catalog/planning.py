"""Planning parameters (assumptions) and economic parameters (sourced figures) as numbers, recorded in the ledger."""

from typing import TYPE_CHECKING, Any

from planner.catalog.formula import Value
from planner.catalog.gaps import Gaps
from planner.catalog.ledger import Ledger
from planner.io.models import Level

if TYPE_CHECKING:
    from planner.catalog.load import Catalog


def planning(catalog: "Catalog", name: str, level: Level = "mid", ledger: Ledger | None = None) -> Value:
    """A planning parameter of assumptions.yaml at one level in base units (or Money), recorded."""
    assumption = catalog.assumption(name)
    key = f"assumptions.{name}"
    band = catalog.over(key, assumption.range)
    if ledger is not None:
        stated = name in catalog.overrides or catalog.states(key)
        ledger.record(
            key,
            band,
            level,
            assumption.base_unit,
            kind="scenario" if stated else "assumption",
            source=assumption.source,
            confidence="assumption",
            note=assumption.basis,
            assumption=name,
        )
    return band.at(level)


def economic(catalog: "Catalog", name: str, level: Level = "mid", ledger: Ledger | None = None) -> Value:
    """An economic parameter at one level, recorded. Raises InputError when unknown or null."""
    parameter = catalog.parameter(name)
    band = parameter.range
    if band is None:
        gaps = Gaps(catalog, "economics", name)
        gaps.found("value")
        gaps.raise_if_any()
    assert band is not None
    band = catalog.over(f"economics.{name}", band)
    if ledger is not None:
        details: dict[str, Any] = {"source": parameter.source, "confidence": parameter.confidence}
        details |= {"as_of": parameter.as_of, "note": parameter.note}
        if catalog.states(f"economics.{name}"):
            details |= {"kind": "scenario", "source": (), "note": "stated by the scenario (facts)"}
        ledger.record(f"economics.{name}", band, level, parameter.unit or "", **details)
    return band.at(level)
