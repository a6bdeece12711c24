"""The results in a few slides, to be changed by hand before somebody speaks to them."""

from portal.briefing.deck import briefing_deck

__all__ = ["briefing_deck"]
