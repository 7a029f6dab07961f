"""Tables as pandas DataFrames with stable columns and dtypes."""

from typing import TYPE_CHECKING, Any

from planner.plan.columns import Column, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame

    from planner.plan.records import Records
    from planner.scenario.model import Scenario

_DTYPES: dict[str, Any] = {
    "text": "string",
    "number": "float64",
    "count": "int64",
    "flag": "bool",
    "date": "datetime64[s]",
    "any": "object",
}


def frame(name: str, rows: "Records", scenario: "Scenario") -> "DataFrame":
    """One table of a plan as a DataFrame: a `scenario` column first, then the documented columns.

    `attrs` holds `units` and `meaning` by column, `currency` and `reporting`. Months, quarters and
    years are pandas Periods, other periods their labels.
    """
    currency, reporting = scenario.currency, scenario.finance.reported_in()
    made = tidy(columns_of(name, currency, reporting), rows, scenario.name, scenario.calendar.step)
    made.attrs["units"] = {key: _unit(unit, currency, reporting) for key, unit in made.attrs["units"].items()}
    made.attrs.update(currency=currency, reporting=reporting or currency)
    return made


def tidy(columns: "Iterable[Column]", rows: "Records", scenario: str, step: str | None = "quarter") -> "DataFrame":
    """A table as a DataFrame with these columns; `step` is the kind of its periods, None where they differ.

    Periods of a kind that pandas has not stay labels.
    """
    import pandas as pd

    wanted, frequency = list(columns), _FREQUENCIES.get(step or "")
    made = pd.DataFrame.from_records(
        [{c.name: row.get(c.name) for c in wanted} for row in rows], columns=[c.name for c in wanted]
    )
    for column in wanted:
        if column.dtype == "date":
            made[column.name] = pd.to_datetime(made[column.name])
        elif column.dtype == "period" and frequency is None:
            made[column.name] = made[column.name].astype("string")
        elif column.dtype == "period":
            labels = [None if pd.isna(label) else label for label in made[column.name]]
            made[column.name] = pd.Series(pd.PeriodIndex(labels, freq=frequency), index=made.index)
        else:
            made[column.name] = made[column.name].astype(_DTYPES[column.dtype])
    made.insert(0, "scenario", pd.Series([scenario] * len(made), dtype="string"))
    made.attrs["units"] = {c.name: c.unit for c in wanted if c.unit}
    made.attrs["meaning"] = {c.name: c.meaning for c in wanted}
    return made


_FREQUENCIES = {"month": "M", "quarter": "Q", "year": "Y"}
"""Kinds of period for which pandas has one of its own; others stay labels."""


def _unit(unit: str, currency: str, reporting: str | None) -> str:
    """A unit with its currency named."""
    if unit == "reporting currency":
        return reporting or currency
    return unit.replace("currency", currency, 1) if unit.startswith("currency") else unit
