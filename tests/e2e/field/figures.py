"""A line of figures for each schedule that was played, also where all went well."""

import json
import os
from collections import Counter

from django.db import connection


def tell(terminalreporter) -> None:
    """What the tests recorded as "schedule" and "faults", wherever they ran."""
    stats = terminalreporter.stats
    reports = [each for way in ("passed", "failed") for each in stats.get(way, [])]
    told = [dict(report.user_properties) for report in reports if report.when == "call"]
    told = [each for each in told if "schedule" in each]
    if not told:
        return
    terminalreporter.section(f"schedules of the offline client on {connection.vendor}")
    for each in told:
        terminalreporter.write_line(as_line(each["schedule"]))
        terminalreporter.write_line(f"  {as_line(each['faults'])}")
    kinds = sum((Counter(each["faults"]) for each in told), Counter())
    terminalreporter.write_line(f"all: {as_line(dict(sorted(kinds.items())))}")
    if path := os.environ.get("FAULT_FIGURES"):
        with open(path, "a") as file:
            for each in told:
                file.write(json.dumps({"database": connection.vendor} | each["schedule"]) + "\n")


def as_line(figures: dict) -> str:
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())
