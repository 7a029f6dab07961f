"""JSON Schema of scenario files, for editors: units by example, and the names of a catalog to complete."""

import re
from typing import Any

from planner.catalog.load import Catalog
from planner.scenario.model import Scenario

_PERIOD = r"^\d{4}(-Q[1-4]|-H[12]|-(0[1-9]|1[0-2]))?$"

NAMED = {
    ("Scenario", "buyer"): "buyers",
    ("Site", "region"): "regions",
    ("Installed", "system"): "systems",
    ("PendingOrder", "system"): "systems",
    ("Candidates", "include"): "systems",
    ("Candidates", "exclude"): "systems",
    ("Allocation", "accelerator"): "accelerators",
    ("RentOffer", "system"): "systems",
    ("MixedRuns", "systems"): "systems",
    ("RentOffer", "region"): "regions",
    ("Scope", "accelerators"): "accelerators",
    ("Scope", "vendors"): "vendors",
    ("PaymentTerms", "systems"): "systems",
    ("PaymentTerms", "accelerators"): "accelerators",
    ("PaymentTerms", "vendors"): "vendors",
    ("TrainingRun", "model"): "transformers",
    ("TrainingRun", "ported"): "platforms",
    ("TrainingRun", "platforms"): "platforms",
    ("ContinuousTraining", "model"): "transformers",
    ("ContinuousTraining", "ported"): "platforms",
    ("ContinuousTraining", "platforms"): "platforms",
}
"""Fields whose text is a name of the catalog, and of which kind."""


def scenario_schema(catalog: Catalog | None = None) -> dict[str, Any]:
    """The schema as draft 7 has it, which editors know; with the ids and aliases of `catalog` where a name is asked."""
    schema = Scenario.model_json_schema()
    definitions = schema.pop("$defs")
    for definition in definitions.values():
        if list(definition.get("properties", ())) == ["steps"]:
            _as_written(definition)
    if catalog is not None:
        for (model, field), kind in NAMED.items():
            owner = schema if model == "Scenario" else definitions[model]
            names = catalog.names(kind)
            _offer(owner["properties"][field], [*names.ids, *names.aliases])
    whole = {"$schema": "http://json-schema.org/draft-07/schema#", **schema, "definitions": definitions}
    renamed: dict[str, Any] = _renamed(whole, _short_names(definitions))
    return renamed


def _as_written(schedule: dict[str, Any]) -> None:
    """A schedule is written as one value or as a mapping of periods to values, not as the model holds it."""
    value = schedule.pop("properties")["steps"]["additionalProperties"]
    steps = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _PERIOD},
        "additionalProperties": value,
    }
    for key in ("type", "required", "additionalProperties"):
        schedule.pop(key, None)
    schedule["anyOf"] = [value, steps]


def _offer(field: dict[str, Any], names: list[str]) -> None:
    """Let the text (or each text of the list, or the text that may be missing) be one of `names`."""
    for place in (field, field.get("items", {}), *field.get("anyOf", ())):
        if place.get("type") == "string":
            place["enum"] = sorted(set(names))
        if place.get("items", {}).get("type") == "string":
            place["items"]["enum"] = sorted(set(names))


def _short_names(definitions: dict[str, Any]) -> dict[str, str]:
    """Definition names that people can read: the class alone, numbered where two are alike."""
    short: dict[str, str] = {}
    for name in definitions:
        found = re.search(r"(?:^|__)([A-Z][A-Za-z]*)", name)
        plain = found[1] if found else name
        number = sum(re.fullmatch(rf"{plain}\d*", taken) is not None for taken in short.values())
        short[name] = f"{plain}{number + 1}" if number else plain
    return short


def _renamed(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(ref := result.get("$ref"), str):
        result["$ref"] = f"#/definitions/{names[ref.removeprefix('#/$defs/')]}"
    if "definitions" in result:
        result["definitions"] = {names[name]: value for name, value in result["definitions"].items()}
    result.pop("discriminator", None)
    if "oneOf" in result:  # a value that may also be written in steps fits both ways of writing it
        result["anyOf"] = result.pop("oneOf")
    return result
