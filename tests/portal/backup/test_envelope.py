"""Nobody reads, cuts, moves or changes a piece of a backup's stream."""

import base64
import io
import os
import tracemalloc

import pytest

from portal.backup import CannotBackUp
from portal.backup.envelope import MAGIC, PIECE, SALT, SEALED, SealedReader, SealedWriter

KEY, OTHER = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
HEAD = len(MAGIC) + SALT


def sealed(data, key=KEY):
    out = io.BytesIO()
    writer = SealedWriter(out, key)
    for start in range(0, len(data), 700_001):
        writer.write(data[start : start + 700_001])
    writer.close()
    return out.getvalue()


def opened(stream, *keys):
    reader = SealedReader(io.BytesIO(stream), list(keys or [KEY]))
    return b"".join(iter(lambda: reader.read(300_007), b""))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_was_sealed_comes_back(size):
    data = os.urandom(size)
    assert opened(sealed(data)) == data


def test_it_can_not_be_read_without_its_key():
    assert b"secret" not in sealed(b"secret" * 100)
    with pytest.raises(CannotBackUp, match="none of BACKUP_KEYS opens it"):
        opened(sealed(b"secret"), OTHER)


def test_an_older_key_still_opens_it():
    assert opened(sealed(b"secret"), OTHER, KEY) == b"secret"


def test_the_same_content_is_never_the_same_stream():
    assert sealed(b"secret") != sealed(b"secret")


def pieces(stream):
    return [stream[start : start + SEALED] for start in range(HEAD, len(stream), SEALED)]


@pytest.mark.parametrize("order", [[0, 1], [0, 2, 1, 3], [0, 1, 1, 2, 3], [0, 1, 3], [0, 1, 2]])
def test_pieces_that_miss_or_moved_are_seen(order):
    stream = sealed(os.urandom(3 * PIECE + 9))
    found = pieces(stream)
    with pytest.raises(CannotBackUp, match="was changed or cut off"):
        opened(stream[:HEAD] + b"".join(found[number] for number in order))


@pytest.mark.parametrize("place", [HEAD + SEALED, HEAD + 2 * SEALED + 77, -1])
def test_a_changed_byte_is_seen(place):
    stream = bytearray(sealed(os.urandom(2 * PIECE + 100)))
    stream[place] ^= 1
    with pytest.raises(CannotBackUp, match="was changed or cut off"):
        opened(bytes(stream))


def test_another_file_is_no_backup():
    with pytest.raises(CannotBackUp, match="no backup of Pinzhi"):
        opened(b"SQLite format 3\0" + bytes(100))


class Nowhere:
    def write(self, data):
        return len(data)


def test_memory_does_not_grow_with_the_stream():
    data, peaks = os.urandom(PIECE), []
    for size in 4, 32:
        tracemalloc.start()
        writer = SealedWriter(Nowhere(), KEY)
        for _ in range(size):
            writer.write(data)
        writer.close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
