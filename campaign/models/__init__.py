"""What a campaign is made of, aggregate by aggregate."""

from campaign.models.campaigns import Campaign, GatePass, Milestone, Participation, Phase
from campaign.models.channels import ChannelChoice, Robot
from campaign.models.evidence import Evidence, NotesOnFile
from campaign.models.feeds import CalendarFeed
from campaign.models.kept import KeptCount
from campaign.models.letters import Letter
from campaign.models.obligations import Obligation
from campaign.models.reminder_rules import ReminderRule, ReminderSettings
from campaign.models.reminders import Message, Reminder
from campaign.models.rounds import Round
from campaign.models.visits import SupportVisit, VisitFile

__all__ = [
    "CalendarFeed",
    "Campaign",
    "ChannelChoice",
    "Evidence",
    "GatePass",
    "KeptCount",
    "Letter",
    "Message",
    "Milestone",
    "NotesOnFile",
    "Obligation",
    "Participation",
    "Phase",
    "Reminder",
    "ReminderRule",
    "ReminderSettings",
    "Robot",
    "Round",
    "SupportVisit",
    "VisitFile",
]
