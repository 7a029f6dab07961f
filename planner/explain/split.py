"""Where a substitution rate comes from: factors of throughput per accelerator that multiply to it exactly.

Each system's throughput per accelerator is built up from its peak in steps, each step one cause more: kernels on one
small group; the size of the cluster (stragglers, batch cut in ever smaller parts); the software stack; the links;
the memory that the layout has to fit in; failures. A step's factor is throughput with the cause over throughput
without it, found by the throughput model with that cause idealised (endless memory, instant links, a faultless
stack). The factors depend on the order of the steps, which is this one everywhere.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from planner.explain.speed import SMALLEST, Speed

if TYPE_CHECKING:
    from planner.throughput.calibration import Calibration
    from planner.throughput.case import Case as Question
    from planner.throughput.inputs import Recipe

type Part = Literal["peak", "mfu", "scale", "software", "interconnect", "memory", "goodput"]
PARTS: tuple[Part, ...] = get_args(Part.__value__)
MEANING: Mapping[Part, str] = {
    "peak": "peak compute: dense FLOP/s of the precision used",
    "mfu": "MFU of the kernels: share of the peak they reach in a small group with endless memory and links",
    "scale": "scale: stragglers, and the batch cut in smaller parts",
    "software": "software maturity: what the stack's release costs in device and host time",
    "interconnect": "interconnect: exposed traffic inside and across scale-up domains",
    "memory": "memory: recomputation and the layout that the memory forces",
    "goodput": "goodput: failures, restarts and checkpoints",
}

ENDLESS_GB, ENDLESS_GBS = 1e7, 1e9
"""Memory and links that never limit, GB and GB/s."""

FAULTLESS = {
    "efficiency": 1.0,
    "moe_efficiency": 1.0,
    "growth": 0.0,
    "moe_growth": 0.0,
    "attention": 1.0,
    "host": 0.0,
    "moe_host": 0.0,
    "unfused": 0.0,
}
"""Numbers of a software stack that costs nothing; overlap of traffic is left to the interconnect."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Factors of one system's throughput per accelerator by part; their product is tokens/s per accelerator.

    `peak` is in tokens/s per accelerator, the others are shares.
    """

    system: str
    accelerators: int
    factors: Mapping[Part, float]

    @property
    def tokens_per_s(self) -> float:
        """Effective tokens/s per accelerator."""
        return math.prod(self.factors.values())


def ladder(speed: Speed, accelerators: int) -> Ladder:
    """The factors of one system on a cluster that trains the workload (its estimate has no `reason`)."""
    from planner.throughput.calibration import load
    from planner.throughput.case import bf16_peak, case, flops_per_token
    from planner.throughput.inputs import Recipe
    from planner.throughput.rates import machine_of, transformer_of

    asked, calibration = speed.work.recipe, load()
    recipe = Recipe(asked.sequence, asked.global_batch, asked.precision)
    shape = transformer_of(speed.case.catalog.transformers[speed.work.model])
    machine = machine_of(speed.system)
    real = case(shape, recipe, machine, calibration)
    endless = machine.with_(memory_gb=ENDLESS_GB)
    instant = endless.with_(scale_up_gbs=ENDLESS_GBS, scale_out_gbs=ENDLESS_GBS)
    swift = replace(calibration, common={**calibration.common, "latency": 0.0, "latency_out": 0.0})
    faultless = replace(real.software, numbers={**real.software.numbers, **FAULTLESS})
    found = speed.at(accelerators)
    small = min(SMALLEST, accelerators)
    ideal = replace(real, machine=instant, software=faultless)
    peak_tflops = machine.peak_tflops.get(real.precision.format) or bf16_peak(machine)
    steps = (
        peak_tflops * 1e12 / flops_per_token(shape, recipe),
        _each(ideal, recipe, small, swift),
        _each(ideal, recipe, accelerators, swift),
        _each(replace(real, machine=instant), recipe, accelerators, swift),
        _each(replace(real, machine=endless), recipe, accelerators, calibration),
        found.tokens_per_s / accelerators,
        found.effective_tokens_per_s / accelerators,
    )
    factors = {part: step / before for part, step, before in zip(PARTS, steps, (1.0, *steps[:-1]), strict=True)}
    return Ladder(speed.system.id, accelerators, factors)


def _each(question: "Question", recipe: "Recipe", accelerators: int, calibration: "Calibration") -> float:
    """Tokens/s per accelerator of an idealised question."""
    from planner.throughput.estimate import open_sizes, search

    return search(question, (accelerators,), calibration, open_sizes(recipe))[0].tokens_per_s / accelerators


def parts(source: Ladder, target: Ladder) -> dict[Part, float]:
    """Factor of the substitution rate by cause: above 1, the target is the weaker of the two there.

    Their product is source.tokens_per_s / target.tokens_per_s.
    """
    return {part: source.factors[part] / target.factors[part] for part in PARTS}
