"""LibreOffice calculates workbooks: one start for as many as there are."""

import io
import shutil
import subprocess
from pathlib import Path

from openpyxl import Workbook, load_workbook

PROGRAM = "soffice"
WAIT = 300  # seconds


def recalculated(books: dict[str, bytes], folder: Path) -> dict[str, Workbook]:
    """The workbooks with the values that LibreOffice gives their formulas.

    What stood in the files as a formula's value is dropped before, so that none is only kept.
    """
    for name, data in books.items():
        bare = load_workbook(io.BytesIO(data))  # formulas without their values
        bare.save(folder / f"{name}.xlsx")
    out = folder / "out"
    command = [
        shutil.which(PROGRAM),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless", "--convert-to", "xlsx", "--outdir", str(out),
        *(str(folder / f"{name}.xlsx") for name in books),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=WAIT, capture_output=True)
    return {name: load_workbook(out / f"{name}.xlsx", data_only=True) for name in books}
