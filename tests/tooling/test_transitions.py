"""Every move of the domain leaves a record: read from the code, so that a new one is asked, too.

A move is a public function that takes who acts and when as keyword-only arguments. It leaves a
record itself, or something that it calls does.
"""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("organization", "campaign", "scoring", "inspections", "rewards")
NO_DOOR = {"migrations", "management", "views", "models", "demo"}
RECORDS = {"record", "record_each"}
# Those that leave none, and why.
WITHOUT = {
    "looked_at": "reads",
    "carry_marks": "part of revise_evidence, which does",
    "set_marks": "part of mark_notes, which does",
    "take_back": "part of send_back and send_back_by_plan, which do",
    "who_manages": "reads",
    "write_mark": "part of mark_attendance, which does",
    "start_long_import": "a file that waits to be read; what is taken of it is on record",
}


def functions():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not NO_DOOR & set(path.relative_to(ROOT).parts):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.FunctionDef):
                        yield node


def called_by(node: ast.FunctionDef) -> set[str]:
    calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls}


def is_move(node: ast.FunctionDef) -> bool:
    return {"by", "at"} <= {each.arg for each in node.args.kwonlyargs} and node.name[0] != "_"


def test_every_move_leaves_a_record():
    calls, moves = defaultdict(set), set()
    for node in functions():
        calls[node.name] |= called_by(node)
        if is_move(node):
            moves.add(node.name)
    leaving = set(RECORDS)
    while more := {name for name, called in calls.items() if called & leaving} - leaving:
        leaving |= more
    assert moves - leaving == WITHOUT.keys()
