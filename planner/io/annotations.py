"""Finding the model class that a place in the data belongs to, by walking type annotations."""

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def models_at(model: type[BaseModel], loc: Iterable[str | int]) -> list[type[BaseModel]]:
    """The model classes that may sit at `loc` below `model`; parts that lead nowhere (union tags) are skipped."""
    current: list[Any] = [model]
    for part in loc:
        tagged = [t for t in current if getattr(t, "__name__", None) == part or _has_tag(t, part)]
        below = [option for t in current for child in _children(t, part) for option in _options(child)]
        current = below or tagged or current
    return [t for t in current if _is_model(t)]


def field_names(models: Iterable[type[BaseModel]]) -> list[str]:
    """The keys these models know."""
    return [key for model in models for name, info in model.model_fields.items() for key in _keys(name, info)[:1]]


def description(models: Iterable[type[BaseModel]], key: str) -> str | None:
    """The documentation of the field written as `key`, if any."""
    for model in models:
        for name, info in model.model_fields.items():
            if key in _keys(name, info) and info.description:
                return info.description.strip()
    return None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _has_tag(annotation: Any, tag: str | int) -> bool:
    """Whether a field of the model is a literal that includes `tag`, as discriminators are."""
    fields = annotation.model_fields.values() if _is_model(annotation) else ()
    return any(get_origin(f.annotation) is Literal and tag in get_args(f.annotation) for f in fields)


def _keys(name: str, info: FieldInfo) -> list[str]:
    """How the field is written in YAML, first the usual way."""
    return [info.alias, name] if info.alias else [name]


def _options(annotation: Any) -> Iterator[Any]:
    """The annotation without aliases, Annotated and unions."""
    if isinstance(annotation, TypeAliasType):
        yield from _options(annotation.__value__)
    elif isinstance(origin := get_origin(annotation), TypeAliasType):
        yield from _options(origin.__value__[get_args(annotation)])
    elif origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _options(option)
    else:
        yield annotation


def _children(annotation: Any, part: str | int) -> Iterator[Any]:
    """The annotations one step below: a field, an item of a list, a value of a mapping."""
    if _is_model(annotation):
        for name, info in annotation.model_fields.items():
            if part in _keys(name, info):
                yield info.annotation
        return
    origin, arguments = get_origin(annotation), [a for a in get_args(annotation) if a is not Ellipsis]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        yield from arguments[1:]
    elif isinstance(part, int):
        yield from arguments
