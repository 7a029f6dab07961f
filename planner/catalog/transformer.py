"""Transformer shapes as published: counts and widths only."""

from typing import Literal

from pydantic import Field, model_validator

from planner.catalog.entry import Entry
from planner.io.models import StrictModel, refuse


class LatentAttention(StrictModel):
    """Multi-head latent attention: ranks and head widths."""

    q_lora: int = Field(ge=0)
    kv_lora: int = Field(ge=1)
    qk_nope: int = Field(ge=0)
    qk_rope: int = Field(ge=0)
    v: int = Field(ge=1)


class Transformer(Entry):
    """The shape of a decoder-only transformer."""

    kind: Literal["dense", "moe"] = "dense"
    aliases: tuple[str, ...] = ()
    layers: int = Field(ge=1)
    hidden: int = Field(ge=1)
    heads: int = Field(ge=1)
    kv_heads: int = Field(ge=1)
    head_dim: int = Field(ge=1)
    ffn: int = Field(ge=0)
    """Width of the dense feed-forward block."""
    gated_ffn: bool
    vocab: int | None = Field(default=None, ge=1)
    tied_embed: bool | None = None
    experts: int = Field(default=0, ge=0)
    top_k: int = Field(default=0, ge=0)
    expert_ffn: int = Field(default=0, ge=0)
    """Width of one routed expert."""
    shared_experts: int = Field(default=0, ge=0)
    dense_layers: int = Field(default=0, ge=0)
    """Leading layers without experts."""
    mtp_layers: int = Field(default=0, ge=0)
    """Multi-token-prediction modules."""
    window: int = Field(default=0, ge=0)
    """Keys attended in windowed layers; 0 for none."""
    window_every: int = Field(default=1, ge=1)
    mla: LatentAttention | None = None
    params_b: float | None = Field(default=None, gt=0)
    """Published parameter count, 1e9."""
    active_b: float | None = Field(default=None, gt=0)
    """Published parameters active per token, 1e9."""
    confidence: str | None = None

    @model_validator(mode="after")
    def _experts_fit(self) -> "Transformer":
        if (self.kind == "moe") != (self.experts > 0):
            raise refuse(f"kind {self.kind} does not fit experts: {self.experts}", "moe has experts, dense has none")
        if self.top_k > self.experts:
            raise refuse(f"top_k {self.top_k} is more than experts {self.experts}")
        return self
