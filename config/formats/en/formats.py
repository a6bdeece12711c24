"""English dates in day-month order, as our Chinese readers of English expect them."""

DATE_FORMAT = "j M Y"
SHORT_DATE_FORMAT = "j M"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y H:i"
SHORT_DATETIME_FORMAT = "j M H:i"
