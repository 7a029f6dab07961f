"""Diagnostics: order, completeness, rendering, exit codes."""

import pickle
from pathlib import Path

import pytest

from planner.errors import (
    Collector,
    Diagnostic,
    InfeasibleError,
    InputError,
    InternalError,
    NoPlanError,
    Place,
    PlannerError,
    nearest,
    render,
)


def test_a_place_reads_as_compilers_print_it():
    assert str(Place("a.yaml", 3, 7)) == "a.yaml:3:7"


@pytest.mark.parametrize(
    ("error", "code"), [(InputError, 1), (InfeasibleError, 3), (NoPlanError, 4), (InternalError, 5), (PlannerError, 5)]
)
def test_each_error_has_its_exit_code(error: type[PlannerError], code: int):
    assert error("x").exit_code == code


def test_diagnostics_are_sorted_by_place_without_repeats_and_placeless_ones_last():
    late, early, nowhere = (
        Diagnostic("c", "late", place=Place("a", 2, 1)),
        Diagnostic("c", "early", place=Place("a", 1, 9)),
        Diagnostic("c", "nowhere"),
    )
    assert InputError([nowhere, late, early, late]).diagnostics == (early, late, nowhere)


def test_a_collector_raises_everything_at_once_and_not_for_warnings_alone():
    found = Collector()
    found.add("careful", "only a warning", severity="warning")
    found.raise_if_any()
    found.add("bad", "one")
    found.extend(InputError([Diagnostic("bad", "two")]))
    with pytest.raises(InputError) as caught:
        found.raise_if_any()
    assert [d.message for d in caught.value.diagnostics] == ["one", "two", "only a warning"]
    assert [d.message for d in found.warnings] == ["only a warning"]


def test_errors_survive_pickling():
    error = InputError([Diagnostic("c", "m", "h", Place("f", 1, 2))])
    assert pickle.loads(pickle.dumps(error)).diagnostics == error.diagnostics


def test_rendering_shows_the_line_a_caret_and_the_help(tmp_path: Path):
    file = tmp_path / "a.yaml"
    file.write_text("x: 1\n\ty: 电 2\n", encoding="utf-8")
    shown = render(Diagnostic("bad", "no", "yes", Place(str(file), 2, 7)))
    assert shown.split("\n") == [
        f"{file}:2:7: error[bad]: no",
        "  2 | \ty: 电 2",
        "    | \t      ^",
        "  help: yes",
    ]


def test_rendering_cuts_long_lines_around_the_caret(tmp_path: Path):
    file = tmp_path / "a.yaml"
    file.write_text("a" * 400 + "HERE" + "b" * 400)
    _, line, caret = render(Diagnostic("bad", "no", place=Place(str(file), 1, 401))).split("\n")
    assert len(line) < 200
    assert line[caret.index("^") :].startswith("HERE")


def test_rendering_does_without_a_source_that_cannot_be_read():
    assert render(Diagnostic("bad", "no", place=Place("/nowhere", 1, 1))) == "/nowhere:1:1: error[bad]: no"


@pytest.mark.parametrize(("typed", "meant"), [("powr", "power"), ("H200x", "h200"), ("zzzz", None)])
def test_nearest_finds_the_likely_name_whatever_the_case(typed: str, meant: str | None):
    assert nearest(typed, ["power", "h200", "tariff"]) == meant
