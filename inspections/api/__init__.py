"""What programs may do with inspections; put together in portal.api."""

from inspections.api import answers, field, sheets, signing

routers = [answers.router, field.router, sheets.router, signing.router]
