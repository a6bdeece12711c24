"""`verify` finds whatever is changed in the database past the application, and nothing else."""

import uuid
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from campaign.cloning import clone_campaign
from campaign.models import Campaign, Participation
from campaign.participants import set_lacks
from campaign.setup import create_campaign, enter_projects
from inspections.models import Appeal, Observation, ObservationPhoto, ScoreSheet, SignOff
from inspections.words import ObservationKind
from organization.digests import fingerprint
from organization.models import Post, Seal, SealChain, StoredFile
from organization.seals import ring_of
from rewards.models import Award, RewardRule, Settlement, Snapshot, TeamReward
from scoring.counting import count_all_again
from scoring.models import (
    Band,
    CampaignResults,
    FigureCount,
    Item,
    MissedCount,
    Requirement,
    Rubric,
    Score,
    ScoreLine,
    SectionCount,
    Standing,
    Weight,
)
from scoring.results import rebuild
from tests.portal.evidence import AT, LATER, approved, drawn_up, inspected, verified

pytestmark = pytest.mark.django_db
POINT = Decimal("0.1")


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """Made once for all of them; each test changes it in a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        firm = inspected()
        drawn_up(firm)
        paths = [Path(each.file.path) for each in StoredFile.objects.all()]
        stored = {path: path.read_bytes() for path in paths}
        yield firm, stored
        transaction.set_rollback(True)


@pytest.fixture
def firm(whole):
    firm, stored = whole
    yield deepcopy(firm)
    for path, content in stored.items():
        path.write_bytes(content)


def more(rows, field, by=POINT):
    """One more point, by SQL, in the first row."""
    first = rows.order_by("pk").values_list("pk", flat=True)[:1]
    assert rows.model.objects.filter(pk__in=list(first)).update(**{field: F(field) + by}) == 1


def deductions():
    """Of a sheet that has them, the first not withdrawn."""
    return Observation.objects.filter(kind=ObservationKind.MISSING, withdrawal__isnull=True)


def without_pictures():
    return deductions().filter(photos__isnull=True)


def insert_observation():
    row = deductions().first()
    row.pk, row.requirement_id = uuid.uuid4(), row.item.requirements.last().pk
    Observation.objects.bulk_create([row])


def copy_sealed_observation():
    """With its own seal, at the end, and the count put right."""
    row = without_pictures().first()
    row.pk, row.place = uuid.uuid4(), row.sheet.events + 1
    Observation.objects.bulk_create([row])
    ScoreSheet.objects.filter(pk=row.sheet_id).update(events=F("events") + 1, tip=row.seal)


def cut_off_the_end():
    """The last event, with the sheet's count and tip set to those before it."""
    sheet = ScoreSheet.objects.last()
    last, before = sheet.observations.order_by("-place")[:2]
    Observation.objects.filter(pk=last.pk).delete()
    ScoreSheet.objects.filter(pk=sheet.pk).update(events=before.place, tip=before.seal)


def swap_places():
    one, two = without_pictures().filter(sheet=ScoreSheet.objects.first())[:1].get(), None
    two = one.sheet.observations.exclude(pk=one.pk).last()
    for row, place in ((one, two.place), (two, one.place)):
        Observation.objects.filter(pk=row.pk).update(place=place)


def take_sheet_out():
    """A whole sheet, with everything that hangs on it."""
    sheet = ScoreSheet.objects.last()
    ObservationPhoto.objects.filter(observation__sheet=sheet).delete()
    rows = Observation.objects.filter(sheet=sheet)
    rows.filter(withdraws__isnull=False).delete()
    rows.delete()
    ScoreLine.objects.filter(score__project=sheet.project_id, item__rubric=sheet.rubric).delete()
    Score.objects.filter(project=sheet.project_id, rubric=sheet.rubric_id).delete()
    sheet.delete()


def replace_file():
    stored = ObservationPhoto.objects.first().file
    with stored.file.storage.open(stored.file.name, "wb") as content:
        content.write(b"another picture")


def make_withdrawn():
    """A deduction that counts is named by a withdrawal of another one."""
    withdrawal = Observation.objects.filter(kind=ObservationKind.WITHDRAWAL).first()
    other = without_pictures().filter(sheet=withdrawal.sheet).first()
    Observation.objects.filter(pk=withdrawal.pk).update(withdraws=other)


def seal_without_the_key():
    """The amount changed, the seal computed again by somebody who has another key."""
    more(Weight.objects, "percent")
    chain = SealChain.objects.get()
    row = Seal.objects.filter(kind="weights").last()
    wrong = ring_of((), "another secret")
    Seal.objects.filter(pk=row.pk).update(mac=wrong.seal("seal", chain.name, row.number))


def put_into_counts():
    """In another region, the counts made to agree with it."""
    score = Score.objects.audits().finished().first()
    score.counted["region"] = "别处"
    score.save(update_fields=["counted"])
    count_all_again(score.campaign)


ATTACKS = {
    "an observation's points": lambda: more(without_pictures(), "points"),
    "an observation's note": lambda: without_pictures().update(note="别的"),
    "an observation's auditor": lambda: without_pictures().update(by=None),
    "an observation's count": lambda: more(without_pictures(), "count", 1),
    "an observation deleted": lambda: without_pictures().first().delete(),
    "the last one deleted": cut_off_the_end,
    "an observation inserted": insert_observation,
    "an observation copied with its seal": copy_sealed_observation,
    "two observations change places": swap_places,
    "a withdrawal turned to another": make_withdrawn,
    "a seal wiped out": lambda: without_pictures().update(seal=""),
    "a picture's hash": lambda: StoredFile.objects.update(sha256="0" * 64),
    "a picture's file": replace_file,
    "a picture turned to another observation": lambda: ObservationPhoto.objects.update(
        observation=without_pictures().first()
    ),
    "a picture deleted": lambda: ObservationPhoto.objects.first().delete(),
    "what an appeal decided": lambda: more(
        Observation.objects.filter(kind=ObservationKind.DECIDED), "points"
    ),
    "who decided an appeal": lambda: Appeal.objects.update(decided_by=None),
    "an appeal's reason": lambda: Appeal.objects.update(reason="别的"),
    "an appeal made to wait": lambda: Score.objects.update(open_objections=1),
    "a sheet's hand-in": lambda: ScoreSheet.objects.update(submitted_at=AT - timedelta(days=1)),
    "from when a sheet may be contested": lambda: ScoreSheet.objects.update(appeal_from=LATER),
    "a sheet's running points": lambda: more(ScoreSheet.objects, "kept"),
    "a sheet's items": lambda: more(ScoreSheet.objects, "looked_at", -1),
    "a sheet's seal wiped out": lambda: ScoreSheet.objects.update(seal=""),
    "a sheet taken out": take_sheet_out,
    "what was signed": lambda: SignOff.objects.update(content=forged()),
    "what was signed, with its fingerprint": lambda: SignOff.objects.update(
        content=forged(), fingerprint=fingerprint(forged())
    ),
    "a signature made a refusal": lambda: SignOff.objects.update(refused=True),
    "a signature deleted": lambda: SignOff.objects.all().delete(),
    "a published item's points": lambda: more(Item.objects, "points"),
    "a published range": lambda: more(Item.objects, "deduct_max"),
    "a requirement's text": lambda: Requirement.objects.update(text_zh_hans="别的"),
    "a requirement made critical": lambda: Requirement.objects.update(critical="zero"),
    "a rubric taken out of force": lambda: Rubric.objects.update(superseded_at=LATER),
    "a weight": lambda: more(Weight.objects, "percent"),
    "a band's limit": lambda: more(Band.objects, "lowest", 1),
    "the rounding": lambda: Campaign.objects.update(rounding="floor"),
    "the days to appeal": lambda: Campaign.objects.update(appeal_days=1),
    "extras allowed": lambda: CampaignResults.objects.update(extra_allowed=True),
    "scoring opened again": lambda: CampaignResults.objects.update(opened_at=None),
    "a specialty that a project lacks": lambda: Participation.objects.first().lacks.add(
        firm_line()
    ),
    "a reward rule": lambda: more(RewardRule.objects, "amount"),
    "a reward rule deleted": lambda: RewardRule.objects.first().delete(),
    "the team reward": lambda: more(TeamReward.objects, "lowest", -1),
    "a score": lambda: more(Score.objects, "kept"),
    "a score's cap": lambda: Score.objects.update(capped=True),
    "an objection window": lambda: Score.objects.update(objections_until=None),
    "a score's line": lambda: more(ScoreLine.objects, "points"),
    "a score's line deleted": lambda: ScoreLine.objects.first().delete(),
    "a standing's composite": lambda: more(Standing.objects, "composite"),
    "a standing's state": lambda: Standing.objects.update(provisional=True),
    "a standing's figures": lambda: Standing.objects.update(scores={}),
    "a standing deleted": lambda: Standing.objects.first().delete(),
    "how many miss a requirement": lambda: more(MissedCount.objects, "projects", 1),
    "what a requirement cost all": lambda: more(MissedCount.objects, "hundredths", 1),
    "a count deleted": lambda: SectionCount.objects.first().delete(),
    "a spread of scores": lambda: more(FigureCount.objects, "hundredths", 1),
    "what a score has put into the counts": put_into_counts,
    "an award in a draft": lambda: more(Award.objects, "amount"),
    "an award deleted": lambda: Award.objects.first().delete(),
    "the day of the posts": lambda: Settlement.objects.update(posts_as_of=AT),
    "a seal": lambda: Seal.objects.filter(number=2).update(digest="0" * 64),
    "a seal in the middle deleted": lambda: Seal.objects.filter(number=2).delete(),
    "the last seal deleted": lambda: Seal.objects.last().delete(),
    "a seal without the key": seal_without_the_key,
    "the whole chain": lambda: (Seal.objects.all().delete(), SealChain.objects.all().delete()),
}


def forged() -> str:
    """The signed text with another name under it."""
    content = SignOff.objects.get().content
    assert content.count("陈立群")
    return content.replace("陈立群", "别人")


def firm_line():
    return Weight.objects.first().specialty


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_changed_past_the_application_is_found(firm, attack):
    ATTACKS[attack]()
    assert verified()


def test_what_went_through_the_application_is_as_it_was_sealed(firm):
    assert verified() == []
    assert verified("--campaign", firm.campaign.code) == []


def test_computing_everything_again_changes_nothing(firm):
    assert rebuild(campaign=firm.campaign, at=LATER) == 0
    assert verified() == []


def change_kept_text():
    """A snapshot's content, its fingerprint computed again everywhere."""
    kept = Snapshot.objects.get()
    content = kept.content.replace("1000", "2000")
    assert content != kept.content
    Snapshot.objects.update(content=content, fingerprint=fingerprint(content))
    Settlement.objects.update(fingerprint=fingerprint(content))


APPROVED = {
    "an amount": lambda: more(Award.objects, "amount"),
    "the day of the posts": lambda: Settlement.objects.update(posts_as_of=AT),
    "who approved": lambda: Settlement.objects.update(approved_by=None),
    "its approval undone": lambda: Settlement.objects.update(approved_at=None),
    "its fingerprint": lambda: Settlement.objects.update(fingerprint="0" * 64),
    "the snapshot's content": lambda: Snapshot.objects.update(content="{}"),
    "the snapshot with its fingerprint": change_kept_text,
    "the snapshot's place": lambda: Snapshot.objects.update(number=2),
    "the snapshot before it": lambda: Snapshot.objects.update(previous="0" * 64),
    "the snapshot deleted": lambda: Snapshot.objects.all().delete(),
    "the results opened again": lambda: CampaignResults.objects.update(frozen_at=None),
}


@pytest.mark.parametrize("attack", APPROVED)
def test_what_was_approved_is_found_as_well(firm, attack):
    approved(firm)
    APPROVED[attack]()
    assert verified()


def test_an_approved_settlement_is_as_it_was_approved_though_people_move(firm):
    approved(firm)
    Post.objects.filter(user=firm.manager).update(until=AT.date() - timedelta(days=1))
    assert verified() == []


# --- what it says ----------------------------------------------------------------------------


def test_it_says_what_was_sealed_and_what_stands_there(firm):
    Weight.objects.filter(specialty__code="order").update(percent=26)
    weights, *standings = verified()
    assert weights["code"] == "changed" and weights["campaign"] == firm.campaign.code
    assert weights["zh"] == "权重：order percent 封存时是 25，现在是 26。"
    assert weights["en"] == "Weight: order percent was sealed as 25 and is 26 now."
    assert {row["code"] for row in standings} <= {"standing"}


def test_it_names_the_observation_and_what_follows_from_it(firm):
    row = without_pictures().filter(sheet=firm.sheets[-1]).first()
    Observation.objects.filter(pk=row.pk).update(points=Decimal("0.5"))
    said = {row["code"]: row for row in verified()}
    assert str(row.pk) in said["event_broken"]["zh"]
    assert said.keys() == {"event_broken", "scoresheet_figure", "score_figure", "lines"}
    assert row.item.code in said["lines"]["en"]


def test_one_score_gives_one_sentence_for_it_and_one_for_the_standing(firm):
    more(Score.objects, "kept")
    assert {row["code"] for row in verified()} <= {"score_figure", "standing"}


def test_a_count_is_named_with_what_it_should_be(firm):
    count = MissedCount.objects.filter(projects__gt=0).first()
    MissedCount.objects.filter(pk=count.pk).update(projects=count.projects + 1)
    (said,) = verified()
    line, points = count.requirement, Decimal(count.hundredths).scaleb(-2)
    assert said["code"] == "count" and f" {line.item.code} {line.number}" in said["zh"]
    assert f"should be {count.projects} / {points} and are {count.projects + 1}" in said["en"]


def test_an_unknown_campaign_is_refused(firm):
    with pytest.raises(CommandError, match="no campaign"):
        call_command("verify", "--campaign", "nothing")


# --- what is older than the seals ------------------------------------------------------------


def test_observations_that_are_older_are_sealed_in_their_order(firm):
    Seal.objects.all().delete()
    SealChain.objects.all().delete()
    ScoreSheet.objects.update(events=0, tip="", seal="")
    Observation.objects.update(place=0, seal="")
    ObservationPhoto.objects.update(place=0, seal="")
    StoredFile.objects.update(kept_sha256="")
    call_command("seal", "--existing")
    assert verified() == []
    more(without_pictures(), "points")
    assert verified()


def test_a_clone_is_sealed_from_its_first_day(firm):
    source = create_campaign(code="plan", year=2011, by="command", at=AT)
    enter_projects(campaign=source, projects=[firm.one, firm.two], by="command", at=AT)
    lacking = [firm.lines["order"]]
    set_lacks(campaign=source, project=firm.one, specialties=lacking, by="command", at=AT)
    clone_campaign(source=source, code="next", year=2012, by="command", at=AT)
    assert verified() == []
    Participation.objects.filter(campaign__code="next").delete()
    assert {row["campaign"] for row in verified()} == {"next"}
