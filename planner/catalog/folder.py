"""Catalog folders: where the shipped one is, and which files of a folder hold which kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from planner.catalog.kinds import KINDS, OTHER_DOCUMENTS
from planner.errors import InputError, Place, nearest

BUILTIN = "builtin"
"""Name of the shipped catalog in `catalog: [builtin, ./mine]`."""

_SUFFIXES = (".yaml", ".yml")
_KNOWN = KINDS.keys() | OTHER_DOCUMENTS


def builtin_folder() -> Path:
    """The shipped catalog: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_catalogs"
    return packed if packed.is_dir() else package.parent / "catalogs"


@dataclass(frozen=True, slots=True)
class Folder:
    """One catalog folder: files by kind, and files at its top that may mix kinds."""

    path: Path
    files: dict[str, tuple[Path, ...]]
    """`accelerators.yaml` and `accelerators/**/*.yaml` under "accelerators"."""
    mixed: tuple[Path, ...]
    """Other YAML files at the top of the folder: each of their top keys names a kind."""


def open_folder(name: str | Path, base: Path | None = None) -> Folder:
    """List a folder, `builtin`, or one YAML file. Raises InputError when missing or with a subfolder of no kind."""
    path = builtin_folder() if name == BUILTIN else (base or Path()) / name
    if path.is_file():
        return Folder(path.parent, {}, (path,))
    if not path.is_dir():
        raise InputError.of("catalog-missing", f"there is no catalog folder {path}", f"{BUILTIN!r} is the shipped one")
    files: dict[str, list[Path]] = {}
    mixed: list[Path] = []
    for item in sorted(path.iterdir()):
        if item.name.startswith((".", "_")):
            continue
        if item.is_dir():
            inside = [f for f in sorted(item.rglob("*")) if f.suffix in _SUFFIXES and f.is_file()]
            if inside and item.name not in _KNOWN:
                raise _unknown_folder(item)
            files.setdefault(item.name, []).extend(inside)
        elif item.suffix in _SUFFIXES:
            files.setdefault(item.stem, []).append(item) if item.stem in _KNOWN else mixed.append(item)
    return Folder(path, {kind: tuple(found) for kind, found in files.items() if found}, tuple(mixed))


def _unknown_folder(path: Path) -> InputError:
    close = nearest(path.name, _KNOWN)
    hint = f"did you mean {close!r}?" if close else f"known: {', '.join(sorted(_KNOWN))}; or put the file at the top"
    return InputError.of(
        "catalog-folder", f"{path.name!r} is not a kind of catalog entry", hint, Place(str(path), 1, 1)
    )


def open_folders(names: Iterable[str | Path], base: Path | None = None) -> tuple[Folder, ...]:
    """Every folder in order; `base` is where relative paths start."""
    return tuple(open_folder(name, base) for name in names)
