"""What the model is told: plain frozen dataclasses, no units objects, no catalog types.

Everything is a plain number in the unit its name or docstring states, so that a test or a notebook
can build an input in one line and the planner can build one from a resolved catalog entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Recompute = Literal["none", "selective", "full"]
RECOMPUTE_MODES: tuple[Recompute, ...] = ("none", "selective", "full")
Schedule = Literal["1f1b", "zero-bubble", "v-half", "v-min"]
SCHEDULES: tuple[Schedule, ...] = ("1f1b", "zero-bubble", "v-half", "v-min")


@dataclass(frozen=True, slots=True)
class LatentAttention:
    """Low-rank attention: ranks of the query and key/value factors and the head widths."""

    q_lora: int
    kv_lora: int
    qk_nope: int
    qk_rope: int
    v: int


@dataclass(frozen=True, slots=True)
class Transformer:
    """The shape of a decoder-only transformer; counts and widths only.

    `ffn` is the width of the dense feed-forward block, `expert_ffn` of one routed expert.
    `window` keys are attended in every `window_every`-th layer, all keys in the others.
    """

    id: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    gated_ffn: bool
    vocab: int
    tied_embed: bool = False
    experts: int = 0
    top_k: int = 0
    expert_ffn: int = 0
    shared_experts: int = 0
    dense_layers: int = 0
    mtp_layers: int = 0
    window: int = 0
    window_every: int = 1
    mla: LatentAttention | None = None

    @property
    def is_moe(self) -> bool:
        """Whether any layer routes tokens to experts."""
        return self.experts > 0

    @property
    def kind(self) -> str:
        """`dense` or `moe`."""
        return "moe" if self.is_moe else "dense"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the model is trained.

    Attributes:
        seq: tokens per sequence.
        global_batch: sequences per optimizer step over the whole cluster.
        precision: id of an entry of the calibration's `precisions`.
        recompute: a fixed activation-recompute mode, or `search`.
        zero: a fixed ZeRO stage (0 to 3), or None to search.
        task: `pretrain`, or `lora` (base weights frozen).
        software: id of a software stack of the calibration, or None for the platform's own.
        date: decimal year of the software release; None is the newest the calibration knows.
        state_bytes: optimizer state and master weights, bytes per parameter.
        gradient_bytes: bytes per parameter of the gradient buffer.
        sequence_parallel: whether norms are split over the tensor-parallel group.
        schedule: of the pipeline; None is the usual one of the software stack.
        capacity: tokens that an expert computes and is sent, over an even share: padded buffers above 1, dropped
            tokens below, 1 for balanced routing without either.
    """

    seq: int
    global_batch: int
    precision: str = "bf16"
    recompute: Recompute | Literal["search"] = "search"
    zero: int | None = None
    task: Literal["pretrain", "lora"] = "pretrain"
    software: str | None = None
    date: float | None = None
    state_bytes: float = 12.0
    gradient_bytes: float = 4.0
    sequence_parallel: bool = True
    schedule: Schedule | None = None
    capacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Machine:
    """One accelerator and its links, with the calibration family that says how well it is used.

    Peaks in dense TFLOP/s by format; bandwidths in GB/s, one direction, per accelerator. Groups that span more than
    `pod` accelerators have their bandwidth across domains divided by `oversubscription`; with pod 0 all groups have.
    """

    id: str
    family: str
    platform: str
    peak_tflops: dict[str, float] = field(hash=False)
    memory_gb: float = 80.0
    memory_bandwidth_gbs: float = 2000.0
    domain: int = 8
    scale_up_gbs: float = 300.0
    scale_out_gbs: float = 25.0
    accelerators_per_system: int = 8
    oversubscription: float = 1.0
    pod: int = 0

    def with_(self, **changes: Any) -> Machine:
        """A copy with the given fields changed."""
        return replace(self, **changes)

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that decides a prediction, hashable: the cache key."""
        return (
            self.family,
            self.platform,
            tuple(sorted(self.peak_tflops.items())),
            self.memory_gb,
            self.memory_bandwidth_gbs,
            self.domain,
            self.scale_up_gbs,
            self.scale_out_gbs,
            self.oversubscription,
            self.pod,
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """How the cluster is cut: tensor, pipeline, data, context and expert parallel sizes.

    `virtual` is the number of pipeline chunks per stage (1 = not interleaved), `micro_batch` in
    sequences. A None in a request (see `Constraint`) leaves that size to the search.
    """

    tp: int
    pp: int
    dp: int
    cp: int = 1
    ep: int = 1
    virtual: int = 1
    micro_batch: int = 1
    recompute: Recompute = "none"
    zero: int = 1

    def __str__(self) -> str:
        """The usual short form, `tp8 pp4 dp16 ...`, without sizes that are 1."""
        parts = [f"tp{self.tp}", f"pp{self.pp}", f"dp{self.dp}"]
        parts += [f"{n}{v}" for n, v in (("cp", self.cp), ("ep", self.ep), ("v", self.virtual)) if v > 1]
        return " ".join([*parts, f"mb{self.micro_batch}", f"zero{self.zero}", f"recompute-{self.recompute}"])


@dataclass(frozen=True, slots=True)
class Constraint:
    """A partly given layout; None leaves a size to the search."""

    tp: int | None = None
    pp: int | None = None
    dp: int | None = None
    cp: int | None = None
    ep: int | None = None
    virtual: int | None = None
    micro_batch: int | None = None
    recompute: Recompute | None = None
    zero: int | None = None

    @staticmethod
    def of(layout: Layout) -> Constraint:
        """The constraint that only this layout meets."""
        return Constraint(
            layout.tp, layout.pp, layout.dp, layout.cp, layout.ep,
            layout.virtual, layout.micro_batch, layout.recompute, layout.zero,
        )  # fmt: skip
