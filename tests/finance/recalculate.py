"""A workbook recalculated for real: by LibreOffice where it is installed, else by the package `formulas`."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
Values = dict[tuple[str, str], Any]
"""(Sheet, cell) to value."""


def recalculated(path: Path, folder: Path) -> Values:
    """Every cell of a workbook after a full recalculation. Stored results are wiped first, so none can pass for one."""
    import openpyxl

    bare = folder / f"bare-{path.name}"
    openpyxl.load_workbook(path).save(bare)
    return _by_office(bare, folder) if shutil.which("soffice") else _by_formulas(bare)


def _by_office(path: Path, folder: Path) -> Values:
    import openpyxl

    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    out = folder / "recalculated"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=180)
    book = openpyxl.load_workbook(out / path.name, data_only=True)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def _by_formulas(path: Path) -> Values:
    import formulas

    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    values: Values = {}
    for name, found in solution.items():
        sheet, _, cell = str(name).replace("'", "").partition("]")[2].partition("!")
        if ":" not in cell:
            values[_title(sheet), cell] = found.value[0, 0]
    return values


def _title(name: str) -> str:
    titles = (
        "CashFlow",
        "BAU",
        "Cover",
        "Inputs",
        "Timeline",
        "Plan",
        "Capex",
        "Opex",
        "Depreciation",
        "Tax",
        "Outputs",
    )
    return {title.upper(): title for title in (*titles, "Checks")}.get(name.upper(), name)
