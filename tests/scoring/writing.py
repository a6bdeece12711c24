"""Items as plain data, as the item form gives them, for tests that write rubrics by hand."""

PRICE = {"kind": "range", "text": "", "min": "0.5", "max": "2", "levels": [], "each": True}


def rule(kind, text="", low=None, high=None, *, levels=(), each=False) -> dict:
    return {
        "kind": kind, "text": text, "min": low, "max": high or low, "levels": list(levels),
        "each": each,
    }  # fmt: skip


def item(
    name="制度建设", section="内部管理", *, points="5", lines=("制度上墙公示",), **more
) -> dict:
    data = {
        "section": section, "name": name, "standard": "", "points": points,
        "photo_required": False, "rules": [PRICE],
        "requirements": [{"text": text, "critical": ""} for text in lines],
    }  # fmt: skip
    return data | more
