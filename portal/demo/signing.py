"""Signing on the spot: a few projects sign their sheets as they are submitted, one refuses."""

from datetime import datetime
from math import sin

from inspections.models import ScoreSheet
from inspections.sheet.sheets import submit_sheet
from inspections.signing.content import content_of, mark_of
from inspections.signing.drawing import Drawing
from inspections.signing.sign_off import Refusal, Signature, Who, sign_off
from organization.models import User
from portal.demo.story import Story

SIGN = {"P01", "P02", "P05"}
REFUSE = {("P04", "customer_service"): "前台交接记录当天已补齐，检查人没有采纳，不同意这处扣分。"}


def hand_over(story: Story, sheet: ScoreSheet, auditor: User, at: datetime) -> None:
    """Signed where the project signs, else submitted only."""
    code, line = sheet.project.code, sheet.specialty.code
    if code not in SIGN and (code, line) not in REFUSE:
        submit_sheet(sheet=sheet, by=auditor, at=at)
        return
    who = Who(person=story.cast.teams[sheet.project_id].manager)
    reason = REFUSE.get((code, line))
    theirs = Refusal(reason, who) if reason else Signature(drawn(story, "manager", code), who=who)
    sign_off(
        sheet=sheet,
        auditor=Signature(drawn(story, "auditor", code, line)),
        manager=theirs,
        by=auditor,
        at=at,
        seen=mark_of(content_of(sheet)),
    )


def drawn(story: Story, *of: str) -> Drawing:
    """Three strokes that look like writing."""
    rng = story.rng("signature", *of)
    strokes, when = [], 0
    for start in (30, 115, 200):
        height, pace = rng.uniform(18, 40), rng.uniform(0.25, 0.6)
        line = []
        for step in range(16):
            when += 18
            y = 80 + height * sin(pace * step * 2) - step * rng.uniform(0, 1.5)
            line.append((round(start + 5 * step, 1), round(y, 1), when))
        strokes.append(line)
        when += 150
    return Drawing(width=320, height=160, strokes=strokes)
