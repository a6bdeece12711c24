"""What programs may do with inspections; put together in portal.api."""

from inspections.api import field, sheets

routers = [field.router, sheets.router]
