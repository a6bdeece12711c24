"""What inspections keep: plans, findings, sheets and what auditors saw."""

from inspections.models.extensions import Extension
from inspections.models.findings import Finding, FindingPhoto
from inspections.models.plans import ImprovementPlan, PlanRevision, PlanVersion
from inspections.models.sheets import ImportedForm, Observation, ObservationPhoto, ScoreSheet

__all__ = [
    "Extension",
    "Finding",
    "FindingPhoto",
    "ImportedForm",
    "ImprovementPlan",
    "Observation",
    "ObservationPhoto",
    "PlanRevision",
    "PlanVersion",
    "ScoreSheet",
]
