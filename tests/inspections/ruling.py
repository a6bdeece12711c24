"""A rubric with rules of every kind, drafted and published, and what somebody notes by them."""

import uuid
from decimal import Decimal

from inspections.sheet import observations
from inspections.sheet.outline import outline
from inspections.sheet.sheets import open_sheet
from inspections.words import Method
from scoring.content import Content, Entry, Line, write
from scoring.engine import Kind
from scoring.forms import Rule
from scoring.models import Rubric
from scoring.rubrics import publish_rubric
from tests import cast

AT = cast.NOW
FIXED, COUNTED, LOST, EXTRA = "r1", "r2", "r3", "r4"  # rules of R01
LEVELS, RANGE = "r1", "r1"  # the rule of R02, that of R03


def figures(*texts):
    return [Decimal(text) for text in texts]


def entry(code, name, points, requirements, rules, **options):
    return Entry(
        code=code,
        section="s1",
        name=(name, name),
        standard=("", None),
        requirements=tuple(
            each if isinstance(each, Line) else Line((each, each)) for each in requirements
        ),
        points=Decimal(points),
        rules=tuple((rule, rule.text or None) for rule in rules),
        **options,
    )


def price(kind, low, high):
    return Rule("", kind, Decimal(low), Decimal(high), each=True)


def content():
    """R01 all kinds beside a price, R02 levels alone, R03 pictures and counts, R04 critical."""
    rules = [
        price(Kind.RANGE, "0.5", "2"),
        Rule("未以文件形式发布的，扣1分", Kind.FIXED, *figures("1", "1")),
        Rule("未经培训上岗的，每人次扣2分", Kind.PER_OCCURRENCE, *figures("2", "2")),
        Rule("无该项制度的，不得分", Kind.LOSE_ITEM),
        Rule("扣满4分的，追加扣除10分", Kind.EXTRA, *figures("10", "10")),
    ]
    levels = Rule(
        "符合2.0，基本符合1.0，不符合0",
        Kind.LEVELS,
        *figures("0", "2"),
        tuple(figures("0", "1", "2")),
    )
    pictured = [
        price(Kind.PER_OCCURRENCE, "0.1", "0.1"),
        Rule("记录不全的，扣0.5-1分", Kind.RANGE, *figures("0.5", "1")),
    ]
    critical = [Line(("消防通道畅通", None), "zero"), Line(("应急预案齐全", None), "cap")]
    return Content(
        (("s1", "内部管理", "Internal management"),),
        (
            entry("R01", "制度管理", 10, ["制度上墙", "培训到位", "记录完整"], rules),
            entry("R02", "服务礼仪", 2, ["着装统一", "用语规范"], [levels]),
            entry(
                "R03", "环境卫生", 5, ["地面无杂物", "门窗洁净"], pictured, photo_required=True
            ),
            entry("R04", "消防安全", 83, critical, [price(Kind.FIXED, 1, 1)]),
        ),
    )  # fmt: skip


def every_kind(campaign, specialty, *, at=AT):
    """The rubric, published."""
    draft = Rubric.objects.create(
        campaign=campaign, specialty=specialty, name_zh_hans="评分细则", created_at=at
    )
    write(draft, content())
    return publish_rubric(rubric=draft, by="command", at=at)


def opened(company, *, project=None, specialty="customer_service"):
    line = company.lines[specialty]
    if not company.campaign.rubrics.filter(specialty=line).exists():
        every_kind(company.campaign, line)
    return open_sheet(
        campaign=company.campaign, project=project or company.one, specialty=line,
        by=company.auditor, at=AT,
    )  # fmt: skip


def line_of(sheet, code):
    return outline(sheet.rubric_id).by_code[code]


def rule_of(sheet, code, rule):
    return next(each for each in line_of(sheet, code).rules if each.code == rule)


def note(sheet, by, code, *, rule=None, line=None, points=None, at=AT, id=None, **fields):
    """What `by` notes of the item: a rule by its code, or a requirement by its number."""
    about = line_of(sheet, code)
    return observations.observe(
        sheet=sheet, id=id or uuid.uuid4(), item=about.item,
        requirement=about.requirements[line - 1] if line else None,
        rule=rule_of(sheet, code, rule) if rule else None,
        points=None if points is None else Decimal(points),
        method=fields.pop("method", Method.OPEN), by=by, at=at, **fields,
    )  # fmt: skip
