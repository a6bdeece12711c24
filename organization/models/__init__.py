"""People, posts, projects, specialties, stored files and the history of changes."""

from organization.models.company import Post, Project, ProjectKind, Specialty, User
from organization.models.files import StoredFile
from organization.models.history import HistoryEntry, Seal, SealChain
from organization.models.own import ApiToken, SavedView
from organization.models.sign_in import (
    CountKind,
    FactorKind,
    LetterKind,
    PasswordLetter,
    RecoveryCode,
    SecondFactor,
    SignedIn,
    SignInCount,
    SignInRule,
)

__all__ = [
    "ApiToken",
    "CountKind",
    "FactorKind",
    "HistoryEntry",
    "LetterKind",
    "PasswordLetter",
    "Post",
    "Project",
    "ProjectKind",
    "RecoveryCode",
    "SavedView",
    "Seal",
    "SealChain",
    "SecondFactor",
    "SignInCount",
    "SignInRule",
    "SignedIn",
    "Specialty",
    "StoredFile",
    "User",
]
