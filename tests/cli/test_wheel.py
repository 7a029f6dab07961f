"""The wheel carries the catalogs, the type marker and the licence, and nothing of the checkout around them."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import planner

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    """Names of the files in a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_every_catalog_file_is_in_the_wheel(wheel):
    here = {f"planner/_catalogs/{file.relative_to(ROOT / 'catalogs')}" for file in (ROOT / "catalogs").rglob("*.yaml")}
    assert here
    assert here <= wheel


def test_the_type_marker_and_the_licence_are_in_the_wheel(wheel):
    assert "planner/py.typed" in wheel
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in wheel)


def test_the_wheel_installs_nothing_but_the_package(wheel):
    assert {name.split("/")[0].split("-")[0] for name in wheel} == {"planner"}


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == planner.__version__
    assert f"## {planner.__version__}" in (ROOT / "CHANGELOG.md").read_text()
