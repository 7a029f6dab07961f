"""Small named machines and models."""

import pytest

from planner.throughput.calibration import Calibration, load
from planner.throughput.inputs import LatentAttention, Machine, Recipe, Transformer


@pytest.fixture(scope="session")
def calibration() -> Calibration:
    return load()


@pytest.fixture
def dense() -> Transformer:
    return Transformer("dense-70b", 80, 8192, 64, 8, 128, 28672, True, 128256)


@pytest.fixture
def tiny() -> Transformer:
    return Transformer("tiny", 4, 1024, 16, 16, 64, 4096, False, 51200, tied_embed=True)


@pytest.fixture
def moe() -> Transformer:
    latent = LatentAttention(1536, 512, 128, 64, 128)
    return Transformer(
        "moe-671b", 61, 7168, 128, 128, 128, 18432, True, 129280,
        experts=256, top_k=8, expert_ffn=2048, shared_experts=1, dense_layers=3, mla=latent,
    )  # fmt: skip


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(seq=4096, global_batch=1024)


@pytest.fixture
def machine() -> Machine:
    peak = {"bf16": 1000.0, "fp8": 2000.0}
    return Machine("box", "generic", "default", peak, 80, 3000, 8, 400, 50)
