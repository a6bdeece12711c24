"""Rubrics as people publish them, and the results that are made with them."""

from scoring.models.counts import FigureCount, MissedCount, SectionCount
from scoring.models.imports import HeaderMapping, RubricImport
from scoring.models.results import CampaignResults, Score, ScoreLine, Standing
from scoring.models.rubrics import (
    Band,
    Critical,
    DeductionRule,
    Item,
    Requirement,
    Rubric,
    RuleKind,
    Section,
    Weight,
)

__all__ = [
    "Band",
    "CampaignResults",
    "Critical",
    "DeductionRule",
    "FigureCount",
    "HeaderMapping",
    "Item",
    "MissedCount",
    "Requirement",
    "Rubric",
    "RubricImport",
    "RuleKind",
    "Score",
    "ScoreLine",
    "Section",
    "SectionCount",
    "Standing",
    "Weight",
]
