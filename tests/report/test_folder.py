"""Files of a report: whole or not at all."""

import csv
import io

import pytest

from planner.errors import InputError
from planner.report.folder import csv_text, json_text, write_folder


def test_files_are_written_and_others_are_kept(tmp_path):
    folder = tmp_path / "new" / "plan"
    write_folder(folder, {"a.json": "1"})
    (folder / "mine.txt").write_text("kept")
    write_folder(folder, {"a.json": "2", "b.csv": "x\n"})
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "a.json": "2",
        "b.csv": "x\n",
        "mine.txt": "kept",
    }
    assert [path.name for path in folder.parent.iterdir()] == ["plan"]


def test_a_failure_while_writing_leaves_what_was_there(tmp_path, monkeypatch):
    folder = tmp_path / "plan"
    write_folder(folder, {"a.json": "old", "b.csv": "old"})
    calls = []

    def full(path, text):
        calls.append(path)
        if len(calls) > 1:
            raise InputError("cannot write: no space left")
        path.write_text(text)
        return path

    monkeypatch.setattr("planner.report.folder.write_atomic", full)
    with pytest.raises(InputError):
        write_folder(folder, {"a.json": "new", "b.csv": "new"})
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a.json": "old", "b.csv": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_a_file_in_the_way_is_an_error_of_the_input(tmp_path):
    (tmp_path / "plan").write_text("a file")
    with pytest.raises(InputError, match="no folder"):
        write_folder(tmp_path / "plan", {"a": "1"})
    assert (tmp_path / "plan").read_text() == "a file"


def test_csv_reads_back_and_shows_the_unknown_as_empty():
    text = csv_text(["a", "b"], [{"a": 1.5, "b": None}, {"a": 'x,"y"', "b": ["p", "q"]}])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["1.5", ""], ['x,"y"', "p q"]]


def test_json_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="JSON"):
        json_text({"x": float("nan")})
