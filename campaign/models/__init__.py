"""What a campaign is made of, aggregate by aggregate."""

from campaign.models.campaigns import Campaign, GatePass, Milestone, Participation, Phase
from campaign.models.obligations import Evidence, Obligation
from campaign.models.reminders import Message, Reminder

__all__ = [
    "Campaign",
    "Evidence",
    "GatePass",
    "Message",
    "Milestone",
    "Obligation",
    "Participation",
    "Phase",
    "Reminder",
]
