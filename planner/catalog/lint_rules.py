"""The ranges and ages that `catalog check` judges by: catalogs/lint.yaml."""

from pydantic import field_validator

from planner.catalog.entry import IsoDate
from planner.catalog.formula import Formula, FormulaError
from planner.catalog.quantity import AnyQuantity
from planner.io.models import StrictModel, refuse
from planner.units import Duration


class RangeCheck(StrictModel):
    """A figure and the range in which it is ordinary; prices are checked only in the currency of the range."""

    code: str
    kind: str
    what: str
    formula: str
    low: AnyQuantity
    high: AnyQuantity

    @field_validator("formula")
    @classmethod
    def _arithmetic(cls, text: str) -> str:
        try:
            return Formula.parse(text).text
        except FormulaError as error:
            raise refuse(str(error)) from None


class StaleCheck(StrictModel):
    """How old a fact of a field may be."""

    kind: str
    field: str
    after: Duration
    why: str


class LintRules(StrictModel):
    """catalogs/lint.yaml."""

    as_of: IsoDate
    """The day to which age is counted: when the catalog was last gone through."""
    confidence: tuple[str, ...] = ()
    """Words a confidence may be."""
    ranges: tuple[RangeCheck, ...] = ()
    stale: tuple[StaleCheck, ...] = ()


class LintFile(StrictModel):
    """The file: one key."""

    lint: LintRules
