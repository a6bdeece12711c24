"""Dates as the house writes them; half-width digits, no comma in years."""

DATE_FORMAT = "Y年n月j日"
SHORT_DATE_FORMAT = "n月j日"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y年n月j日 H:i"
SHORT_DATETIME_FORMAT = "n月j日 H:i"
