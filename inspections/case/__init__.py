"""One serious finding becomes a check at many projects."""
