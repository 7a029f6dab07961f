"""Documents of catalog folders: which files hold a kind, and what the top of a file may say."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from planner.catalog.folder import Folder
from planner.catalog.kinds import GUESTS, KINDS, OTHER_DOCUMENTS, TOP_KEYS
from planner.errors import Collector, nearest
from planner.io.yaml import Document

type Load = Callable[[Path], Document]


def by_folder(folders: Iterable[Folder], name: str, top: str, load: Load) -> list[list[Document]]:
    """The documents of a kind in each folder: its own files, and others that have its key `top`.

    Raises InputError for a file with a key that does not belong where it stands.
    """
    homes = (name, *(home for home, guests in GUESTS.items() if name in guests))
    whole = name if name in OTHER_DOCUMENTS else None
    result = []
    for folder in folders:
        found = [(home, _known(load(path), home)) for home in homes for path in folder.files.get(home, ())]
        found += [("", _known(load(path), None)) for path in folder.mixed]
        result.append([document for home, document in found if home == whole or top in document.value])
    return result


def files_of(folder: Folder) -> tuple[Path, ...]:
    """Every file of a folder, in order of kinds and names."""
    return (*(path for paths in folder.files.values() for path in paths), *folder.mixed)


def digest(folders: Iterable[Folder]) -> str:
    """SHA-256 over names and contents of all files."""
    total = hashlib.sha256()
    for folder in folders:
        for path in files_of(folder):
            total.update(f"{path.relative_to(folder.path).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def shown(path: Path) -> Path:
    """The path as people would type it: relative where it is below the working folder."""
    try:
        return path.relative_to(Path.cwd()) if path.is_absolute() else path
    except ValueError:
        return path


def _known(document: Document, home: str | None) -> Document:
    """The document if its keys are those its place allows: any kind's at the top of a folder."""
    if home in OTHER_DOCUMENTS:
        return document
    known = sorted(TOP_KEYS) if home is None else [KINDS[home].top, *GUESTS.get(home, ())]
    faults = Collector()
    if not isinstance(document.value, dict):
        hint = f"start with {known[0]}:"
        faults.add("wrong-type", "a catalog file is a mapping of lists", hint, document.place())
    for key in document.value if isinstance(document.value, dict) else ():
        if key not in known:
            close = nearest(str(key), known)
            hint = f"did you mean {close!r}?" if close else f"known here: {', '.join(known)}"
            faults.add("unknown-key", f"{key!r} is not a kind of catalog entry", hint, document.key_place((key,)))
    faults.raise_if_any()
    return document
