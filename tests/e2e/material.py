"""Files that people choose in the browser, as Playwright takes them."""

from tests.uploads import pdf, picture


def chosen(upload) -> dict:
    return {"name": upload.name, "mimeType": upload.content_type, "buffer": upload.read()}


def paper(name: str) -> dict:
    return chosen(pdf(name))


def photo(name: str = "现场.jpg", *, size=(800, 600)) -> dict:
    return chosen(picture(name, size=size))
