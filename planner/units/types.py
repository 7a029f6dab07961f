"""Pydantic types of quantities: floats in base units, read from text with a unit. Non-negative unless named Signed."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from planner.units.money import Money, custom_error, money_schema
from planner.units.quantity import UnitError, format, format_exact, parse, sensible
from planner.units.table import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Unit:
    """Annotation of a float field: its dimension, whether it may be negative, and an upper limit in the base unit."""

    dimension: str
    signed: bool = False
    limit: float | None = None

    def validate(self, value: Any) -> float:
        """The value in the base unit; raises pydantic's error form."""
        try:
            result = parse(value, self.dimension, signed=self.signed)
            sensible(result, value, self.dimension)
            if self.limit is not None and result > self.limit:
                hint = f"write {value} % or {result / 100:g}" if not isinstance(value, str) else None
                raise UnitError.of(
                    "unit", f"{self.dimension} must be at most {format(self.limit, self.dimension)}: got {value}", hint
                )
        except UnitError as error:
            raise custom_error(error) from None
        return result

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def dump(value: float) -> str:
            return format_exact(value, self.dimension)

        return core_schema.no_info_plain_validator_function(
            self.validate,
            serialization=core_schema.plain_serializer_function_ser_schema(dump, when_used="json-unless-none"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        dim = DIMENSIONS[self.dimension]
        return {"type": ["string", "number"] if dim.bare else "string", "examples": [dim.example]}


@dataclass(frozen=True, slots=True)
class _SignedMoney:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return money_schema(source, signed=True)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "examples": ["-1.2 bn CNY"]}


Power = Annotated[float, Unit("power")]
"""kW"""
Energy = Annotated[float, Unit("energy")]
"""kWh"""
Duration = Annotated[float, Unit("time")]
"""h"""
Compute = Annotated[float, Unit("compute")]
"""TFLOP/s"""
Memory = Annotated[float, Unit("memory")]
"""GB of 1e9 bytes"""
Bandwidth = Annotated[float, Unit("bandwidth")]
"""GB/s, bytes; "400 Gbit/s" is 50"""
Area = Annotated[float, Unit("area")]
"""mm2"""
Tokens = Annotated[float, Unit("tokens")]
"""tokens"""
TokenRate = Annotated[float, Unit("rate")]
"""tokens/s"""
Mass = Annotated[float, Unit("mass")]
"""kg, also of CO2"""
Carbon = Annotated[float, Unit("carbon")]
"""kg CO2 per kWh"""
Length = Annotated[float, Unit("length")]
"""nm"""
Latency = Annotated[float, Unit("latency")]
"""us"""
Fraction = Annotated[float, Unit("fraction", limit=1.0)]
"""0..1, written 8 % or 0.08"""
Ratio = Annotated[float, Unit("fraction")]
"""At least 0, may exceed 1, written 120 % or 1.2"""
PerYear = Annotated[float, Unit("per_year")]
"""Share per year, written 8 %/yr or 0.08"""
SignedPower = Annotated[float, Unit("power", signed=True)]
SignedEnergy = Annotated[float, Unit("energy", signed=True)]
SignedDuration = Annotated[float, Unit("time", signed=True)]
SignedFraction = Annotated[float, Unit("fraction", signed=True, limit=1.0)]
SignedPerYear = Annotated[float, Unit("per_year", signed=True)]
SignedMoney = Annotated[Money, _SignedMoney()]
