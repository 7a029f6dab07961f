"""What a file of runs says, read with care: numbers as they are meant, and a plain reason where they cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from planner.throughput.inputs import LatentAttention, Transformer

DEFAULT_VOCABULARY = 51_200
HEAD_WIDTH = 128
"""Width of a head where only the hidden width is known."""

ASPECT = 128
"""Hidden width per layer where only the number of parameters is known (GPT-3 175B 128, Llama 3 405B 130, 70B 102)."""

EVEN = 1024
"""Such a hidden width is a multiple of this, so that the heads divide over usual tensor-parallel sizes."""


class UnreadableError(Exception):
    """A row that cannot be predicted; the text says why, for people."""


def mapping(value: object) -> dict[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return {str(k): v for k, v in value.items()} if isinstance(value, Mapping) else {}


def number(value: object) -> float | None:
    """A finite number, also where it was written as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def count(value: object) -> int | None:
    """A whole number of at least 1."""
    found = number(value)
    return int(found) if found is not None and found >= 1 and found == int(found) else None


def stated(row: Mapping[str, Any], name: str, what: str) -> int | None:
    """The count that a row states under `name`, None where it says nothing; raises where that is no count."""
    if row.get(name) in (None, 0):
        return None
    found = count(row[name])
    if found is None:
        raise UnreadableError(f"{what} {row[name]!r} is not a whole number of at least 1")
    return found


def size(parallel: Mapping[str, Any], name: str, assumed: list[str]) -> int | None:
    """A parallel size, or None (left to the search, and said) where it is none."""
    value = parallel.get(name)
    found = count(value)
    if found is None and value not in (None, 0):
        assumed.append(f"{name} {value!r} left open")
    return found


def shape(name: str, m: Mapping[str, Any], parameters_b: float | None, stages: int) -> tuple[Transformer, list[str]]:
    """A shape of the file's `models`, and what of it is assumed.

    Where widths are missing they follow from the others; where all are, a GPT block of the usual proportions with
    that many parameters stands in, its layers a multiple of the pipeline `stages`. Experts are never guessed.
    """
    assumed: list[str] = []
    found = {k: count(m.get(k)) for k in ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn")}
    routed = {k: count(m.get(k)) or 0 for k in ("experts", "top_k", "expert_ffn", "shared_experts")}
    is_moe = bool(routed["experts"]) or m.get("kind") == "moe"
    if found["layers"] is None or found["hidden"] is None:
        if is_moe or not parameters_b:
            raise UnreadableError("the shape of the model is not published")
        found = _usual(parameters_b, stages)
        assumed.append(f"shape of {parameters_b:g}B parameters: {found['layers']} layers of {found['hidden']}")
    layers, hidden = found["layers"] or 0, found["hidden"] or 0
    if is_moe and not (routed["experts"] and routed["top_k"]):
        raise UnreadableError("how many experts there are, or how many a token goes to, is not published")
    heads = found["heads"] or _said(assumed, "shape: heads", max(hidden // (found["head_dim"] or HEAD_WIDTH), 1))
    gated = bool(m.get("gated_ffn"))
    ffn = found["ffn"]
    if is_moe and not routed["expert_ffn"]:
        routed["expert_ffn"] = ffn or 0
        assumed.append(f"shape: expert_ffn {ffn}")
    if ffn is None and routed["expert_ffn"]:
        ffn = routed["expert_ffn"]
    ffn = ffn or _said(assumed, "shape: ffn", 8 * hidden // 3 if gated else 4 * hidden)
    if is_moe and not routed["expert_ffn"]:
        raise UnreadableError("the width of the experts is not published")
    return Transformer(
        id=name,
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=found["kv_heads"] or _said(assumed, "shape: kv_heads", heads),
        head_dim=found["head_dim"] or _said(assumed, "shape: head_dim", max(hidden // heads, 1)),
        ffn=ffn,
        gated_ffn=gated,
        vocab=count(m.get("vocab")) or DEFAULT_VOCABULARY,
        tied_embed=bool(m.get("tied_embed")),
        mla=_latent(m.get("mla")),
        **routed,
        **{k: count(m.get(k)) or 0 for k in ("dense_layers", "mtp_layers", "window")},
        window_every=count(m.get("window_every")) or 1,
    ), assumed  # fmt: skip


def _said(assumed: list[str], what: str, value: int) -> int:
    assumed.append(f"{what} {value}")
    return value


def _usual(parameters_b: float, stages: int) -> dict[str, int | None]:
    """Widths of a GPT block (12 h^2 parameters per layer) of the usual proportions."""
    total = parameters_b * 1e9
    deep = (total / (12 * ASPECT**2)) ** (1 / 3)
    step = EVEN if ASPECT * deep > 4 * EVEN else HEAD_WIDTH
    hidden = max(round(ASPECT * deep / step), 1) * step
    layers = (total - DEFAULT_VOCABULARY * hidden) / (12 * hidden**2)
    layers = max(round(layers / stages), 1) * stages
    return {
        "layers": int(layers), "hidden": hidden, "heads": hidden // HEAD_WIDTH, "kv_heads": hidden // HEAD_WIDTH,
        "head_dim": HEAD_WIDTH, "ffn": 4 * hidden,
    }  # fmt: skip


def _latent(value: object) -> LatentAttention | None:
    """Latent attention; a query without a rank of its own (0 or none) is projected at full rank."""
    if not value:
        return None
    m = mapping(value)
    ranks = {k: count(m.get(k)) for k in ("kv_lora", "qk_nope", "qk_rope", "v")}
    missing = [k for k, v in ranks.items() if v is None]
    if missing:
        raise UnreadableError(f"the latent attention of the model lacks {', '.join(missing)}")
    return LatentAttention(q_lora=count(m.get("q_lora")) or 0, **{k: v or 0 for k, v in ranks.items()})
