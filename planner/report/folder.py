"""A plan written to a folder: the plan as JSON, every table as CSV, the report as Markdown."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from planner.errors import InputError
from planner.io.files import write_atomic


def json_text(document: Mapping[str, Any]) -> str:
    """A document as JSON text: keys in the order given, no NaN."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=list) + "\n"


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Records as CSV: a header, unknown values empty, lists joined by spaces, lines ended by a newline."""
    out = io.StringIO()
    names = list(columns)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def write_folder(folder: Path, files: Mapping[str, str] | Mapping[str, str | bytes]) -> list[Path]:
    """Write all files into `folder`, each replaced whole; other files in it stay.

    Everything is first written to a temporary folder beside it, so that a full disk or a forbidden place leaves what
    was there as it was. Raises InputError when the folder cannot be written.
    """
    target = folder.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise InputError.of(
                "file-unwritable", f"{folder} is there and is no folder", "name another folder for --out"
            )
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent) as beside:
            made = [write_atomic(Path(beside) / name, text) for name, text in files.items()]
            target.mkdir(exist_ok=True)
            for path in made:
                path.replace(target / path.name)
    except OSError as error:
        raise InputError.of("file-unwritable", f"cannot write {folder}: {error.strerror or error}") from None
    return [folder / name for name in files]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return value
