"""requirements.lock: what pyproject.toml asks for is in it, with hashes, without any address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of every package in a lock file."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    found = (re.match(r"([\w.-]+)==(\S+)", entry) for entry in entries)
    return {
        m[1].lower(): (m[2], entry.count("--hash=sha256:"))
        for m, entry in zip(found, entries, strict=True)
        if m is not None
    }


@pytest.mark.parametrize("asked", ASKED)
def test_what_the_project_asks_for_is_locked(asked):
    requirement = Requirement(asked)
    version, _ = pins("requirements.lock")[requirement.name.lower()]
    assert requirement.specifier.contains(version)


@pytest.mark.parametrize("name", ["requirements.lock", "tools/uv.txt"])
def test_every_package_has_hashes_and_no_address(name):
    assert all(hashes > 0 for _, hashes in pins(name).values())
    assert "://" not in (ROOT / name).read_text()
