"""Keys that a scenario file leaves out, made to be there so that a patch can reach them and below them."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from planner.errors import Collector, InputError, Place, nearest
from planner.io.patch import split_path
from planner.io.places import item_name
from planner.io.yaml import Document, YamlPath
from planner.scenario.model import Scenario


def opened(
    document: Document, scenario: Scenario, patch: Mapping[str, Any], origin: Document, at: YamlPath
) -> Document:
    """`document` with every key on the way of a path of `patch` that the scenario has by default.

    `policy.without: [CN]` reaches a scenario whose file says nothing of policy. Raises InputError for keys that look
    like a misspelt default; everything else that leads nowhere is left to the patch to complain about.
    """
    effective = scenario.model_dump(mode="json")
    value, faults = document.value, Collector()
    for text in patch:
        place = origin.key_place((*at, text))
        try:
            parts = split_path(str(text).rstrip("+"), place)
            value = _opened(value, _unfolded(effective, Scenario, parts), parts, str(text), place)
        except InputError as error:
            faults.extend(error)
    faults.raise_if_any()
    return Document(value, document.path, document.places, document.key_places, document.overridden)


def _unfolded(effective: Any, model: type[BaseModel] | None, parts: tuple[str, ...]) -> Any:
    """The effective values with an optional part that is left out shown by its keys, if a path leads below it."""
    if len(parts) < 2 or model is None or not isinstance(effective, dict) or parts[0] not in effective:
        return effective
    field = model.model_fields.get(parts[0])
    kinds = [] if field is None else [field.annotation, *get_args(field.annotation)]
    inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
    inside = effective.get(parts[0])
    if inside is None and inner is not None:
        inside = {name: _empty(made) for name, made in _made(inner).items()}
    return {**effective, parts[0]: _unfolded(inside, inner, parts[1:])}


def _made(model: type[BaseModel]) -> dict[str, Any]:
    """Keys of a model with what they are by default; None where they must be stated."""
    return {
        name: None if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
        for name, field in model.model_fields.items()
    }


def _opened(given: Any, effective: Any, parts: tuple[str, ...], text: str, place: Place | None) -> Any:
    if not parts:
        return given
    part, rest = parts[0], parts[1:]
    if isinstance(given, list) and isinstance(effective, list):
        index = _index(given, part)
        if index is None or index >= len(effective):
            return given
        return [*given[:index], _opened(given[index], effective[index], rest, text, place), *given[index + 1 :]]
    if not isinstance(given, dict) or not isinstance(effective, dict):
        return given
    if part in effective and (rest or not text.endswith("+") or isinstance(effective[part], list)):
        inside = given[part] if given.get(part) is not None else _empty(effective[part])
        return {**given, part: _opened(inside, effective[part], rest, text, place)}
    close = None if part in effective or part in given or text.endswith("+") else nearest(part, effective)
    if close is not None:
        raise InputError.of(
            "patch-path", f"{text!r} leads nowhere: there is no {part!r}", f"did you mean {close!r}?", place
        )
    return given


def _empty(default: Any) -> Any:
    kind = type(default)
    return kind() if kind in (dict, list) else None


def _index(items: list[Any], part: str) -> int | None:
    name = item_name(items)
    known = [str(item[name]) for item in items] if name else []
    return known.index(part) if part in known else int(part) if part.isdecimal() else None
