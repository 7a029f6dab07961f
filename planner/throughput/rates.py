"""Rates for the planner: many cluster sizes at once, kept in memory."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Protocol

from planner.errors import InputError
from planner.throughput.inputs import LatentAttention, Machine, Recipe, Transformer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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


class Tier(Protocol):
    """What this module reads of a switch tier of a catalog fabric."""

    @property
    def oversubscription(self) -> float:
        """Edge over core bandwidth."""

    @property
    def endpoints(self) -> Any:
        """A fact: most accelerators that the tier connects."""


class CatalogFabric(Protocol):
    """What this module reads of `planner.catalog.fabric.Fabric`."""

    @property
    def id(self) -> str:
        """Fabric id."""

    @property
    def tiers(self) -> Sequence[Tier]:
        """By number of switch tiers, one first."""


def fabric_tiers(fabric: CatalogFabric, accelerators: int) -> tuple[float, int]:
    """(oversubscription, pod): the tier that so many accelerators need, and what the tiers below without it connect.

    Raises:
        InputError: no tier of the fabric connects so many.
    """
    pod = 0
    for tier in fabric.tiers:
        reach = tier.endpoints.at("mid")
        if reach is None:
            continue
        if reach >= accelerators:
            return tier.oversubscription, pod
        pod = int(reach) if tier.oversubscription <= 1 else pod
    raise InputError.of("throughput-fabric", f"{fabric.id} does not connect {accelerators:,} accelerators",
                        f"its largest network has {pod:,}" if pod else "it states no reach")  # fmt: skip


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
    known = _KNOWN.setdefault(content_key(shape, recipe, machine, calibration), {})
    fresh = tuple(dict.fromkeys(n for n in sizes if n not in known))
    if fresh:
        from planner.throughput.case import case
        from planner.throughput.estimate import open_sizes, search

        question = case(shape, recipe, machine, calibration)
        known.update(zip(fresh, search(question, fresh, calibration, open_sizes(recipe)), strict=True))
    return [known[n] for n in sizes]


def flops_of(transformer: CatalogTransformer | Transformer, recipe: Recipe) -> float:
    """Model FLOPs of training on one token."""
    from planner.throughput.case import flops_per_token

    return flops_per_token(transformer_of(transformer), recipe)


_KNOWN: dict[str, dict[int, Estimate]] = {}
"""The estimates made so far by content of the question and cluster size."""

FORMAT = 1
"""Version of the saved estimates; part of every key, as is the calibration."""


def content_key(shape: Transformer, recipe: Recipe, machine: Machine, calibration: Calibration) -> str:
    """Hash of everything that decides an estimate but the cluster size."""
    content = repr((FORMAT, shape, recipe, machine.key, calibration.digest))
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def save(path: Path) -> None:
    """Write all estimates made so far, for `restore` in another process."""
    known = {key: {str(n): e.to_dict() for n, e in sizes.items()} for key, sizes in _KNOWN.items()}
    path.write_text(json.dumps(known), encoding="utf-8")


def restore(path: Path) -> int:
    """Take over saved estimates; those of other calibrations are never asked for. Returns how many."""
    from planner.throughput.estimate import Estimate

    known = json.loads(path.read_text(encoding="utf-8"))
    for key, sizes in known.items():
        _KNOWN.setdefault(key, {}).update({int(n): Estimate.from_dict(e) for n, e in sizes.items()})
    return sum(map(len, known.values()))


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
