"""What inspections keep: plans, findings, sheets and what auditors saw."""

from inspections.models.findings import Finding, FindingPhoto
from inspections.models.plans import ImprovementPlan, PlanRevision, PlanVersion
from inspections.models.sheets import ImportedForm, Observation, ObservationPhoto, ScoreSheet

__all__ = [
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
