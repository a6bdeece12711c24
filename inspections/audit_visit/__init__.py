"""Audit visits (检查): who goes to which project on which day, by which method."""
