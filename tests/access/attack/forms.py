"""The forms of a page, as somebody would send them who changes what stands in them."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

SENT_BY_HAND = {"csrfmiddlewaretoken"}


@dataclass
class Form:
    address: str
    method: str
    fields: dict[str, list[str]]  # as they stand
    buttons: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name in self.fields if name not in SENT_BY_HAND]


def forms_of(page: bytes, address: str) -> list[Form]:
    tree = html.fromstring(page)
    return [form_of(each, tree, address) for each in tree.iter("form")]


def form_of(form, tree, address: str) -> Form:
    where = urljoin(address, form.get("action") or address)
    made = Form(where, (form.get("method") or "get").upper(), {})
    outside = tree.xpath("//*[@form=$id]", id=form.get("id")) if form.get("id") else []
    for each in [*form.iter("input", "textarea", "select", "button"), *outside]:
        if name := each.get("name"):
            take(made, each, name)
    return made


def take(form: Form, each, name: str) -> None:
    kind = each.get("type", "text" if each.tag == "input" else each.tag)
    if each.tag == "button" or kind in ("submit", "image"):
        form.buttons.append((name, each.get("value", "")))
    elif kind == "file":
        form.files.append(name)
    elif each.tag == "textarea":
        form.fields.setdefault(name, []).append(each.text or "")
    elif each.tag == "select":
        form.fields.setdefault(name, []).extend(chosen(each))
    elif kind in ("checkbox", "radio"):
        if each.get("checked") is not None:
            form.fields.setdefault(name, []).append(each.get("value", "on"))
        else:
            form.fields.setdefault(name, [])
    else:
        form.fields.setdefault(name, []).append(each.get("value", ""))


def chosen(select) -> list[str]:
    options = list(select.iter("option"))
    picked = [each for each in options if each.get("selected") is not None]
    if not picked and select.get("multiple") is None:
        picked = options[:1]
    return [each.get("value", each.text or "") for each in picked]


def asked_by_links(page: bytes, address: str) -> set[str]:
    """What links of a page to itself ask for: how it is sorted, narrowed and turned."""
    here = urlsplit(address).path
    links = (urljoin(address, each) for each in html.fromstring(page).xpath("//a/@href"))
    own = (urlsplit(each).query for each in links if urlsplit(each).path == here)
    return {name for query in own for name, _value in parse_qsl(query, keep_blank_values=True)}
