"""Customers as pages show them: enough to know a list by, too little to call anybody."""

NOBODY = {"name": "", "unit": "", "phone": ""}


def masked(secret: dict[str, str]) -> dict[str, str]:
    """张*, 3-1201, 138****1234."""
    name = secret["name"]
    stars = "*" * len(name[1:4])
    return {
        "name": name[:1] + stars,
        "unit": secret["unit"],
        "phone": masked_number(secret["phone"]),
    }


def masked_number(phone: str) -> str:
    """Four digits in the middle are never shown, of a short number more."""
    if len(phone) < 8:
        return "*" * len(phone)
    head = min(3, len(phone) - 8)
    return f"{phone[:head]}****{phone[head + 4 :]}"
