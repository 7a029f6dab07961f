"""Published training runs: the file format of catalogs/measurements/training_runs.yaml, read as it is."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from planner.errors import InputError
from planner.throughput.calibration import Calibration, Family, folder
from planner.throughput.inputs import Constraint, LatentAttention, Machine, Recipe, Recompute, Schedule, Transformer

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_SEQ = 4096
SCHEDULE_WORDS: tuple[tuple[re.Pattern[str], Schedule], ...] = (
    (re.compile(r"schedule (zbb|zbv|zero-bubble)|DualPipe"), "zero-bubble"),
    (re.compile(r"schedule v-half"), "v-half"),
    (re.compile(r"schedule v-min"), "v-min"),
)
DEFAULT_VOCABULARY = 51_200
PLATFORM_OF_VENDOR_FAMILY = "default"
_RECOMPUTED: dict[str, Recompute] = {"none": "none", "selective": "selective", "full": "full", "offload": "full"}


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement that can be predicted, with what had to be assumed."""

    id: str
    source: str
    family: str
    """Calibration id."""
    family_name: str
    accelerators: int
    transformer: Transformer
    recipe: Recipe
    machine: Machine
    constraint: Constraint
    software_words: str
    measured: float
    """tokens/s per accelerator."""
    memory_gib: float | None
    use: str
    scale: str
    searched: bool
    """The tensor and pipeline split is not published."""
    assumed: tuple[str, ...]

    @property
    def kind(self) -> str:
        """`dense` or `moe`."""
        return self.transformer.kind


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that cannot be predicted, and why."""

    id: str
    reason: str


def read(path: Path) -> dict[str, Any]:
    """The file as plain data."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with path.open(encoding="utf-8") as stream:
            data = yaml.load(stream, Loader=loader)
    except OSError as fault:
        raise InputError.of("runs-file", f"cannot read {path}: {fault.strerror}") from fault
    except yaml.YAMLError as fault:
        raise InputError.of("runs-file", f"{path} is not YAML: {fault}") from fault
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise InputError.of("runs-file", f"{path} has no `rows` list", "see docs/throughput.md for the format")
    return data


def runs(data: dict[str, Any], calibration: Calibration) -> tuple[list[Run], list[Skipped]]:
    """Every row as a run, or skipped with a reason."""
    models = {k: transformer(k, v) for k, v in (data.get("models") or {}).items() if _complete(v)}
    references = {k: str((v or {}).get("ref", "")) for k, v in (data.get("sources") or {}).items()}
    usual = _usual_sequences(data["rows"])
    kept: list[Run] = []
    skipped: list[Skipped] = []
    for row in data["rows"]:
        run = _run(row, models, data.get("systems") or {}, references, calibration, usual)
        if isinstance(run, Run):
            kept.append(run)
        else:
            skipped.append(Skipped(str(row.get("id")), run))
    return kept, skipped


def _usual_sequences(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The sequence length that most rows of a model state."""
    stated: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        if row.get("model") and row.get("seq"):
            stated[row["model"]][int(row["seq"])] += 1
    return {model: count.most_common(1)[0][0] for model, count in stated.items()}


_WIDTHS = ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn")


def _complete(model: dict[str, Any]) -> bool:
    return all(model.get(k) for k in _WIDTHS)


def transformer(name: str, m: dict[str, Any]) -> Transformer:
    """A shape of the file's `models`."""
    latent = m.get("mla")
    return Transformer(
        id=name,
        vocab=m.get("vocab") or DEFAULT_VOCABULARY,
        tied_embed=bool(m.get("tied_embed")),
        gated_ffn=bool(m.get("gated_ffn")),
        mla=LatentAttention(**latent) if latent else None,
        **{k: int(m[k]) for k in _WIDTHS},
        **{
            k: int(m.get(k) or 0)
            for k in ("experts", "top_k", "expert_ffn", "shared_experts", "dense_layers", "mtp_layers", "window")
        },
        window_every=int(m.get("window_every") or 1),
    )


def machine(name: str, s: dict[str, Any], family: Family, slices: int, accelerators: int) -> Machine | str:
    """A machine of the file's `systems`; a reason when its peak is not published."""
    peak = {k: float(v) for k, v in (s.get("peak_tflops") or {}).items() if v}
    if "bf16" not in peak:
        return f"system {name} has no published bf16 peak"
    domain = int(s.get("scaleup_size") or s.get("accel_per_node") or 8)
    if slices > 1:
        domain = min(domain, max(accelerators // slices, 1))
    return Machine(
        id=name,
        family=family.id,
        platform=PLATFORM_OF_VENDOR_FAMILY,
        peak_tflops=peak,
        memory_gb=float(s.get("hbm_gb") or 80),
        memory_bandwidth_gbs=1000 * float(s.get("hbm_tb_s") or 2.0),
        domain=domain,
        scale_up_gbs=float(s.get("scaleup_gbytes_s_per_dir") or 150),
        scale_out_gbs=float(s.get("fabric_gbit_s_per_accel") or 200) / 8,
        accelerators_per_system=int(s.get("accel_per_node") or 8),
    )


def _run(
    row: dict[str, Any],
    models: dict[str, Transformer],
    systems: dict[str, Any],
    references: dict[Any, str],
    calibration: Calibration,
    usual: dict[str, int],
) -> Run | str:  # fmt: skip
    tokens = row.get("tok_s_acc")
    if not tokens:
        return "no tokens/s are derivable"
    shape = models.get(row.get("model") or "")
    if shape is None:
        return "the shape of the model is not published"
    if not row.get("n") or row.get("system") not in systems:
        return "the number of accelerators or the system is not published"
    try:
        family = calibration.family(row["family"])
    except InputError:
        family = calibration.family("generic")
    n, p = int(row["n"]), row.get("parallel") or {}
    m = machine(row["system"], systems[row["system"]], family, int(row.get("slices") or 1), n)
    if isinstance(m, str):
        return m
    assumed: list[str] = []
    stack, date = calibration.match_software(
        row.get("software"), row.get("source"), family, references.get(row.get("source"), ""), p.get("zero")
    )
    seq = row.get("seq") or _assume(assumed, "seq", usual.get(row["model"], DEFAULT_SEQ))
    known = {k: p.get(k) for k in ("tp", "pp", "dp", "cp", "ep", "mbs", "vpp")}
    _count_cores(known, n, assumed)
    ways = (known["dp"] or max(n // 8, 1)) * (known["mbs"] or 1)
    batch = row.get("gbs_seqs") or _assume(assumed, "gbs_seqs", int(ways * max(4 * (known["pp"] or 1), 8)))
    mode: Recompute | None = _RECOMPUTED.get(p.get("recompute") or "")
    recipe = Recipe(
        seq=int(seq),
        global_batch=int(batch),
        precision=_precision(row, m, family, calibration, assumed),
        task="lora" if row.get("task") == "lora" else "pretrain",
        software=stack.id,
        date=date,
        gradient_bytes=stack.numbers["gradient_bytes"],
        schedule=next((s for words, s in SCHEDULE_WORDS if words.search(row.get("software") or "")), None),
        sequence_parallel=bool(p["sp"]) if p.get("sp") is not None else stack.numbers["sequence_parallel"] > 0,
    )
    choice = Constraint(
        tp=known["tp"], pp=known["pp"], dp=known["dp"], cp=known["cp"], ep=known["ep"],
        virtual=known["vpp"], micro_batch=known["mbs"], recompute=mode, zero=p.get("zero"),
    )  # fmt: skip
    if (p.get("zero") or 0) >= 3 and choice.pp is None:  # fully sharded runs do not pipeline
        choice = replace(choice, pp=1, virtual=1)
    if not shape.is_moe:
        choice = replace(choice, ep=None)
    return Run(
        id=str(row["id"]), source=str(row.get("source")), family=family.id, family_name=str(row.get("family")),
        accelerators=n, transformer=shape, recipe=recipe, machine=m, constraint=choice,
        software_words=row.get("software") or "", measured=float(tokens),
        memory_gib=(row.get("measured") or {}).get("mem_gib"), use=row.get("use") or "absolute",
        scale=str(row.get("scale")), searched=known["tp"] is None, assumed=tuple(assumed),
    )  # fmt: skip


def _count_cores(known: dict[str, int | None], n: int, assumed: list[str]) -> None:
    """Where the published sizes multiply to several times the accelerators, cores were counted: fold them into tp."""
    product = math.prod(known[k] or 1 for k in ("tp", "pp", "dp", "cp"))
    cores, tp = product // n, known["tp"]
    if tp and cores > 1 and product == cores * n and tp % cores == 0:
        known["tp"] = tp // cores
        assumed.append(f"{cores} cores per accelerator")


def _precision(row: dict[str, Any], m: Machine, family: Family, calibration: Calibration, assumed: list[str]) -> str:
    """The published precision; where the part cannot run it as far as is known, the next wider one."""
    name = str(row.get("precision") or "bf16")
    for choice in dict.fromkeys((name, "fp8", "bf16")):
        known = calibration.precisions.get(choice)
        if known and (m.peak_tflops.get(known.format) or choice in family.fallback):
            if choice != name:
                assumed.append(f"precision {choice} for {name}")
            return choice
    return "bf16"


def _assume(assumed: list[str], name: str, value: int) -> int:
    assumed.append(f"{name} {value}")
    return value


def shipped() -> Path:
    """The measurements carried with the program."""
    return folder().parent / "measurements" / "training_runs.yaml"
