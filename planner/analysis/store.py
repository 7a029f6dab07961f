"""Runs on disk: one JSON file per run, named by the hash of all that decides it; made whole or not at all."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.analysis.answer import Answer, Result
from planner.analysis.cases import FORMAT, Case
from planner.errors import InputError
from planner.io.files import write_atomic

if TYPE_CHECKING:
    from pandas import DataFrame

_NAME = "store.json"
_AGAIN = frozenset({"error", "interrupted"})
"""Results that are tried again when a sweep is resumed."""


class Store:
    """A folder of runs of one scenario."""

    def __init__(self, folder: Path, inputs: Mapping[str, str]) -> None:
        """Open or make it. Raises InputError when it holds something else or cannot be written."""
        self.folder, self.runs = folder, folder / "runs"
        said = _read(folder / _NAME) if (folder / _NAME).exists() else None
        if said is None:
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                message = f"{folder} is there and is no store of runs"
                raise InputError.of("store", message, "name an empty or a new folder")
            document = {"format": FORMAT, "inputs": dict(inputs)}
            write_atomic(folder / _NAME, json.dumps(document, indent=2) + "\n")
        else:
            _same_store(folder, said, inputs)
        self.runs.mkdir(exist_ok=True)

    def get(self, key: str) -> Result | None:
        """A run made earlier; None when there is none, it failed by a fault, or its file cannot be read."""
        path = self.runs / f"{key}.json"
        if not path.exists():
            return None
        try:
            result = Result.from_json(json.loads(path.read_text(encoding="utf-8"))["result"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None if result.status in _AGAIN else result

    def put(self, case: Case, key: str, result: Result) -> None:
        """Keep a run."""
        document = {"format": FORMAT, "key": key, "asked": _asked(case, key), "result": result.to_json()}
        write_atomic(self.runs / f"{key}.json", json.dumps(document, ensure_ascii=False, default=list) + "\n")

    def recall(self, key: str) -> dict[str, Any] | None:
        """Another result kept under a key; None when there is none."""
        path = self.folder / "studies" / f"{key}.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def remember(self, key: str, result: Mapping[str, Any]) -> None:
        """Keep another result under a key."""
        text = json.dumps(result, ensure_ascii=False, default=list) + "\n"
        write_atomic(self.folder / "studies" / f"{key}.json", text)

    def name(self, answers: Iterable[Answer]) -> None:
        """Remember under which names runs were asked for: several names may share a run."""
        path = self.folder / "asked.json"
        known = {row["run"]: row for row in (_read(path)["runs"] if path.exists() else [])}
        known |= {answer.id: _named(answer) for answer in answers if answer.key}
        write_atomic(path, json.dumps({"format": FORMAT, "runs": list(known.values())}, ensure_ascii=False) + "\n")


def _asked(case: Case, key: str) -> dict[str, Any]:
    return {
        "run": case.id,
        "title": case.title,
        "kind": case.kind,
        "study": case.study,
        "coordinates": dict(case.coordinates),
        "key": key,
    }


def _named(answer: Answer) -> dict[str, Any]:
    return {
        "run": answer.id,
        "title": answer.title,
        "kind": answer.kind,
        "study": answer.study,
        "coordinates": dict(answer.coordinates),
        "key": answer.key,
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError.of("store", f"{path} cannot be read: {error}", "name another folder for --out") from None
    if not isinstance(found, dict):
        raise InputError.of("store", f"{path} is not what this planner wrote", "name another folder for --out")
    return found


def _same_store(folder: Path, said: Mapping[str, Any], inputs: Mapping[str, str]) -> None:
    hint = "name another folder for --out: runs of different inputs are never mixed"
    if said.get("format") != FORMAT:
        message = f"{folder} is a store of format {said.get('format')}; this planner keeps format {FORMAT}"
        raise InputError.of("store-version", message, hint)
    before = said.get("inputs") or {}
    differing = [name.replace("_", " ") for name, value in inputs.items() if before.get(name) != value]
    if "planner version" in differing:
        message = f"{folder} holds runs of planner {before.get('planner_version')}, this is {inputs['planner_version']}"
        raise InputError.of("store-version", message, hint)
    if differing:
        verb = "differs" if len(differing) == 1 else "differ"
        message = f"{folder} holds runs of other inputs: the {' and the '.join(differing)} {verb}"
        raise InputError.of("store-inputs", message, hint)


def load_runs(folder: str | Path) -> "DataFrame":
    """Every run of a store, one a row; a sweep that is under way or was killed can be read too.

    Columns: run, title, kind, study, status, objective, bound, gap, currency, peak_mw, accelerators_bought, seconds,
    failure, key; then `set.NAME` per variable of grids, draws and tornados, and `metric.NAME` per metric of the plan.
    Money in the scenario's currency; empty where a run has no plan. Raises InputError when it is no store.
    """
    import pandas as pd

    return pd.DataFrame.from_records(list(run_records(Path(folder))))


def run_records(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of `load_runs`."""
    if not (folder / _NAME).exists():
        hint = "a store is written by planner whatif SCENARIO QUESTIONS.yaml --out FOLDER"
        raise InputError.of("store", f"{folder} is no store of runs", hint)
    _read(folder / _NAME)
    results: dict[str, Result] = {}
    asked: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "runs").glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            results[document["key"]] = Result.from_json(document["result"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        asked[document["asked"]["run"]] = document["asked"]
    names = folder / "asked.json"
    if names.exists():
        asked = {row["run"]: row for row in _read(names)["runs"]} | {
            run: row for run, row in asked.items() if run not in {r["run"] for r in _read(names)["runs"]}
        }
    base = next(
        (results[row["key"]] for row in asked.values() if row["kind"] == "base" and row["key"] in results), None
    )
    for row in asked.values():
        if row["key"] in results:
            yield run_record(row, _resolved(results[row["key"]], base))


def _resolved(result: Result, base: Result | None) -> Result:
    """A result that is the base's, with the base's plan."""
    if result.status != "same" or base is None:
        return result
    return Result(base.status, base.plan, base.failure, base.exit_code, result.seconds)


def run_record(asked: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """One row: what was asked, what came of it, every coordinate and metric."""
    plan = result.plan
    metrics = {row["metric"]: row["value"] for row in plan["frames"]["metrics"]} if plan is not None else {}
    bought = None if plan is None else sum(row["accelerators"] for row in plan["frames"]["builds"])
    return {
        "run": asked["run"],
        "title": asked["title"],
        "kind": asked["kind"],
        "study": asked["study"],
        "status": result.status,
        "objective": None if plan is None else plan["objective"],
        "bound": None if plan is None else plan["bound"],
        "gap": None if plan is None else plan["gap"],
        "currency": None if plan is None else plan["currency"],
        "peak_mw": metrics.get("peak_site_power"),
        "accelerators_bought": bought,
        "seconds": result.seconds,
        "failure": "; ".join(d.message for d in result.failure) or None,
        "key": asked["key"],
        **{f"set.{name}": value for name, value in asked["coordinates"].items()},
        **{f"metric.{name}": value for name, value in metrics.items()},
    }
