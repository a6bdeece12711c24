"""What inspections keep: plans, findings, sheets and what auditors saw."""

from inspections.models.exams import Answer, Attempt, Exam, QuestionUpload, Seat
from inspections.models.extensions import Extension
from inspections.models.findings import Finding, FindingPhoto
from inspections.models.plans import ImprovementPlan, PlanRevision, PlanVersion, SetAside
from inspections.models.questions import Question
from inspections.models.sheets import ImportedForm, Observation, ObservationPhoto, ScoreSheet

__all__ = [
    "Answer",
    "Attempt",
    "Exam",
    "Extension",
    "Finding",
    "FindingPhoto",
    "ImportedForm",
    "ImprovementPlan",
    "Observation",
    "ObservationPhoto",
    "PlanRevision",
    "PlanVersion",
    "Question",
    "QuestionUpload",
    "ScoreSheet",
    "Seat",
    "SetAside",
]
