"""The demo: an invented company whose campaign lies around today, built through the domain."""

from portal.demo.builder import CODE, PHASES, Built, build
from portal.demo.company import Account, accounts

__all__ = ["CODE", "PHASES", "Account", "Built", "accounts", "build"]
