"""Seminars, policies and lessons: what is learnt from findings, and kept."""
