"""Base of all models read from YAML, and `Fact`: a published value with its source and its doubt."""

from itertools import pairwise
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from planner.units import Unit, UnitError
from planner.units.quantity import MOST

type Level = Literal["low", "mid", "high"]


def refuse(
    message: str, hint: str | None = None, code: str = "wrong-value", at: tuple[str | int, ...] = ()
) -> PydanticCustomError:
    """An error to raise inside a validator; `parse` shows `message` and `hint` at the place of the value.

    `at` points below the value, as a model validator may need: refuse("...", at=("power",)).
    """
    return PydanticCustomError("planner", "{message}", {"code": code, "message": message, "hint": hint, "at": at})


def _whole(value: Any) -> Any:
    """1e3 is a whole number too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _exact_numbers(schema: Any) -> Any:
    """A core schema whose numbers refuse text and true/false; nested models have seen to it themselves."""
    if isinstance(schema, list | tuple):
        return type(schema)(_exact_numbers(item) for item in schema)
    if not isinstance(schema, dict):
        return schema
    match schema.get("type"):
        case "int":
            strict = {"le": _MOST} | schema | {"strict": True}
            return core_schema.no_info_before_validator_function(_whole, cast("CoreSchema", strict))
        case "float":
            return {"le": float(MOST)} | schema | {"strict": True}
        case "bool":
            return schema | {"strict": True}
        case "model" | "function-plain" | "definition-ref":
            return schema
    return {key: value if key in _NO_SCHEMAS else _exact_numbers(value) for key, value in schema.items()}


_MOST = 10**15
"""Largest whole number: what is counted is far below."""

_NO_SCHEMAS = {"default", "default_factory", "metadata", "serialization", "expected", "function", "config"}


def _own_fields(schema: Any) -> Any:
    """The schema of a model, below its validators, with exact numbers in its own fields."""
    if schema.get("type") == "model-fields":
        return schema | {"fields": _exact_numbers(schema["fields"])}
    return schema | {"schema": _own_fields(schema["schema"])} if "schema" in schema else schema


class StrictModel(BaseModel):
    """Frozen, refuses unknown keys, and numbers or true/false written as anything else."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        protected_namespaces=(),
        validate_default=False,
        populate_by_name=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: Any = handler(source)
        return cast("CoreSchema", _own_fields(schema))


def _texts(value: Any) -> Any:
    """One text or a list of texts."""
    return (value,) if isinstance(value, str) else value


def _date_text(value: Any) -> Any:
    """A year alone is read from YAML as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Sources = Annotated[tuple[str, ...], BeforeValidator(_texts, json_schema_input_type=str | tuple[str, ...])]
DateText = Annotated[str | None, BeforeValidator(_date_text, json_schema_input_type=str | int | None)]


class Published[T](StrictModel):
    """A value as somebody published it: one value, or low/mid/high, or null for unknown."""

    value: T | None = None
    """The value when there is one; excludes low, mid, high."""
    low: T | None = None
    """Lowest plausible value."""
    mid: T | None = None
    """Most plausible value."""
    high: T | None = None
    """Highest plausible value."""
    source: Sources = ()
    """Ids of sources.yaml."""
    confidence: str | None = None
    """vendor, official, independent, press, analyst, derived, assumption, low."""
    as_of: DateText = None
    """When it was true: year, month, quarter or day."""
    note: str | None = None
    """What a reader should know."""

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, data: Any) -> Any:
        """A bare value stands for {value: ...}, null for an unknown one."""
        if data is None:
            return {}
        return data if isinstance(data, dict | BaseModel) else {"value": data}

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        sides = [side for side in (self.low, self.mid, self.high) if side is not None]
        if self.value is not None and sides:
            raise refuse("give either value or low/mid/high, not both", "move value to mid")
        for small, large in pairwise(sides):
            if _greater(small, large):
                raise refuse("low, mid and high must not decrease", "order them low <= mid <= high")
        return self

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Fact[power] rather than Fact[Annotated[float, Unit]]: shown in the schema."""
        return f"{cls.__name__}[{', '.join(map(_type_name, params))}]"

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        whole = handler(schema)
        bare = handler.resolve_ref_schema(whole)["properties"]["value"].get("anyOf", [{}])
        return {"anyOf": [*bare, whole]}

    def __reduce__(self) -> tuple[Any, ...]:
        kind = type(self).__pydantic_generic_metadata__
        return revive, (kind["origin"] or type(self), kind["args"], self.__getstate__())

    def at(self, level: Level = "mid") -> T | None:
        """The value at `level`; a missing side falls back to mid, a missing mid to the mean of low and high."""
        if self.value is not None:
            return self.value
        side: T | None = getattr(self, level)
        if side is not None:
            return side
        return self.mid if self.mid is not None else self._mean()

    def _mean(self) -> T | None:
        low: Any = self.low
        high: Any = self.high
        if low is None or high is None or isinstance(low, str | bool):
            return None
        mean: Any = (low + high) / 2
        whole = isinstance(low, int) and isinstance(high, int)
        return cast("T", round(mean) if whole else mean)

    @property
    def known(self) -> bool:
        """Whether a middle value can be given."""
        return self.at("mid") is not None

    @property
    def derived(self) -> bool:
        """Whether the middle value is only the mean of low and high."""
        return self.value is None and self.mid is None and self._mean() is not None


def revive(kind: Any, arguments: tuple[Any, ...], state: dict[Any, Any]) -> Any:
    """A pickled instance of a generic model again: classes made by Fact[...] have no name to be found by."""
    made = kind[arguments] if arguments else kind
    instance = made.__new__(made)
    instance.__setstate__(state)
    return instance


def _type_name(kind: Any) -> str:
    """A type as the schema names it: the dimension of a quantity, else the type's own name."""
    for note in getattr(kind, "__metadata__", ()):
        if isinstance(note, Unit):
            limit = f" to {note.limit:g}" if note.limit is not None else ""
            return f"{'signed ' if note.signed else ''}{note.dimension}{limit}"
    return getattr(kind, "__name__", None) or str(kind)


class Fact[T](Published[T]):
    """A published value, with differing publications kept apart in `conflicts`."""

    conflicts: tuple[Published[T], ...] = ()
    """Other published values, not used."""

    @property
    def cited(self) -> bool:
        """Whether it names a source."""
        return bool(self.source)


def _greater(small: Any, large: Any) -> bool:
    """small > large where they can be compared; text cannot."""
    if isinstance(small, str | bool):
        return False
    try:
        return bool(small > large)
    except UnitError:
        raise refuse("low, mid and high must be in the same currency") from None
    except TypeError:
        return False
