"""The fields of a notice: by which names a template calls them, and what they hold."""

from collections.abc import Collection

# field -> its Chinese name; a template may use either
NAMES = {
    "campaign": "专项工作",
    "number": "编号",
    "approved_on": "批准日期",
    "approved_by": "批准人",
    "fingerprint": "指纹",
    "chain": "记录链",
    "code": "二维码",
    "name": "姓名",
    "project": "项目",
    "project_code": "项目编码",
    "band": "等级",
    "composite": "综合得分",
    "rank": "名次",
    "projects": "参评项目数",
    "total": "合计",
    "lines": "明细",
    "post": "岗位",
    "amount": "金额",
    "note": "说明",
    "scores": "各表得分",
    "rubric": "评分表",
    "percent": "得分率",
    "weight": "权重",
}
EVERY = (
    "campaign", "number", "approved_on", "approved_by", "total", "fingerprint", "chain", "code",
)  # fmt: skip
PERSON_FIELDS = (*EVERY, "name", "lines")
PROJECT_FIELDS = (
    *EVERY, "project", "project_code", "band", "composite", "rank", "projects", "scores", "lines",
)  # fmt: skip
FIELDS = {"person": PERSON_FIELDS, "project": PROJECT_FIELDS}
# what a row of a list holds
ROWS = {
    "person": {"lines": ("project", "post", "band", "composite", "amount", "note")},
    "project": {
        "lines": ("name", "post", "amount", "note"),
        "scores": ("rubric", "weight", "percent"),
    },
}
# Whoever holds the paper must be able to check it.
REQUIRED = ("fingerprint", "code")


def both(values: dict) -> dict:
    """The values under both their names, and those of their rows."""
    found = {}
    for name, value in values.items():
        if isinstance(value, list):
            value = [both(row) for row in value]
        found[name] = found[NAMES[name]] = value
    return found


def known(kind: str) -> set[str]:
    return with_chinese(FIELDS[kind])


def known_of_rows(kind: str) -> set[str]:
    return with_chinese({name for row in ROWS[kind].values() for name in row})


def with_chinese(names: Collection[str]) -> set[str]:
    return {*names, *(NAMES[name] for name in names)}


def called(name: str, language: str) -> str:
    """The field's name in a language, for what people read and type."""
    return name if language == "en" else NAMES[name]
