"""What is measured: the shapes, in full or quickly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from planner.throughput.inputs import Transformer

GPT_2K = Transformer("gpt-2048", 24, 2048, 16, 16, 128, 8192, False, 51200, tied_embed=True)
GPT_4K = Transformer("gpt-4096", 32, 4096, 32, 32, 128, 16384, False, 51200, tied_embed=True)
GPT_8K = Transformer("gpt-8192", 64, 8192, 64, 64, 128, 32768, False, 51200, tied_embed=True)
LLAMA_2K = Transformer("llama-2048", 16, 2048, 32, 8, 64, 8192, True, 128256, tied_embed=True)
LLAMA_4K = Transformer("llama-4096", 32, 4096, 32, 8, 128, 14336, True, 128256)
LLAMA_8K = Transformer("llama-8192", 80, 8192, 64, 8, 128, 28672, True, 128256)
SHAPES = {t.id: t for t in (GPT_2K, GPT_4K, GPT_8K, LLAMA_2K, LLAMA_4K, LLAMA_8K)}
"""Layers as published models have them: GPT-3 sizes, and Llama 3 of 1, 8 and 70 thousand million parameters."""


@dataclass(frozen=True)
class Plan:
    """Sizes of every part; see the modules that read them."""

    squares: tuple[int, ...] = (512, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384)
    skinny: tuple[tuple[int, int, int], ...] = tuple(
        (m, n, k) for m in (64, 128, 256, 512, 1024, 2048) for n, k in ((4096, 4096), (2048, 7168), (7168, 2048))
    )
    products: tuple[tuple[Transformer, int, tuple[int, ...]], ...] = (
        (GPT_2K, 2048, (1, 8)), (GPT_2K, 8192, (1, 8)),
        (LLAMA_4K, 2048, (1, 2, 4, 8)), (LLAMA_4K, 8192, (1, 2, 4, 8)),
        (LLAMA_8K, 2048, (1, 4, 8)), (LLAMA_8K, 8192, (1, 4, 8)),
    )  # fmt: skip
    backward: tuple[tuple[Transformer, int, tuple[int, ...]], ...] = (
        (LLAMA_4K, 8192, (1, 8)), (LLAMA_8K, 8192, (8,)),
    )  # fmt: skip
    logits: tuple[Transformer, ...] = (GPT_2K, LLAMA_4K)
    eight_bit: tuple[tuple[Transformer, int, tuple[int, ...]], ...] = (
        (LLAMA_4K, 8192, (1, 8)), (LLAMA_8K, 8192, (1, 8)),
    )  # fmt: skip
    attention: tuple[tuple[int, int, int, int], ...] = tuple(
        (heads, kv, width, seq)
        for heads, kv, width in ((32, 32, 128), (32, 8, 128), (32, 8, 64), (4, 1, 128))
        for seq in (1024, 2048, 4096, 8192, 16384, 32768)
    )
    attention_tokens: int = 16384
    memory_bytes: float = 2e9
    operators: tuple[tuple[Transformer, int], ...] = ((GPT_2K, 8192), (LLAMA_4K, 8192), (LLAMA_8K, 8192))
    parameters: int = 400_000_000
    layers: tuple[tuple[Transformer, int, int], ...] = (
        *((t, seq, b) for t in SHAPES.values() for seq, b in ((2048, 1), (2048, 4), (8192, 1), (8192, 2))),
        (LLAMA_4K, 32768, 1),
    )
    experts: tuple[tuple[str, int, int, int, int, int, int], ...] = (
        ("8 wide experts", 4096, 8, 2, 14336, 1, 8192),
        ("8 wide experts, 4 devices", 4096, 8, 2, 14336, 4, 8192),
        ("128 narrow experts", 2048, 128, 8, 768, 1, 4096),
        ("128 narrow experts", 2048, 128, 8, 768, 1, 16384),
        ("256 experts, 8 devices", 7168, 256, 8, 2048, 8, 4096),
        ("256 experts, 32 devices", 7168, 256, 8, 2048, 32, 4096),
    )
    """Routed layers: name, hidden, experts, top k, expert width, devices that share them, tokens of each device."""
    compiled: bool = True
    steps: tuple[tuple[Transformer, int, int, int], ...] = ()
    """Training steps: shape, sequence, micro-batch, micro-batches a step."""
    warm_s: float = 10.0
    sustained_s: float = 8.0
    collective_bytes: tuple[int, ...] = (2**20, 2**23, 2**26, 2**29)
    only: frozenset[str] = field(default_factory=frozenset)

    def wants(self, part: str) -> bool:
        """Whether a part is measured; all are when none is named."""
        return not self.only or part in self.only


FULL = Plan()
QUICK = replace(
    FULL,
    squares=(1024, 2048, 4096, 8192),
    skinny=((128, 4096, 4096), (512, 4096, 4096), (2048, 4096, 4096)),
    products=((LLAMA_4K, 8192, (1, 8)),),
    backward=((LLAMA_4K, 8192, (1,)),),
    eight_bit=((LLAMA_4K, 8192, (1,)),),
    attention=((32, 8, 128, 2048), (32, 8, 128, 8192)),
    operators=((LLAMA_4K, 8192),),
    experts=FULL.experts[2:3],
    layers=((GPT_2K, 2048, 4), (LLAMA_4K, 8192, 1)),
    warm_s=2.0,
    sustained_s=2.0,
    collective_bytes=(2**23, 2**29),
)
TRAINING = (
    (GPT_2K, 2048, 1, 8), (GPT_2K, 2048, 2, 4), (GPT_2K, 2048, 4, 2), (GPT_2K, 2048, 8, 1), (GPT_2K, 2048, 8, 8),
    (LLAMA_2K, 4096, 1, 4), (LLAMA_2K, 4096, 4, 4),
)  # fmt: skip
