"""Plans on disk: versioned JSON that carries the decisions, so that anyone can check them again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner import __version__
from planner.errors import Diagnostic, InputError, Place
from planner.io.files import sha256_of
from planner.plan.decisions import Decisions
from planner.plan.plan import SCHEMA_VERSION, Plan, excluded_records

if TYPE_CHECKING:
    from planner.scenario.model import Scenario


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain data. The same input gives the same data on the same solver version."""
    from planner.throughput.calibration import digest

    scenario = plan.scenario
    return {
        "schema_version": SCHEMA_VERSION,
        "planner_version": __version__,
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "sha256": fingerprint(scenario),
            "catalog_sha256": plan.case.catalog.digest,
            "calibration": digest(),
            "knowledge_date": scenario.knowledge_date.isoformat(),
            "values": scenario.values,
            "says": scenario.model_dump(mode="json"),
            "stated": scenario.model_dump(mode="json", exclude_unset=True),
        },
        "status": plan.status,
        "currency": plan.currency,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "verified": plan.verified,
        "stages": [asdict(stage) for stage in plan.stages],
        "counterfactual": [asdict(world) for world in plan.worlds],
        "warnings": [{"code": w.code, "message": w.message, "hint": w.hint} for w in plan.warnings],
        "excluded": excluded_records(plan.excluded),
        "obligations": [asdict(duty) for duty in plan.problem.duties],
        "decisions": plan.decisions.to_json(),
        "frames": plan.tables,
        "solver": dict(plan.solver),
    }


def fingerprint(scenario: "Scenario") -> str:
    """Hash of everything a scenario says (not of how its file is laid out)."""
    return sha256_of(scenario.model_dump(mode="json"))


def read_decisions(path: str | Path) -> tuple[Decisions, dict[str, Any]]:
    """Decisions of a saved plan, and the whole of its data.

    Raises InputError when the file is no plan, or one of another schema version.
    """
    place = Place(str(path), 1, 1)
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([Diagnostic("unreadable", f"cannot read {path}: {error.strerror}", None, place)]) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(
            [Diagnostic("not-a-plan", f"{path} is not JSON: {error}", "write it with planner plan --json", place)]
        ) from None
    if not isinstance(data, dict) or "decisions" not in data:
        raise InputError(
            [Diagnostic("not-a-plan", f"{path} holds no plan", "write it with planner plan --json", place)]
        )
    if data.get("schema_version") != SCHEMA_VERSION:
        message = f"{path} has schema version {data.get('schema_version')}; this planner reads {SCHEMA_VERSION}"
        raise InputError([Diagnostic("other-version", message, "solve the scenario again", place)])
    try:
        return Decisions.from_json(data["decisions"]), data
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            [Diagnostic("not-a-plan", f"{path}: decisions of another shape ({error})", None, place)]
        ) from None
