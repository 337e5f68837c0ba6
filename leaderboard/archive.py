"""Reading a ZIP archive from a stranger.

Nothing is extracted and no path is taken from it: it must hold exactly the members that are asked
for, as plain files, and each is read as a stream under bounds of size and compression ratio.
"""

import contextlib
import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from stepagent_gym.errors import SubmissionError

MAX_ARCHIVE = 512 << 20
"""Bytes that an archive may have."""
MAX_RATIO = 200
"""How many bytes a compressed byte may become, above 1 MiB (recorded runs reach about 30)."""
MAX_LINE = 16 << 20
"""Bytes that a line may have."""

_CHUNK = 1 << 16
_FREE = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Archive:
    """An open archive with exactly the members of `limits`, each at most so many bytes long.

    Raises `SubmissionError` for anything else, when opened or while it is read.
    """

    def __init__(self, path: Path, limits: Mapping[str, int]) -> None:
        self.path = path
        self.hashes: dict[str, str] = {}
        with _damage(path):
            size = path.stat().st_size
            if size > MAX_ARCHIVE:
                raise SubmissionError(
                    f"the archive has {size:,} bytes, more than the {MAX_ARCHIVE:,} allowed"
                )
            self._zip = zipfile.ZipFile(path)
        try:
            self._members = _check_members(self._zip.infolist(), limits)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Read a member piece by piece; never more of it than it declares.

        At its end its SHA-256 is compared with the one in `hashes`, where that holds one.
        """
        sha256 = hashlib.sha256()
        with _damage(self.path), self._zip.open(self._members[name]) as file:
            while chunk := file.read(_CHUNK):
                sha256.update(chunk)
                yield chunk
        if self.hashes.get(name, sha256.hexdigest()) != sha256.hexdigest():
            raise SubmissionError(
                f"{name} was changed: its SHA-256 is {sha256.hexdigest()}, the manifest says "
                f"{self.hashes[name]}"
            )

    def content(self, name: str) -> bytes:
        """Read a member whole."""
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """Read the lines of a member, without their newlines; the last must have one too."""
        number = 1
        pieces: list[bytes] = []
        length = 0
        for chunk in self.chunks(name):
            first, *others = chunk.split(b"\n")
            pieces.append(first)
            length += len(first)
            if length > MAX_LINE:
                raise SubmissionError(
                    f"{name}, line {number}, is longer than the {MAX_LINE:,} bytes allowed"
                )
            for piece in others:
                yield b"".join(pieces)
                number += 1
                pieces, length = [piece], len(piece)
        if length:
            raise SubmissionError(f"{name}, line {number}, is cut off: it has no newline")


def _check_members(
    infos: list[zipfile.ZipInfo], limits: Mapping[str, int]
) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.orig_filename
        if name not in limits:
            raise SubmissionError(
                f"the archive holds {name[:200]!r}; a submission holds {', '.join(limits)} "
                "and nothing else"
            )
        if name in members:
            raise SubmissionError(f"the archive holds {name!r} twice")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise SubmissionError(f"{name} in the archive is no plain file (a link or device)")
        if info.flag_bits & 0x1:
            raise SubmissionError(f"{name} in the archive is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SubmissionError(f"{name} is compressed by another method than deflate")
        if info.file_size > limits[name]:
            raise SubmissionError(
                f"{name} has {info.file_size:,} bytes, more than the {limits[name]:,} allowed"
            )
        if info.file_size > max(_FREE, MAX_RATIO * info.compress_size):
            raise SubmissionError(
                f"{name} grows from {info.compress_size:,} to {info.file_size:,} bytes, more than "
                f"{MAX_RATIO}-fold; this looks like a bomb"
            )
        members[name] = info
    if missing := limits.keys() - members.keys():
        raise SubmissionError(f"the archive lacks {', '.join(sorted(missing))}")
    return members


def open_member(target: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a member to write to, with the same bytes for the same content."""
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return target.open(info, "w", force_zip64=True)


@contextlib.contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn what `zipfile` raises for damage into a `SubmissionError`."""
    try:
        yield
    except SubmissionError:
        raise
    except FileNotFoundError:
        raise SubmissionError(f"there is no file {path}") from None
    except _DAMAGE as error:
        raise SubmissionError(f"{path.name} is no sound ZIP archive: {error}") from error
