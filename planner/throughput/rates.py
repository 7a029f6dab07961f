"""Rates for the planner: many cluster sizes at once, kept in memory."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from planner.throughput.inputs import LatentAttention, Machine, Recipe, Transformer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.throughput.calibration import Calibration
    from planner.throughput.estimate import Estimate


class ResolvedSystem(Protocol):
    """What this module reads of `planner.catalog.resolve.ResolvedSystem`."""

    @property
    def id(self) -> str:
        """System id."""

    @property
    def platform(self) -> str | None:
        """Software platform id."""

    @property
    def accelerators(self) -> int:
        """Accelerators per system."""

    @property
    def peak(self) -> Mapping[str, float]:
        """Dense TFLOP/s by format."""

    @property
    def memory_gb(self) -> float:
        """GB per accelerator."""

    @property
    def memory_bandwidth_gbs(self) -> float:
        """GB/s per accelerator."""

    @property
    def scale_up_domain(self) -> int:
        """Accelerators within one scale-up domain."""

    @property
    def scale_up_gbs(self) -> float:
        """GB/s one direction per accelerator."""

    @property
    def scale_out_gbs(self) -> float:
        """GB/s one direction per accelerator."""

    @property
    def performance_family(self) -> str | None:
        """Calibration id."""


class CatalogTransformer(Protocol):
    """What this module reads of `planner.catalog.transformer.Transformer`."""

    @property
    def id(self) -> str:
        """Transformer id."""


def machine_of(system: ResolvedSystem) -> Machine:
    """The machine of a resolved catalog system; a system without a calibration takes the common prior."""
    return Machine(
        id=system.id,
        family=system.performance_family or "generic",
        platform=system.platform or "default",
        peak_tflops=dict(system.peak),
        memory_gb=system.memory_gb,
        memory_bandwidth_gbs=system.memory_bandwidth_gbs,
        domain=max(int(system.scale_up_domain), 1),
        scale_up_gbs=system.scale_up_gbs,
        scale_out_gbs=system.scale_out_gbs,
        accelerators_per_system=system.accelerators,
    )


DEFAULT_VOCABULARY = 128_000
"""Assumed where a published shape does not state its vocabulary."""


def transformer_of(entry: CatalogTransformer | Transformer) -> Transformer:
    """The shape of a catalog entry (or itself)."""
    if isinstance(entry, Transformer):
        return entry
    latent = getattr(entry, "mla", None)
    names = ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "gated_ffn", "experts", "top_k", "expert_ffn",
             "shared_experts", "dense_layers", "mtp_layers", "window", "window_every")  # fmt: skip
    return Transformer(
        id=entry.id,
        vocab=getattr(entry, "vocab", None) or DEFAULT_VOCABULARY,
        tied_embed=bool(getattr(entry, "tied_embed", None)),
        mla=None if latent is None else LatentAttention(
            latent.q_lora, latent.kv_lora, latent.qk_nope, latent.qk_rope, latent.v
        ),
        **{n: getattr(entry, n) for n in names},
    )  # fmt: skip


def rates(
    transformer: CatalogTransformer | Transformer,
    recipe: Recipe,
    machine: Machine,
    sizes: Sequence[int],
    calibration: Calibration | None = None,
) -> list[Estimate]:
    """Estimates of several cluster sizes, the fastest layout of each; sizes known already cost nothing."""
    from planner.throughput.calibration import load

    shape, calibration = transformer_of(transformer), calibration or load()
    known = _known(shape, recipe, machine.key, id(calibration))
    fresh = tuple(dict.fromkeys(n for n in sizes if n not in known))
    if fresh:
        from planner.throughput.case import case
        from planner.throughput.estimate import open_sizes, search

        question = case(shape, recipe, machine, calibration)
        known.update(zip(fresh, search(question, fresh, calibration, open_sizes(recipe)), strict=True))
        _ALIVE[id(calibration)] = calibration
    return [known[n] for n in sizes]


_ALIVE: dict[int, Calibration] = {}
"""Calibrations in use as keys: kept, so that no other object takes their identity."""


@lru_cache(maxsize=4096)
def _known(shape: Transformer, recipe: Recipe, machine: tuple[object, ...], calibration: int) -> dict[int, Estimate]:
    """The estimates made so far of one question, by cluster size."""
    return {}


def rate(
    transformer: CatalogTransformer | Transformer,
    recipe: Recipe,
    system: ResolvedSystem | Machine,
    accelerators: int,
    calibration: Calibration | None = None,
) -> Estimate:
    """The estimate of one cluster size."""
    machine = system if isinstance(system, Machine) else machine_of(system)
    return rates(transformer, recipe, machine, (accelerators,), calibration)[0]
