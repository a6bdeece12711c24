"""The campaign's summary, drafted chapter by chapter from facts."""
