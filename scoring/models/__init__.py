"""Rubrics as people publish them, and the results that are made with them."""

from scoring.models.results import CampaignResults, Score, ScoreLine, Standing
from scoring.models.rubrics import Band, Item, Requirement, Rubric, Section, Weight

__all__ = [
    "Band",
    "CampaignResults",
    "Item",
    "Requirement",
    "Rubric",
    "Score",
    "ScoreLine",
    "Section",
    "Standing",
    "Weight",
]
