"""Quantities with units. Inside the program every quantity is a float in its dimension's base unit.

power kW, energy kWh, time h, compute TFLOP/s, memory GB, bandwidth GB/s (bytes), area mm2, tokens, token rate tokens/s,
mass kg, carbon kg/kWh, length nm, latency us, fraction 1, per_year 1/yr; money carries its currency.
"""

from planner.units.money import CapacityCharge as CapacityCharge
from planner.units.money import CarbonPrice as CarbonPrice
from planner.units.money import HourlyPrice as HourlyPrice
from planner.units.money import Money as Money
from planner.units.money import PowerPrice as PowerPrice
from planner.units.money import Tariff as Tariff
from planner.units.money import TokenPrice as TokenPrice
from planner.units.quantity import UnitError as UnitError
from planner.units.quantity import format as format
from planner.units.quantity import format_exact as format_exact
from planner.units.quantity import parse as parse
from planner.units.table import DIMENSIONS as DIMENSIONS
from planner.units.table import HOURS_PER_YEAR as HOURS_PER_YEAR
from planner.units.table import Dimension as Dimension
from planner.units.types import Area as Area
from planner.units.types import Bandwidth as Bandwidth
from planner.units.types import Carbon as Carbon
from planner.units.types import Compute as Compute
from planner.units.types import Duration as Duration
from planner.units.types import Energy as Energy
from planner.units.types import Fraction as Fraction
from planner.units.types import Latency as Latency
from planner.units.types import Length as Length
from planner.units.types import Mass as Mass
from planner.units.types import Memory as Memory
from planner.units.types import PerYear as PerYear
from planner.units.types import Power as Power
from planner.units.types import Ratio as Ratio
from planner.units.types import SignedDuration as SignedDuration
from planner.units.types import SignedEnergy as SignedEnergy
from planner.units.types import SignedFraction as SignedFraction
from planner.units.types import SignedMoney as SignedMoney
from planner.units.types import SignedPerYear as SignedPerYear
from planner.units.types import SignedPower as SignedPower
from planner.units.types import TokenRate as TokenRate
from planner.units.types import Tokens as Tokens
from planner.units.types import Unit as Unit
