"""Robots as tests have them: addresses that look right and open nothing."""

from campaign.models import Reminder
from campaign.models.channels import RobotKind
from campaign.models.reminders import NOTICE
from campaign.robots.setting_up import set_up_robot
from tests import cast

WECOM_KEY = "2f1b77aa-93c4-4a51-8d0e-3b6f0c9e51d7"
DINGTALK_KEY = "6b0f4d2c9a8e71350c4d2e6f7a8b9c0d1e2f30415263748596a7b8c9dae1f203"
FEISHU_KEY = "b1c0ffee-7a2d-4e55-9f00-2d6a1c3e5b77"
ADDRESSES = {
    RobotKind.WECOM: f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={WECOM_KEY}",
    RobotKind.DINGTALK: f"https://oapi.dingtalk.com/robot/send?access_token={DINGTALK_KEY}",
    RobotKind.FEISHU: f"https://open.feishu.cn/open-apis/bot/v2/hook/{FEISHU_KEY}",
}
KEYS = (WECOM_KEY, DINGTALK_KEY, FEISHU_KEY)
SIGNING = "SECf3b1c7a09de84652"
AT = cast.NOW


def robot(kind=RobotKind.WECOM, *, name="高新片区工作群", address="", by="command", at=AT, **facts):
    address = address or ADDRESSES[kind]
    return set_up_robot(kind=kind, name=name, address=address, by=by, at=at, **facts)


def notice(robot, person, campaign, n=1, *, at=AT, **facts) -> Reminder:
    """Something that happened, to be said in the robot's group."""
    words = {"title": f"问题{n}已退回", "url": f"/findings/{n}/", "body": "照片不清楚"}
    return Reminder.objects.create(
        campaign=campaign,
        person=person,
        thing=f"finding:{n}",
        rule=NOTICE,
        occurrence=f"returned {n}",
        channel=robot.channel,
        robot=robot,
        wanted_at=at,
        **words | facts,
    )
