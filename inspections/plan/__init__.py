"""A project's improvement plan: written, submitted, filed, revised, set as a document."""
