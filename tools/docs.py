"""Writes docs/columns.md, docs/schema.md and the measured tables of docs/throughput.md; --check says what is stale."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from reference import columns, measured, schema

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"columns.md": columns.page, "schema.md": schema.page, "throughput.md": measured.page}


def main(arguments: list[str]) -> int:
    """Write every page that differs; 1 when --check found one."""
    stale = [name for name, page in PAGES.items() if _read(DOCS / name) != page()]
    for name in stale:
        if "--check" in arguments:
            sys.stderr.write(f"docs/{name} is not up to date: run make docs\n")
        else:
            (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
            sys.stderr.write(f"wrote docs/{name}\n")
    return int("--check" in arguments and bool(stale))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
