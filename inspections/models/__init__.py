"""What inspections keep: plans, findings, sheets, what auditors saw, and what was learnt."""

from inspections.models.appeals import Appeal
from inspections.models.audit_visits import AuditSchedule, AuditVisit
from inspections.models.auditors import AuditorCount, LookCount
from inspections.models.callbacks import (
    Call,
    CallAnswer,
    CallbackQuestion,
    CallbackSample,
    CallbackTerms,
    Callee,
    Customer,
    CustomerUpload,
    ForgottenCustomer,
    Questionnaire,
)
from inspections.models.cases import Case, CaseAnswer, CaseSite
from inspections.models.exams import Answer, Attempt, Exam, QuestionCount, QuestionUpload, Seat
from inspections.models.extensions import Extension
from inspections.models.findings import Finding, FindingPhoto
from inspections.models.late import LateObservation
from inspections.models.lessons import Lesson, LessonPiece
from inspections.models.list_uploads import ListUpload
from inspections.models.plans import ImprovementPlan, PlanRevision, PlanVersion, SetAside
from inspections.models.policies import Policy, PolicyVersion, Prevented
from inspections.models.post_questions import (
    DrawnQuestion,
    PostAnswer,
    PostDraw,
    PostQuestion,
    VisitObservation,
)
from inspections.models.questions import Question
from inspections.models.seminars import Seminar, SeminarProblem
from inspections.models.sheets import (
    ImportedForm,
    Observation,
    ObservationPhoto,
    ReceivedEvent,
    ScoreSheet,
)
from inspections.models.signing import SIGNING_STATES, SignOff
from inspections.models.summaries import Chapter, ChosenPair, Summary
from inspections.models.trainings import (
    Attendance,
    NeededTopic,
    NeedsAnswer,
    NeedsSurvey,
    SurveyTopic,
    Training,
)
from inspections.models.written_tests import WrittenTest

__all__ = [
    "SIGNING_STATES",
    "Answer",
    "Appeal",
    "Attempt",
    "Attendance",
    "AuditSchedule",
    "AuditVisit",
    "AuditorCount",
    "Call",
    "CallAnswer",
    "CallbackQuestion",
    "CallbackSample",
    "CallbackTerms",
    "Callee",
    "Case",
    "CaseAnswer",
    "CaseSite",
    "Chapter",
    "ChosenPair",
    "Customer",
    "CustomerUpload",
    "DrawnQuestion",
    "Exam",
    "Extension",
    "Finding",
    "FindingPhoto",
    "ForgottenCustomer",
    "ImportedForm",
    "ImprovementPlan",
    "LateObservation",
    "Lesson",
    "LessonPiece",
    "ListUpload",
    "LookCount",
    "NeededTopic",
    "NeedsAnswer",
    "NeedsSurvey",
    "Observation",
    "ObservationPhoto",
    "PlanRevision",
    "PlanVersion",
    "Policy",
    "PolicyVersion",
    "PostAnswer",
    "PostDraw",
    "PostQuestion",
    "Prevented",
    "Question",
    "QuestionCount",
    "QuestionUpload",
    "Questionnaire",
    "ReceivedEvent",
    "ScoreSheet",
    "Seat",
    "Seminar",
    "SeminarProblem",
    "SetAside",
    "SignOff",
    "Summary",
    "SurveyTopic",
    "Training",
    "VisitObservation",
    "WrittenTest",
]
