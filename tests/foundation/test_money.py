"""Money and prices: reading, exact text, arithmetic within one currency."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from planner.units import (
    CapacityCharge,
    CarbonPrice,
    HourlyPrice,
    Money,
    PowerPrice,
    SignedMoney,
    Tariff,
    TokenPrice,
    UnitError,
)

AMOUNTS = st.floats(allow_nan=False, allow_infinity=False)
KINDS = st.sampled_from([Money, Tariff, CarbonPrice, PowerPrice, CapacityCharge, HourlyPrice, TokenPrice])


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("24400 USD", Money(24_400, "USD")),
        ("60e6 CNY", Money(60e6, "CNY")),
        ("1.2 bn CNY", Money(1.2e9, "CNY")),
        ("1.2bn CNY", Money(1.2e9, "CNY")),
        ("300 million CNY", Money(300e6, "CNY")),
        ("178000 CNY", Money(178_000, "CNY")),
        ("12 万 CNY", Money(120_000, "CNY")),
        ("0.35 CNY/kWh", Tariff(0.35, "CNY")),
        ("350 CNY/MWh", Tariff(0.35, "CNY")),
        ("51 USD/t", CarbonPrice(0.051, "USD")),
        ("9000 CNY/kW", PowerPrice(9000, "CNY")),
        ("9 million CNY/MW", PowerPrice(9000, "CNY")),
        ("8766 CNY/kW/yr", CapacityCharge(1, "CNY")),
        ("2.5 USD/h", HourlyPrice(2.5, "USD")),
        ("0.5 USD/M tokens", TokenPrice(0.5e-6, "USD")),
    ],
)
def test_readings(text: str, money: Money):
    assert type(money).parse(text) == money


@given(KINDS, AMOUNTS, st.sampled_from(["CNY", "USD"]))
def test_the_exact_text_reads_back(kind: type[Money], amount: float, currency: str):
    money = kind(amount, currency)
    assert kind.parse(str(money), signed=True) == money


@given(AMOUNTS)
def test_money_survives_pickling_and_hashing(amount: float):
    money = Tariff(amount, "CNY")
    assert pickle.loads(pickle.dumps(money)) == money
    assert hash(money) == hash(Tariff(amount, "CNY"))


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1.2e9, "CNY"), "1.2 bn CNY"),
        (Money(300e6, "CNY"), "300 million CNY"),
        (Money(178_000, "CNY"), "178 000 CNY"),
        (Money(-2.5e9, "CNY"), "-2.5 bn CNY"),
        (Money(999.96e6, "CNY"), "1 bn CNY"),
        (Money(12.5, "USD"), "12.5 USD"),
        (Tariff(0.35, "CNY"), "0.35 CNY/kWh"),
    ],
)
def test_people_read_a_short_amount(money: Money, text: str):
    assert money.short() == text


@pytest.mark.parametrize(
    ("kind", "given_", "message"),
    [
        (Money, 60e6, "money needs a currency: got 60000000.0"),
        (Money, "60 cny", "money expects a number, perhaps k, million or bn, and a currency code: got '60 cny'"),
        (Money, "60 zillion CNY", "money expects a number, perhaps k, million or bn"),
        (Money, "-60 CNY", "money must not be negative: got -60 CNY"),
        (Money, "0.35 CNY/kWh", "money expects the form 1.2 bn CNY: got '0.35 CNY/kWh'"),
        (Tariff, "0.35 CNY", "tariff expects the form 0.35 CNY/kWh: got '0.35 CNY'"),
        (Tariff, "0.35 CNY/kW", "tariff is per energy: 'kW' is power"),
        (Money, True, "money must be a quantity: got true"),
        (Money, "1e999 CNY", "money must be finite: got 1e999 CNY"),
    ],
)
def test_refusals(kind: type[Money], given_: object, message: str):
    with pytest.raises(UnitError) as caught:
        kind.parse(given_)
    assert caught.value.diagnostics[0].message.startswith(message)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_sums_and_order_are_those_of_the_amounts(a: float, b: float):
    x, y = Money(a, "CNY"), Money(b, "CNY")
    assert (x + y).amount == a + b
    assert (x - y).amount == a - b
    assert (x < y) == (a < b)
    assert (2 * x).amount == (x * 2).amount == 2 * a
    assert (-x).amount == -a


@pytest.mark.parametrize("other", [Money(1, "USD"), Tariff(1, "CNY")])
def test_currencies_and_kinds_do_not_mix(other: Money):
    with pytest.raises(UnitError, match="cannot combine"):
        Money(1, "CNY") + other
    with pytest.raises(UnitError, match="cannot combine"):
        _ = Money(1, "CNY") < other
    assert Money(1, "CNY") != other


def test_pydantic_reads_and_writes_money():
    adapter = TypeAdapter(Money)
    assert adapter.validate_python("60e6 CNY") == Money(60e6, "CNY")
    assert adapter.dump_python(Money(60e6, "CNY"), mode="json") == "60000000 CNY"
    assert TypeAdapter(SignedMoney).validate_python("-1 CNY") == Money(-1, "CNY")
    with pytest.raises(ValidationError, match="must not be negative"):
        adapter.validate_python("-1 CNY")
    assert TypeAdapter(Tariff).json_schema()["examples"] == ["0.35 CNY/kWh"]
