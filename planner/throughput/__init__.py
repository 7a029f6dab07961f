"""Training throughput: what a model trains at on a cluster, with interval, layout, memory and time.

`estimate_throughput` is the one-call entry; everything is imported on first use, so that importing this package costs
nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.throughput.estimate import Estimate as Estimate
    from planner.throughput.estimate import estimate as estimate_throughput
    from planner.throughput.inputs import Constraint, Layout, Machine, Recipe, Transformer
    from planner.throughput.rates import machine_of, rate, transformer_of

__all__ = [
    "Constraint",
    "Estimate",
    "Layout",
    "Machine",
    "Recipe",
    "Transformer",
    "estimate_throughput",
    "machine_of",
    "rate",
    "transformer_of",
]

_PLACES = {
    "Estimate": ("estimate", "Estimate"),
    "estimate_throughput": ("estimate", "estimate"),
    **{name: ("inputs", name) for name in ("Constraint", "Layout", "Machine", "Recipe", "Transformer")},
    **{name: ("rates", name) for name in ("machine_of", "rate", "transformer_of")},
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(name)
    from importlib import import_module

    module, attribute = _PLACES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)
