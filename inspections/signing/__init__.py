"""Auditor and project sign a sheet on the screen, or the project refuses with a reason."""
