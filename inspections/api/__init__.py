"""What programs may do with inspections; put together in portal.api."""

from inspections.api import field, sheets, signing

routers = [field.router, sheets.router, signing.router]
