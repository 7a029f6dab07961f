"""A planning parameter with the value of a scenario."""

from typing import Any

from planner.catalog.assumption import YEARLY, Assumption, Band
from planner.errors import InputError, Place
from planner.io.models import StrictModel
from planner.io.yaml import Document, parse


class _Given(StrictModel):
    value: Band


def overridden(assumption: Assumption, value: Any, place: Place | None = None) -> Assumption:
    """`assumption` with another value. Raises InputError when it is a filling rule or the unit differs."""
    if assumption.fills:
        message = f"{assumption.id} fills {assumption.fills}; it is not a planning parameter"
        raise InputError.of("wrong-value", message, "overlay it with a catalog folder of your own", place)
    where = place or Place(assumption.id, 1, 1)
    band = parse(_Given, Document({"value": value}, where.file, {("value",): where}), ()).value
    if band.unit != assumption.band.unit and (band.unit, assumption.band.unit) != ("", YEARLY):
        wanted = assumption.band.unit or "a plain number"
        message = f"{assumption.id} is in {wanted}, not in {band.unit or 'plain numbers'}"
        raise InputError.of("unit", message, f"it is {assumption.band.mid or assumption.band.value} by default", place)
    changes = {side: getattr(band, side) for side in ("value", "low", "mid", "high")}
    more = {"unit": assumption.base_unit or None, "basis": f"scenario (catalog: {assumption.basis})"}
    return assumption.model_copy(update={**changes, **more})
