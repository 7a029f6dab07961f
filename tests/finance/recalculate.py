"""A workbook recalculated for real: by LibreOffice where it is installed, else by the package `formulas`."""

import shutil
import subprocess
import warnings
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
    """Cells in the order of the sheets and rows; days are serial numbers."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own, when Python compiles it and while it calculates
        import formulas

        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    found: Values = {}
    for name, cell in solution.items():
        sheet, _, where = str(name).replace("'", "").partition("]")[2].partition("!")
        if ":" not in where:
            found[sheet, where] = cell.value[0, 0]
    cells = (cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row)
    keys = [(cell.parent.title, cell.coordinate) for cell in cells]
    return {(sheet, where): found.get((sheet, where), found.get((sheet.upper(), where))) for sheet, where in keys}
