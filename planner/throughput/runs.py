"""Published training runs: the file format of catalogs/measurements/training_runs.yaml, read as it is."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from planner.errors import InputError
from planner.throughput.calibration import Calibration, Family, folder
from planner.throughput.inputs import Constraint, Machine, Recipe, Recompute, Schedule, Transformer
from planner.throughput.readings import UnreadableError, count, mapping, number, shape, size, stated

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_SEQ = 4096
SCHEDULE_WORDS: tuple[tuple[re.Pattern[str], Schedule], ...] = (
    (re.compile(r"schedule (zbb|zbv|zero-bubble)|DualPipe"), "zero-bubble"),
    (re.compile(r"schedule v-half"), "v-half"),
    (re.compile(r"schedule v-min"), "v-min"),
)
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
    def guessed(self) -> bool:
        """Whether something that decides the rate is not published: widths of the model or the peak of the part."""
        return any(a.startswith(("shape", "peak")) for a in self.assumed)

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
    rows = [mapping(row) for row in data["rows"]]
    file = _File(
        models={k: mapping(v) for k, v in mapping(data.get("models")).items()},
        systems={k: mapping(v) for k, v in mapping(data.get("systems")).items()},
        references={k: str(mapping(v).get("ref", "")) for k, v in mapping(data.get("sources")).items()},
        sequences=_usual_sequences(rows),
        rows=rows,
    )
    kept: list[Run] = []
    skipped: list[Skipped] = []
    for position, row in enumerate(rows, 1):
        name = str(row.get("id") or f"row {position}")
        try:
            kept.append(_run(name, row, file, calibration))
        except UnreadableError as reason:
            skipped.append(Skipped(name, str(reason)))
    return kept, skipped


@dataclass(frozen=True, slots=True)
class _File:
    """What the rows of a file refer to."""

    models: dict[str, dict[str, Any]]
    systems: dict[str, dict[str, Any]]
    references: dict[str, str]
    sequences: dict[str, int]
    rows: list[dict[str, Any]]

    def peak(self, family: str) -> dict[str, float]:
        """The peaks that most rows of a family have."""
        known: Counter[tuple[tuple[str, float], ...]] = Counter()
        for row in self.rows:
            if row.get("family") == family:
                peak = _peaks(self.systems.get(str(row.get("system")), {}))
                known[tuple(sorted(peak.items()))] += "bf16" in peak
        return dict(known.most_common(1)[0][0]) if known.total() else {}


def _usual_sequences(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The sequence length that most rows of a model state."""
    stated_lengths: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        if row.get("model") and (length := count(row.get("seq"))):
            stated_lengths[str(row["model"])][length] += 1
    return {model: lengths.most_common(1)[0][0] for model, lengths in stated_lengths.items()}


def _peaks(system: dict[str, Any]) -> dict[str, float]:
    """Published peaks, TFLOP/s by format; the 16-bit one is called bf16 whichever format it is."""
    peak = {k: n for k, v in mapping(system.get("peak_tflops")).items() if (n := number(v)) and n > 0}
    return {"bf16": peak["fp16"], **peak} if "fp16" in peak else peak


def machine(
    name: str, s: dict[str, Any], family: Family, peak: dict[str, float], slices: int, accelerators: int
) -> Machine:
    """A machine of the file's `systems`."""

    def positive(key: str, default: float) -> float:
        found = number(s.get(key))
        return found if found and found > 0 else default

    domain = int(positive("scaleup_size", positive("accel_per_node", 8)))
    if slices > 1:
        domain = min(domain, max(accelerators // slices, 1))
    return Machine(
        id=name,
        family=family.id,
        platform=PLATFORM_OF_VENDOR_FAMILY,
        peak_tflops=peak,
        memory_gb=positive("hbm_gb", 80),
        memory_bandwidth_gbs=1000 * positive("hbm_tb_s", 2.0),
        domain=max(domain, 1),
        scale_up_gbs=positive("scaleup_gbytes_s_per_dir", 150),
        scale_out_gbs=positive("fabric_gbit_s_per_accel", 200) / 8,
        accelerators_per_system=int(positive("accel_per_node", 8)),
    )


def _family(row: dict[str, Any], system: dict[str, Any], calibration: Calibration, assumed: list[str]) -> Family:
    """The calibration of the row's family, else of its accelerator by name, else the mean of all."""
    parts = [str(v) for v in (row.get("accelerator"), system.get("accelerator")) if v]
    names = [str(row.get("family") or ""), *parts, *(re.split(r"[ (,-]", p)[0] for p in parts)]
    for name in names:
        if name and calibration.knows_family(name):
            return calibration.family(name)
    assumed.append("calibration by the mean of all families")
    return calibration.family("generic")


def _peak(name: str, system: dict[str, Any], family: str, file: _File, assumed: list[str]) -> dict[str, float]:
    """The system's peaks, or those of its family elsewhere in the file or in the shipped one."""
    peak = _peaks(system)
    if "bf16" in peak:
        return peak
    other = file.peak(family) or _shipped_file().peak(family)
    if not other:
        raise UnreadableError(f"system {name} has no published bf16 peak")
    assumed.append(f"peak {other['bf16']:g} TFLOP/s of its family")
    return other


def _run(name: str, row: dict[str, Any], file: _File, calibration: Calibration) -> Run:
    tokens = number(row.get("tok_s_acc"))
    if not tokens or tokens < 0:
        raise UnreadableError("no tokens/s are derivable")
    n, where = stated(row, "n", "the number of accelerators"), str(row.get("system"))
    if n is None or where not in file.systems:
        raise UnreadableError("the number of accelerators or the system is not published")
    assumed: list[str] = []
    p = _parallel(row, assumed)
    known = {k: size(p, k, assumed) for k in ("tp", "pp", "dp", "cp", "ep", "mbs", "vpp")}
    name_of_model = str(row.get("model") or "unnamed")
    published = file.models.get(name_of_model, {})
    parameters_b = number(row.get("model_params_b")) or number(published.get("params_b"))
    model, guessed = shape(name_of_model, published, parameters_b, known["pp"] or 1)
    assumed += guessed
    system = file.systems[where]
    family = _family(row, system, calibration, assumed)
    peak = _peak(where, system, str(row.get("family")), file, assumed)
    m = machine(where, system, family, peak, count(row.get("slices")) or 1, n)
    words, source = str(row.get("software") or ""), str(row.get("source"))
    zero = _zero(p, assumed)
    stack, date = calibration.match_software(words, source, family, file.references.get(source, ""), zero)
    length = stated(row, "seq", "the sequence")
    length = length or _assume(assumed, "seq", file.sequences.get(name_of_model, DEFAULT_SEQ))
    _count_cores(known, n, assumed)
    ways = (known["dp"] or max(n // 8, 1)) * (known["mbs"] or 1)
    batch = stated(row, "gbs_seqs", "the global batch")
    batch = batch or _assume(assumed, "gbs_seqs", int(ways * max(4 * (known["pp"] or 1), 8)))
    recipe = Recipe(
        seq=length,
        global_batch=batch,
        precision=_precision(row, m, family, calibration, assumed),
        task="lora" if row.get("task") == "lora" else "pretrain",
        software=stack.id,
        date=date,
        gradient_bytes=stack.numbers["gradient_bytes"],
        schedule=next((s for pattern, s in SCHEDULE_WORDS if pattern.search(words)), None),
        sequence_parallel=bool(p["sp"]) if p.get("sp") is not None else stack.numbers["sequence_parallel"] > 0,
    )
    choice = Constraint(
        tp=known["tp"], pp=known["pp"], dp=known["dp"], cp=known["cp"], ep=known["ep"],
        virtual=known["vpp"], micro_batch=known["mbs"], recompute=_RECOMPUTED.get(str(p.get("recompute"))), zero=zero,
    )  # fmt: skip
    if (zero or 0) >= 3 and choice.pp is None:  # fully sharded runs do not pipeline
        choice = replace(choice, pp=1, virtual=1)
    if not model.is_moe:
        choice = replace(choice, ep=None)
    memory = number(mapping(row.get("measured")).get("mem_gib"))
    return Run(
        id=name, source=source, family=family.id, family_name=str(row.get("family")),
        accelerators=n, transformer=model, recipe=recipe, machine=m, constraint=choice,
        software_words=words, measured=tokens, memory_gib=memory, use=str(row.get("use") or "absolute"),
        scale=str(row.get("scale")), searched=known["tp"] is None, assumed=tuple(assumed),
    )  # fmt: skip


def _parallel(row: dict[str, Any], assumed: list[str]) -> dict[str, Any]:
    """The published cuts of the cluster; a scrap that is no mapping is left out, and said."""
    if row.get("parallel") and not isinstance(row["parallel"], dict):
        assumed.append("parallel left open")
    return mapping(row.get("parallel"))


def _zero(p: dict[str, Any], assumed: list[str]) -> int | None:
    """The ZeRO stage, 0 to 3, or None."""
    stage = number(p.get("zero"))
    if stage in (0, 1, 2, 3):
        return int(stage)
    if p.get("zero") is not None:
        assumed.append(f"zero {p['zero']!r} left open")
    return None


def _count_cores(known: dict[str, int | None], n: int, assumed: list[str]) -> None:
    """Where the published sizes multiply to several times the accelerators, cores were counted: fold them into tp."""
    product = math.prod(known[k] or 1 for k in ("tp", "pp", "dp", "cp"))
    cores, tp = product // n, known["tp"]
    if tp and cores > 1 and product == cores * n and tp % cores == 0:
        known["tp"] = tp // cores
        assumed.append(f"{cores} cores per accelerator")


def _precision(row: dict[str, Any], m: Machine, family: Family, calibration: Calibration, assumed: list[str]) -> str:
    """The published precision; where the part cannot run it as far as is known, the next wider one."""
    said = row.get("precision")
    written = str(said).strip().lower() if said else "bf16"
    name = calibration.precision_names.get(written, written)
    if name in calibration.unmodelled_precisions:
        raise UnreadableError(f"precision {said} is not modelled: known are {', '.join(calibration.precisions)}")
    within = sorted((p.bytes, -len(k), k) for k, p in calibration.precisions.items() if k in name)
    for choice in dict.fromkeys((name, *(k for *_, k in within), "fp8", "bf16")):
        known = calibration.precisions.get(choice)
        if known and (m.peak_tflops.get(known.format) or choice in family.fallback):
            if choice != written:
                assumed.append(f"precision {choice} for {said}")
            return choice
    assumed.append(f"precision bf16 for {said}")
    return "bf16"


def _assume(assumed: list[str], name: str, value: int) -> int:
    assumed.append(f"{name} {value}")
    return value


@lru_cache(maxsize=1)
def _shipped_file() -> _File:
    data = read(shipped())
    systems = {k: mapping(v) for k, v in mapping(data.get("systems")).items()}
    return _File({}, systems, {}, {}, [mapping(row) for row in data["rows"]])


def shipped() -> Path:
    """The measurements carried with the program."""
    return folder().parent / "measurements" / "training_runs.yaml"
