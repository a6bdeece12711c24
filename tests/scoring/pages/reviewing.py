"""What the tests of these pages share: addresses, what a page shows, one move on it."""


def address(firm, step="import/") -> str:
    return f"/c/{firm.campaign.code}/rubrics/{step}"


def as_opened(client, review, row) -> dict:
    """Everything that the item's form would send."""
    leaf = client.get(f"{review.url}?item={row}").context["import"].leaf(str(row))
    forms = [leaf.form]
    for rows in (leaf.form.requirements, leaf.form.rules):
        forms += [rows.management_form, *rows.forms]
    fields = {field.html_name: field.value() for form in forms for field in form}
    sent = {name: "" if value is None else value for name, value in fields.items()}
    sent = {name: value for name, value in sent.items() if value is not False}
    return {"do": "item", "row": row, "mark": leaf.mark, **sent}


def shown(client, review):
    return client.get(review.url).context["import"]


def decide(client, review, do, **typed):
    revision = shown(client, review).kept.revision
    return client.post(review.url, {"do": do, "revision": revision, **typed})


def text(response) -> str:
    return response.content.decode()
