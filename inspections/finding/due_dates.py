"""The one place where the due date of a finding in force changes, whatever the reason."""

from datetime import date

from inspections.models import Finding


def put_due(finding: Finding, due: date) -> None:
    """Put another date in force and keep the first one, without saving; the caller records why.

    Lateness is counted from the date in force (`Finding.days_late`).
    """
    if due != finding.due:
        finding.first_due = finding.first_due or finding.due
        finding.due = due
