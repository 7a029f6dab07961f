"""From YAML to models: every kind of fault in plain words, at its exact place."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

import pytest
from pydantic import Field, field_validator, model_validator

from planner import units
from planner.errors import InputError
from planner.io.models import Fact, StrictModel, refuse
from planner.io.yaml import loads, parse
from planner.units import Fraction, Money, Power


class Cooling(StrEnum):
    AIR = "air"
    LIQUID = "liquid"


class Hall(StrictModel):
    power: Power
    """Power at the rack."""
    cooling: Cooling = Cooling.AIR
    share: Fraction = 1.0


class Loan(StrictModel):
    kind: Literal["loan"]
    amount: Money


class Lease(StrictModel):
    kind: Literal["lease"]
    years: Annotated[int, Field(ge=1)]


class Site(StrictModel):
    name: str
    halls: tuple[Hall, ...] = ()
    by_name: dict[str, Hall] = Field(default_factory=dict)
    main: Hall | None = None
    by_year: dict[int, float] = Field(default_factory=dict)
    count: int = 0
    factor: float | None = None
    opened: date | None = None
    tier: Literal["a", "b"] = "a"
    flag: bool = False
    limit: Power | Literal["none"] = "none"
    capex: Fact[Money] = Fact()
    racks: Fact[int] | None = None
    finance: Annotated[Loan | Lease, Field(discriminator="kind")] | None = None
    code: Annotated[str, Field(pattern="^[a-z]+$")] = "x"
    tags: Annotated[tuple[str, ...], Field(min_length=1)] = ("x",)
    kind_: str | None = Field(default=None, alias="class")

    @field_validator("name")
    @classmethod
    def _no_spaces(cls, value: str) -> str:
        if " " in value:
            raise ValueError("a name has no spaces")
        return value

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.main and self.halls:
            raise refuse("give halls or main, not both", "remove main", at=("main",))
        if self.tier == "b" and not self.flag:
            units.parse("3 GB", "power")
        return self


class Root(StrictModel):
    site: Site
    sites: tuple[Site, ...] = ()


def faults(text: str) -> list[tuple[int, int, str, str, str | None]]:
    """(line, column, code, message, hint) of every fault of a site written in flow style after `site: `."""
    with pytest.raises(InputError) as caught:
        parse(Root, loads(text, "t"))
    assert all(d.place for d in caught.value.diagnostics)
    return [(d.place.line, d.place.column, d.code, d.message, d.hint) for d in caught.value.diagnostics if d.place]


@pytest.mark.parametrize(
    ("text", "column", "code", "message", "hint"),
    [
        ("halls: [{power: 40}]", 17, "unit-missing", "power needs a unit: got 40", "write 40 MW or 40 kW"),
        ("halls: [{power: -4 MW}]", 17, "unit", "power must not be negative: got -4 MW", None),
        ("main: {power: 4 GB}", 15, "unit", "power expects W, kW, MW, GW; 'GB' is memory", "write it as 40 MW"),
        (
            "main: {power: 1 W, share: 8}",
            27,
            "unit",
            "share: fraction must be at most 100 %: got 8",
            "write 8 % or 0.08",
        ),
        ("halls: [{powr: 40 MW, power: 1 W}]", 10, "unknown-key", "unknown key 'powr'", "did you mean 'power'?"),
        ("by_name: {h: {powr: 40 MW, power: 1 W}}", 15, "unknown-key", "unknown key 'powr'", "did you mean 'power'?"),
        ("main: {power: 1 W, zz: 1}", 20, "unknown-key", "unknown key 'zz'", "known here: cooling, power, share"),
        ("capex: {valu: 1 CNY}", 9, "unknown-key", "unknown key 'valu'", "did you mean 'value'?"),
        ("clas: x", 1, "unknown-key", "unknown key 'clas'", "did you mean 'class'?"),
        ("main: {}", 7, "missing-key", "'power' is missing in main", "add 'power': Power at the rack."),
        ("halls: [{}]", 9, "missing-key", "'power' is missing in halls[0]", "add 'power': Power at the rack."),
        ("count: many", 8, "wrong-type", "count must be a whole number: got 'many'", None),
        ("count: '12'", 8, "wrong-type", "count must be a whole number: got '12'", None),
        ("count: true", 8, "wrong-type", "count must be a whole number: got true", None),
        ("count: 1.5", 8, "wrong-type", "count must be a whole number: got 1.5", None),
        ("factor: true", 9, "wrong-type", "factor must be a number: got true", None),
        ("factor: .nan", 9, "wrong-value", "factor must be finite: got nan", None),
        ("factor: [1]", 9, "wrong-type", "factor must be a number: got a list", None),
        ("flag: NO", 7, "wrong-type", "flag must be true or false: got 'NO'", "write true or false"),
        ("flag: 1", 7, "wrong-type", "flag must be true or false: got 1", "write true or false"),
        ("opened: soon", 9, "wrong-type", "opened must be a date such as 2026-07-01: got 'soon'", None),
        ("opened: 20260701", 9, "wrong-type", "opened must be a date such as 2026-07-01: got 20260701", None),
        ("opened: 2026-02-30", 9, "wrong-type", "opened must be a date such as 2026-07-01: got '2026-02-30'", None),
        ("tier: A", 7, "wrong-value", "tier must be 'a' or 'b': got 'A'", "did you mean 'a'?"),
        ("main: {power: 1 W, cooling: luquid}", 29, "wrong-value", "cooling must be", "did you mean 'liquid'?"),
        ("halls: {power: 1 W}", 8, "wrong-type", "halls must be a list: got a mapping", None),
        ("halls: 3", 8, "wrong-type", "halls must be a list: got 3", None),
        ("main: 3", 7, "wrong-type", "main must be a mapping: got 3", None),
        ("by_name: [1]", 10, "wrong-type", "by_name must be a mapping: got a list", None),
        ("by_name: {3: {power: 1 W}}", 11, "wrong-type", "the key 3 must be text: got 3", 'write "3"'),
        ("by_year: {x: 1}", 11, "wrong-type", "the key 'x' must be a whole number: got 'x'", None),
        ("code: A1", 7, "wrong-value", "code must match ^[a-z]+$: got 'A1'", None),
        ("tags: []", 7, "out-of-range", "tags must have at least 1", None),
        ("tags: x", 7, "wrong-type", "tags must be a list: got 'x'", None),
        ("tags: [1]", 8, "wrong-type", "tags[0] must be text: got 1", 'write "1"'),
        (
            "finance: {kind: lone}",
            17,
            "wrong-value",
            "kind must be one of 'loan', 'lease': got 'lone'",
            "did you mean 'loan'?",
        ),
        ("finance: {amount: 1 CNY}", 10, "missing-key", "'kind' is missing in finance", "add 'kind'"),
        ("finance: {kind: lease, years: 0}", 31, "out-of-range", "years must be at least 1: got 0", None),
        ("finance: {kind: loan, amount: 3}", 31, "unit-missing", "amount: money needs a currency: got 3", None),
        (
            "finance: {kind: loan, amount: 1 CNY, yrs: 1}",
            38,
            "unknown-key",
            "unknown key 'yrs'",
            "known here: amount, kind",
        ),
        ("capex: 3 MW", 8, "unit", "capex: money expects a number", None),
        ("capex: {low: 3 MW}", 14, "unit", "capex.low: money expects a number", None),
        ("capex: {low: 3 CNY, mid: 2 CNY}", 8, "wrong-value", "low, mid and high must not decrease", None),
        ("capex: {low: 3 CNY, mid: 4 USD}", 8, "wrong-value", "low, mid and high must be in the same currency", None),
        ("capex: {value: 3 CNY, mid: 4 CNY}", 8, "wrong-value", "give either value or low/mid/high", None),
        ("racks: x", 8, "wrong-type", "racks must be a whole number: got 'x'", None),
        ("racks: true", 8, "wrong-type", "racks must be a whole number: got true", None),
        ("limit: 3 GB", 8, "unit", "limit: power expects W, kW, MW, GW; 'GB' is memory, or limit must be 'none'", None),
        ("main: {power: 1 W}, halls: [{power: 1 W}]", 7, "wrong-value", "give halls or main, not both", "remove main"),
    ],
)
def test_a_fault_has_its_place_its_words_and_its_remedy(
    text: str, column: int, code: str, message: str, hint: str | None
):
    indent = len("site: {name: x, ")
    ((line, found_column, found_code, found_message, found_hint),) = faults(f"site: {{name: x, {text}}}")
    assert (line, found_column, found_code) == (1, indent + column, code)
    assert found_message.startswith(message)
    if hint:
        assert found_hint == hint


def test_a_missing_key_points_at_the_mapping_that_lacks_it():
    assert faults("sites:\n  - name: x\n  - count: 3\nsite:\n  name: x\n") == [
        (3, 5, "missing-key", "'name' is missing in sites[1]", "add 'name'")
    ]
    assert faults("sites: []\n") == [(1, 1, "missing-key", "'site' is missing in the file", "add 'site'")]


def test_plain_value_errors_of_validators_are_kept_as_written():
    assert faults("site: {name: a b}") == [(1, 14, "wrong-value", "a name has no spaces", None)]


def test_an_input_error_raised_in_a_validator_gets_the_place_of_the_value():
    ((line, column, code, message, _),) = faults("site: {name: x, tier: b}")
    assert (line, column, code) == (1, 7, "unit")
    assert message.endswith("power expects W, kW, MW, GW; 'GB' is memory")


def test_a_file_that_is_no_mapping_is_refused_at_its_start():
    assert faults("hello") == [(1, 1, "wrong-type", "the file must be a mapping: got 'hello'", None)]


def test_all_faults_come_in_one_raise_sorted_by_place():
    found = faults("site:\n  name: x\n  count: y\n  tier: c\nsites:\n  - {nam: x}\nzzz: 1\n")
    assert [(line, column) for line, column, *_ in found] == [(3, 10), (4, 9), (6, 5), (6, 6), (7, 1)]


def test_a_part_of_a_document_can_be_parsed_and_keeps_its_places():
    document = loads("a:\n  b:\n    - {power: 1 W}\n    - {power: 2}\n", "t")
    assert parse(Hall, document, ("a", "b", 0)).power == pytest.approx(0.001)
    with pytest.raises(InputError, match="t:4:15"):
        parse(Hall, document, ("a", "b", 1))
    with pytest.raises(InputError, match=r"t:2:3: .*a.c is missing"):
        parse(Hall, document, ("a", "c"))


def test_good_input_becomes_a_frozen_model():
    text = "site: {name: x, halls: [{power: 40 MW, cooling: liquid}], count: 1e3, "
    text += "class: y, opened: 2026-07-01, limit: 1 MW}"
    site = parse(Root, loads(text)).site
    assert (site.halls[0].power, site.halls[0].cooling, site.count) == (40_000, Cooling.LIQUID, 1000)
    assert (site.kind_, site.opened, site.limit) == ("y", date(2026, 7, 1), 1000)
    with pytest.raises(ValueError, match="frozen"):
        site.name = "y"  # type: ignore[misc]
