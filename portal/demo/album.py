"""Pictures and papers of the demo as uploads; what was drawn once is used again."""

from datetime import datetime
from functools import cache

from django.core.files.base import ContentFile

from organization.files import IMAGES, store_upload
from organization.models import StoredFile, User
from portal.demo import papers, pictures

# So many looks of one scene: enough that two projects rarely show the same one.
LOOKS = 4


class Album:
    """Files of one build. `files` are all that were stored, should the build be undone."""

    def __init__(self):
        self.files: list[StoredFile] = []
        self.photos: dict[tuple, StoredFile] = {}

    def photo(self, item: str, wrong: int, look: int, *, by: User, at: datetime) -> StoredFile:
        """How an item's scene looks with so many things wrong; several findings may share it."""
        key = (pictures.scene_of(item), wrong, look % LOOKS)
        if key not in self.photos:
            upload = ContentFile(drawn(*key), name=f"IMG_{at:%Y%m%d_%H%M%S}.jpg")
            self.photos[key] = self.keep(store_upload(upload=upload, by=by, at=at, allow=IMAGES))
        return self.photos[key]

    def keep(self, stored: StoredFile) -> StoredFile:
        self.files.append(stored)
        return stored

    def burn(self) -> None:
        """Take the files away again; their rows go with the transaction."""
        for stored in self.files:
            stored.file.delete(save=False)


@cache
def drawn(scene: str, wrong: int, look: int) -> bytes:
    return pictures.draw(scene, wrong=wrong, look=look)


@cache
def sheet_of_names(look: int) -> bytes:
    return papers.sheet_of_names(look)


def paper(kind: str, name: str, lines: list[str], *, look: int) -> ContentFile:
    """A document of a kind as somebody would upload it: a scan of signatures, else a PDF."""
    if kind == "sign_in":
        return ContentFile(sheet_of_names(look % LOOKS), name=f"{name}.jpg")
    return ContentFile(papers.pdf(*lines), name=f"{name}.pdf")
