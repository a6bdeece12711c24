"""What helped and what is to help from now on: methods, solutions, preventive policies."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.closing.chapters import Builder, Names, Shown
from inspections.learning.prevention import effect
from inspections.models import Finding, Lesson, PolicyVersion, SeminarProblem
from organization.papers import Heading, Table, Text
from organization.templatetags.ui import day

MOST = 20  # rows of a table
LENGTH = 300  # characters of a cell


def gather_methods(campaign: Campaign, at: datetime) -> dict:
    """Lessons where the center kept any, else what was done about verified findings."""
    kept = Lesson.objects.standing().filter(campaign=campaign, seminar_problem=None)
    pairs = kept.values_list("specialty__code", "problem", "method")
    if not kept.exists():
        verified = Finding.objects.verified().filter(campaign=campaign).exclude(rectification="")
        pairs = verified.order_by("-verified_at").values_list(
            "specialty__code", "problem", "rectification"
        )
    solved = SeminarProblem.objects.filter(seminar__campaign=campaign, solution__gt="")
    solutions = solved.order_by("seminar__day", "position").values_list(
        "seminar__specialty__code", "problem", "solution"
    )
    return {"methods": as_rows(pairs[:MOST]), "solutions": as_rows(solutions[:MOST])}


def as_rows(found) -> list[list[str]]:
    return [[code or "", problem[:LENGTH], text[:LENGTH]] for code, problem, text in found]


def show_methods(facts: dict, names: Names) -> list[Shown]:
    parts = (
        ("methods", _("有效的整改办法"), _("办法"), _("还没有验证通过的整改。")),
        ("solutions", _("研讨会解决方案"), _("解决方案"), _("还没有研讨会解决方案。")),
    )
    shown: list[Shown] = []
    for key, title, word, nothing in parts:
        shown.append(Heading(title, 2))
        rows = [[names.get(code, "—"), problem, text] for code, problem, text in facts[key]]
        head = [_("专业口"), _("问题"), word]
        shown.append(Table(head, rows, widths=(2, 5, 7)) if rows else Text(nothing))
    return shown


def draft_methods(facts: dict) -> str:
    return _(
        "下列办法经整改验证有效，今后遇到同类问题可以直接采用；"
        "研讨会逐一提出解决方案 %(count)d 条。"
    ) % {"count": len(facts["solutions"])}


def gather_policies(campaign: Campaign, at: datetime) -> dict:
    approved = PolicyVersion.objects.approved().filter(
        campaign=campaign, policy__is_preventive=True
    )
    approved = approved.prefetch_related("prevents__specialty").order_by("approved_at")
    return {"policies": [as_policy(version) for version in approved[:MOST]]}


def as_policy(version: PolicyVersion) -> dict:
    found = effect(version)
    return {
        "title": version.title,
        "kinds": [
            {"specialty": kind.specialty.code, "words": kind.words}
            for kind in version.prevents.all()
        ],
        "from": version.in_force_from.isoformat(),
        "before": found.before,
        "since": found.since,
    }


def show_policies(facts: dict, names: Names) -> list[Shown]:
    if not facts["policies"]:
        return [Text(_("这次专项工作没有批准的事前干预性制度。"))]
    head = [_("制度"), _("要预防的问题"), _("生效"), _("生效前"), _("生效后")]
    rows = [
        [
            row["title"],
            "\n".join(kind_in_words(kind, names) for kind in row["kinds"]),
            day(datetime.fromisoformat(row["from"]).date()),
            row["before"],
            row["since"],
        ]
        for row in facts["policies"]
    ]
    return [Table(head, rows, widths=(5, 7, 3, 2, 2), right=frozenset({3, 4}))]


def kind_in_words(kind: dict, names: Names) -> str:
    return " · ".join(filter(None, (names.get(kind["specialty"], ""), kind["words"])))


def draft_policies(facts: dict) -> str:
    count = len(facts["policies"])
    if not count:
        return ""
    return _("完成并批准事前干预性制度 %(count)d 项，每项写明要预防的问题。") % {"count": count}


METHODS = Builder(
    "methods", gettext_lazy("有效的方法"), gather_methods, show_methods, draft_methods
)
POLICIES = Builder(
    "policies", gettext_lazy("事前预防"), gather_policies, show_policies, draft_policies
)
