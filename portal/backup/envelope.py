"""A stream that nobody reads or changes without the key, however long it is.

AES-256-GCM over pieces of a megabyte, so that memory stays flat. A piece's nonce is its number and
whether it is the last one: none can be left out, doubled, moved or cut off. Each stream has a key
of its own, derived with a random salt, so that numbers may begin at nought every time.
"""

import secrets
from base64 import urlsafe_b64decode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.backup import CannotBackUp

MAGIC = b"pinzhi backup 1\n"
SALT = 32
PIECE = 2**20
SEALED = PIECE + 16  # and GCM's tag


class SealedWriter:
    """Seals what is written to it; without `close` the stream has no end and can't be read."""

    def __init__(self, file, key: str):
        salt = secrets.token_bytes(SALT)
        file.write(MAGIC + salt)
        self.file, self.cipher = file, cipher_of(key, salt)
        self.waiting = bytearray()
        self.number = 0

    def write(self, data) -> int:
        self.waiting += data
        while len(self.waiting) > PIECE:  # what is left may be the last one
            self.seal(self.waiting[:PIECE], last=False)
            del self.waiting[:PIECE]
        return len(data)

    def close(self):
        self.seal(self.waiting, last=True)

    def seal(self, piece, *, last):
        nonce = nonce_of(self.number, last)
        self.file.write(self.cipher.encrypt(nonce, bytes(piece), MAGIC))
        self.number += 1


class SealedReader:
    """Opens what a SealedWriter sealed, with whichever of the keys it was.

    Raises CannotBackUp for what is no such stream, for keys that do not open it, and, once it is
    come to, for what was changed or is missing.
    """

    def __init__(self, file, keys: list[str]):
        if file.read(len(MAGIC)) != MAGIC:
            raise CannotBackUp("这不是品质的备份文件 / this is no backup of Pinzhi")
        salt = file.read(SALT)
        self.file, self.number = file, 0
        self.ahead, self.following = file.read(SEALED), file.read(SEALED)
        self.opened = bytearray()
        self.cipher = next(filter(self.opens, (cipher_of(key, salt) for key in keys)), None)
        if self.cipher is None:
            raise CannotBackUp(
                "BACKUP_KEYS 里没有能打开它的密钥，或者文件一开头就坏了 / "
                "none of BACKUP_KEYS opens it, or it is damaged from the start"
            )

    def opens(self, cipher) -> bool:
        try:
            self.opened_ahead(cipher)
        except InvalidTag:
            return False
        return True

    def opened_ahead(self, cipher) -> bytes:
        nonce = nonce_of(self.number, last=not self.following)
        return cipher.decrypt(nonce, self.ahead, MAGIC)

    def turn(self):
        """Open the piece that was read, and read the next one."""
        try:
            self.opened += self.opened_ahead(self.cipher)
        except InvalidTag:
            raise CannotBackUp(
                f"备份损坏：第 {self.number + 1} 段被改过或不完整 / "
                f"the backup is damaged: piece {self.number + 1} was changed or cut off"
            ) from None
        self.ahead, self.following = self.following, self.file.read(SEALED)
        self.number += 1

    def read(self, size: int) -> bytes:
        """At most so many bytes; none only at the end."""
        while len(self.opened) < size and self.ahead:
            self.turn()
        data = bytes(self.opened[:size])
        del self.opened[:size]
        return data


def cipher_of(key: str, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=MAGIC)
    return AESGCM(derived.derive(urlsafe_b64decode(key)))


def nonce_of(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
