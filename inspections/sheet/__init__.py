"""A score sheet: observations, what they fold to, the entry screen, the project's result."""
