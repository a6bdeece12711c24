"""申诉: a project contests a deduction, somebody else than the auditor decides (ruling 14)."""
