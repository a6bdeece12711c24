"""What a campaign is made of, aggregate by aggregate."""

from campaign.models.campaigns import Campaign, GatePass, Milestone, Participation, Phase
from campaign.models.evidence import Evidence, NotesOnFile
from campaign.models.obligations import Obligation
from campaign.models.reminders import Message, Reminder
from campaign.models.visits import SupportVisit, VisitFile

__all__ = [
    "Campaign",
    "Evidence",
    "GatePass",
    "Message",
    "Milestone",
    "NotesOnFile",
    "Obligation",
    "Participation",
    "Phase",
    "Reminder",
    "SupportVisit",
    "VisitFile",
]
