"""The invented texts of fixtures/demo.yaml, and which of them suit a project."""

from functools import cache
from random import Random

from organization.models import Project, ProjectKind
from organization.shipped import shipped

# Words that give a text away as written about another kind of property.
OUT_OF_PLACE = {
    ProjectKind.ESTATE: ("商铺",),
    ProjectKind.TOWER: ("栋", "号楼", "楼道", "单元", "会所", "管家", "商铺"),
    ProjectKind.MALL: ("栋", "号楼", "楼道", "单元", "会所", "管家"),
}


@cache
def texts() -> dict:
    return shipped("demo.yaml")


def suits(project: Project, *sentences: str) -> bool:
    words = OUT_OF_PLACE[project.kind]
    return not any(word in sentence for word in words for sentence in sentences)


def not_applicable(project: Project) -> dict[str, str]:
    """Item code -> why the project cannot have it."""
    return {
        item: entry["reason"]
        for entry in texts()["not_applicable"]
        if project.code in entry["projects"]
        for item in entry["items"]
    }


def findings_for(project: Project) -> list[dict]:
    """Problems that a plan of this project may hold, without those that an audit found."""
    without = not_applicable(project)
    return [
        line
        for line in texts()["findings"]
        if line["source"] != "audit"
        and line["item"] not in without
        and suits(project, line["problem"], line["measure"], line["rectification"])
    ]


@cache
def audit_findings() -> dict[str, dict]:
    """Item code -> the finding that an audit makes of it."""
    return {line["item"]: line for line in texts()["findings"] if line["source"] == "audit"}


def seen_in(specialty: str, project: Project) -> list[dict]:
    """What auditors write down of this specialty in such a project."""
    without = not_applicable(project)
    return [
        note
        for note in texts()["observations"][specialty]
        if note["item"] not in without and suits(project, note["note"])
    ]


def reason_to_return(milestone: str, rng: Random) -> str:
    """Why the center sends an obligation back; only what fits this milestone."""
    words = texts()["story"]["reasons_about"].get(milestone, ["签到表"])
    return rng.choice(having(words, texts()["return_reasons"]["obligations"]))


def fitting(kind: str, sentences: list[str]) -> list[str]:
    """Those that can be said of anything of the kind: most were written about one thing."""
    return having(texts()["story"]["reasons_fitting"][kind], sentences)


def having(words: list[str], sentences: list[str]) -> list[str]:
    return [sentence for sentence in sentences if any(word in sentence for word in words)]


def verdict(specialty: str, rng: Random) -> str:
    """What somebody writes who finds a rectification good."""
    fits = texts()["story"]["reasons_fitting"]
    kind = f"verified_{specialty}"
    return rng.choice(fitting(kind if kind in fits else "verified", texts()["verify_notes"]))
