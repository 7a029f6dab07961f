"""Tables as pandas DataFrames with stable columns and dtypes."""

from typing import TYPE_CHECKING

from planner.plan.columns import COLUMNS, Column

if TYPE_CHECKING:
    from pandas import DataFrame

    from planner.plan.records import Records

_DTYPES = {
    "text": "string",
    "number": "float64",
    "count": "int64",
    "flag": "bool",
    "date": "datetime64[s]",
    "any": "object",
}


def frame(name: str, rows: "Records", scenario: str, documented: tuple[Column, ...] | None = None) -> "DataFrame":
    """One table as a DataFrame: a `scenario` column first, then the documented columns, units in `attrs['units']`.

    `documented`: columns of a table that is not among those of a plan.
    """
    import pandas as pd

    columns = COLUMNS[name] if documented is None else documented
    made = pd.DataFrame.from_records(
        [{c.name: row.get(c.name) for c in columns} for row in rows], columns=[c.name for c in columns]
    )
    for column in columns:
        if column.dtype == "date":
            made[column.name] = pd.to_datetime(made[column.name])
        else:
            made[column.name] = made[column.name].astype(_DTYPES[column.dtype])  # type: ignore[call-overload]
    made.insert(0, "scenario", pd.Series([scenario] * len(made), dtype="string"))
    made.attrs["units"] = {column.name: column.unit for column in columns if column.unit}
    made.attrs["meaning"] = {column.name: column.meaning for column in columns}
    return made
