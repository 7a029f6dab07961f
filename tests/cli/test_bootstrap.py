"""tools/bootstrap finds a Python that runs and is new enough, wherever it hides, and says plainly when there is none.

The Pythons here are two-line scripts that answer as an interpreter of some version would, or refuse to run as a version
manager's shim does.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SH = shutil.which("sh") or "/bin/sh"
TOOLS = ("sh", "cat", "cksum", "dirname", "mkdir", "rm", "tail")

NEW = 'if [ "$3" -gt 13 ]; then exit 1; fi; echo "$0"'  # Python 3.13: knows no minor version above
OLD = 'if [ "$3" -gt 11 ]; then exit 1; fi; echo "$0"'  # Python 3.11
SHIM = 'echo "pyenv: version not installed" >&2; exit 127'


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of what bootstrap reads, in a folder whose name has a space."""
    folder = tmp_path / "a checkout"
    (folder / "tools").mkdir(parents=True)
    for name in ("tools/bootstrap", "tools/uv.txt", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def machine(tmp_path):
    """Makes folders of Pythons; PATH holds only them and the few POSIX tools that bootstrap uses."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in TOOLS:
        (tools / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")

    def make(folder: str, **pythons: str) -> Path:
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        for name, answer in pythons.items():
            file = place / name.replace("_", ".")
            file.write_text(f"#!{SH}\n{answer}\n")
            file.chmod(0o755)
        return place

    return make


def bootstrap(checkout: Path, *arguments: str, path: tuple[Path, ...] = (), **environment: str):
    """Run bootstrap from another folder with nothing in the environment but what is given."""
    searched = ":".join(map(str, (*path, checkout.parent / "tools")))
    return subprocess.run(
        [SH, str(checkout / "tools" / "bootstrap"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=os.sep,
        env={"PATH": searched, **environment},
    )


def test_a_new_python_on_path_is_found(checkout, machine):
    place = machine("bin", python3=NEW)
    assert bootstrap(checkout, "python", path=(place,)).stdout.strip() == str(place / "python3")


def test_the_version_that_ci_runs_is_preferred(checkout, machine):
    place = machine("bin", python3=NEW, python3_12=NEW, python3_13=NEW)
    assert bootstrap(checkout, "python", path=(place,)).stdout.strip() == str(place / "python3.13")


def test_a_shim_that_refuses_is_passed_over(checkout, machine):
    shims, later = machine("shims", python3=SHIM, python3_13=SHIM), machine("bin", python3=NEW)
    assert bootstrap(checkout, "python", path=(shims, later)).stdout.strip() == str(later / "python3")


def test_pyenv_is_searched_even_when_it_is_not_on_path(checkout, machine):
    place, hidden = machine("bin", python3=OLD), machine("home/.pyenv/versions/3.13.0/bin", python3=NEW)
    home = str(hidden.parents[3])
    assert bootstrap(checkout, "python", path=(place,), HOME=home).stdout.strip() == str(hidden / "python3")


def test_an_old_python_alone_is_refused_with_advice(checkout, machine):
    result = bootstrap(checkout, "python", path=(machine("bin", python3=OLD),))
    assert result.returncode == 1
    assert "no Python >= 3.12" in result.stderr
    assert "Install Python 3.12 or newer" in result.stderr


def test_without_any_python_it_says_what_to_install(checkout, machine):
    result = bootstrap(checkout)
    assert result.returncode == 1
    assert "no Python here has pip or venv" in result.stderr
    assert not (checkout / ".venv").exists()


def test_a_uv_that_runs_is_used_as_it_is(checkout, machine):
    place = machine("bin", uv='echo "uv 0.13.9"')
    assert bootstrap(checkout, "uv", path=(place,)).stdout.strip() == str(place / "uv")


def test_uv_is_installed_with_the_first_pip_that_there_is(checkout, machine):
    """The first Python has neither pip nor venv; the second has pip, which here leaves a uv that runs."""
    bare = machine("first", python3='if [ "$1" = -m ]; then exit 1; fi;' + OLD)
    pip = """if [ "$2" = pip ] && [ "$3" = install ]; then
        while [ "$1" != --target ]; do shift; done
        mkdir -p "$2/bin"; printf '#!%s\\necho uv\\n' SH >"$2/bin/uv"; chmod +x "$2/bin/uv"; exit
    fi
    if [ "$1" = -m ]; then exit 0; fi;""".replace("SH", SH)
    able = machine("second", python3=pip + OLD)
    (able / "chmod").symlink_to(shutil.which("chmod") or "/bin/chmod")
    result = bootstrap(checkout, "uv", path=(bare, able))
    assert result.stdout.strip() == str(checkout / ".tools/uv/bin/uv"), result.stderr


def test_what_pip_answers_is_shown_when_uv_cannot_be_had(checkout, machine):
    place = machine("bin", python3='if [ "$3" = install ]; then echo "no route to the registry"; exit 1; fi;' + OLD)
    result = bootstrap(checkout, "uv", path=(place,))
    assert result.returncode == 1
    assert "no route to the registry" in result.stderr


def test_a_ready_checkout_is_left_alone(checkout, machine):
    """The stamp says that .venv fits the lock: nothing is searched, installed or said."""
    machine("a checkout/.venv/bin", python="exit 0", planner="exit 0")
    read = [(checkout / name).read_bytes() for name in ("requirements.lock", "pyproject.toml", "tools/bootstrap")]
    seen = b"".join([*read, f"{checkout}\n".encode()])
    stamp = subprocess.run(["cksum"], input=seen, capture_output=True, check=True).stdout
    (checkout / ".venv" / "bootstrap.stamp").write_bytes(stamp)
    assert bootstrap(checkout).returncode == 0
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert bootstrap(checkout).returncode == 1
