"""Writing files so that a reader never sees half of one, and digests of inputs."""

import dataclasses
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from planner.errors import InputError


def write_atomic(path: str | Path, content: str | bytes) -> Path:
    """Write `content` (text as UTF-8, line ends unchanged) to `path`: whole or not at all; parents are made.

    The text goes to a temporary file beside it, reaches the disk, then takes the name. Raises InputError when the
    place cannot be written.
    """
    target = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        target = target.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data)
    except OSError as error:
        raise InputError.of("file-unwritable", f"cannot write {path}: {error.strerror or error}") from None
    return Path(path)


def check_folder(path: Path) -> None:
    """Raise InputError where no folder of this name could be written to: before hours are spent on what goes there."""
    made = next(place for place in (path.resolve(), *path.resolve().parents) if place.exists())
    if not made.is_dir() or not os.access(made, os.W_OK):
        why = "not a folder" if not made.is_dir() else "not allowed"
        raise InputError.of("file-unwritable", f"cannot write {path}: {made} is {why}")


def _replace(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def sha256_of(what: Any) -> str:
    """Hex digest of a file (a Path), of text or bytes, or of a value by its canonical JSON (key order does not matter).

    Values: mappings, sequences, sets, scalars, dates, enums, dataclasses and pydantic models, nested.
    """
    if isinstance(what, Path):
        with what.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    if isinstance(what, str):
        what = what.encode()
    if isinstance(what, bytes):
        return hashlib.sha256(what).hexdigest()
    return hashlib.sha256(canonical_json(what).encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces; refuses NaN and values it does not know (ValueError, TypeError)."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    """`value` as JSON types."""
    if value is None or isinstance(value, str | bool | int | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(mode="json"))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=canonical_json)
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    raise TypeError(f"no canonical JSON for {type(value).__name__}")


def _key(key: Any) -> str:
    return key if isinstance(key, str) else canonical_json(key)
