"""Runs known beforehand: subsets of questions, grids, draws, sides of facts."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import combinations, product
from typing import Any

from planner.analysis.asked.draws import Draws
from planner.analysis.asked.grids import Axis, Grid
from planner.analysis.asked.searches import Tornado
from planner.analysis.cases import Case
from planner.analysis.draws import sample
from planner.analysis.expansion.asking import Asking
from planner.analysis.line import line_of
from planner.analysis.patches import FACTS, Patch, apply
from planner.analysis.points import band_of, figure, ledger_of, point_patch, shown, slug, uncertain
from planner.errors import nearest
from planner.io.yaml import YamlPath


def combination_runs(asking: Asking, n: int) -> Iterator[Case]:
    """Subsets of questions, all changes of a subset at once; none that contradict one another."""
    asked = asking.given.combinations[n]
    names = [name for name in asked.of if name in asking.patches]
    for size in asked.sizes or range(2, len(asked.of) + 1):
        for chosen in combinations(names, size):
            clash = _clash(asking, chosen)
            if clash is not None:
                place = asking.document.place(("combinations", n, "of"))
                asking.faults.add("combination", clash, "leave one of them out, or name the sizes wanted", place)
                return
            title = "; ".join(asking.titles[name] for name in chosen)
            on = {name: name in chosen for name in names}
            yield asking.case("+".join(chosen), title, "combination", asked.id, chosen, (), on)


def _clash(asking: Asking, names: Sequence[str]) -> str | None:
    """Two questions that set the same path contradict one another."""
    owner: dict[str, str] = {}
    for name in names:
        for path in asking.patches[name].values:
            if path in owner:
                return f"{owner[path]!r} and {name!r} both set {path}"
            if not path.endswith("+"):
                owner[path] = name
    return None


def grid_runs(asking: Asking, n: int, grid: Grid) -> Iterator[Case]:
    """Every point of a grid."""
    axes = [_axis(asking, axis, ("grids", n, "axes", k)) for k, axis in enumerate(grid.axes)]
    names = [axis.id for axis in grid.axes]
    for point in product(*axes):
        title = f"{grid.id}: " + ", ".join(f"{name} {label}" for name, (label, _) in zip(names, point, strict=True))
        patches = [patch for _, patch in point if patch is not None]
        coordinates = {name: label for name, (label, _) in zip(names, point, strict=True)}
        key = "/".join([grid.id, *(slug(label) for label, _ in point)])
        yield asking.case(key, title, "grid", grid.id, grid.on, patches, coordinates)


def _axis(asking: Asking, axis: Axis, at: YamlPath) -> list[tuple[Any, Patch | None]]:
    """(label, patch) of every value of an axis."""
    if axis.questions is not None:
        return [(name, asking.patches.get(name)) for name in axis.questions]
    if axis.values:
        return [
            (shown(value), point_patch(asking.document, (*at, "values", k), axis.path, axis.factor, value))
            for k, value in enumerate(axis.values)
        ]
    line = line_of(asking.document.place((*at, "from")), axis.start, axis.end)
    values = line.spaced(axis.start, axis.end, axis.steps or 2)
    return [(v, point_patch(asking.document, (*at, "from"), axis.path, axis.factor, v)) for v in values]


def draw_runs(asking: Asking, n: int, asked: Draws) -> Iterator[Case]:
    """Every draw, with the values drawn as its coordinates."""
    at: YamlPath = ("draws", n)
    ledger: list[dict[str, Any]] = []

    def band(path: str) -> tuple[Any, Any, Any]:
        if not ledger:
            ledger.extend(
                ledger_of(apply(asking.scenario, [asking.patches[q] for q in asked.on if q in asking.patches]))
            )
        return band_of(path, ledger, asking.document.place((*at, "variables")))

    for k, drawn in enumerate(sample(asked, asking.document, at, band), start=1):
        patches = [
            point_patch(asking.document, (*at, "variables", i), v.path, v.factor, drawn[v.id])
            for i, v in enumerate(asked.variables)
        ]
        yield asking.case(f"{asked.id}/{k:04d}", f"{asked.id}, draw {k}", "draw", asked.id, asked.on, patches, drawn)


def tornado_runs(asking: Asking, n: int, asked: Tornado) -> Iterator[Case]:
    """Both sides of every uncertain fact that is wanted."""
    at: YamlPath = ("tornado", n)
    rows = [row for row in ledger_of(apply(asking.scenario, [asking.patches[q] for q in asked.on])) if uncertain(row)]
    keys = [row["key"] for row in rows]
    wanted = ["*"] if asked.facts == "all" else list(asked.facts)
    for k, pattern in enumerate(wanted):
        if not any(fnmatchcase(key, pattern) for key in keys):
            close = nearest(pattern, keys)
            hint = f"did you mean {close!r}?" if close else "planner plan --json lists the facts: frames.inputs"
            where = asking.document.place((*at, "facts", k))
            asking.faults.add("unknown-name", f"{pattern!r} is no uncertain fact that the plan uses", hint, where)
    for row in rows:
        if any(fnmatchcase(row["key"], pattern) for pattern in wanted):
            for side in ("low", "high"):
                patch = point_patch(asking.document, at, FACTS + f'"{row["key"]}"', None, side)
                title = f"{row['key']} at its {side} side ({figure(row[side])} {row['unit']})".replace(" )", ")")
                name = f"{asked.id}/{row['key']}={side}"
                coordinates = {"fact": row["key"], "side": side, "value": row[side], "unit": row["unit"]}
                yield asking.case(name, title, "tornado", asked.id, asked.on, [patch], coordinates)
