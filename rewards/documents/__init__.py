"""A campaign's results as documents: one file a document, what they share beside them."""

from rewards.documents.finance_book import settlement_workbook
from rewards.documents.league_paper import league_pdf
from rewards.documents.prints import print_of
from rewards.documents.signed_list import settlement_pdf

__all__ = ["league_pdf", "print_of", "settlement_pdf", "settlement_workbook"]
