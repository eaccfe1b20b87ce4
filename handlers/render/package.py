"""Zip packages whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip file can hold


def packed(files: Mapping[str, bytes], *, compressed: bool = True) -> bytes:
    """The files as a zip, in the given order, undated."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            entry.create_system = 0
            package.writestr(entry, content)
    return target.getvalue()


def unpacked(package: bytes, *, largest: int) -> dict[str, bytes]:
    """The files of a zip, in its order.

    Raises:
        zipfile.BadZipFile: it is none, or holds something else than it says.
        OverflowError: its files say they hold more than `largest` bytes together.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        if sum(entry.file_size for entry in entries) > largest:
            raise OverflowError(largest)
        return {entry.filename: _content(entry, opened) for entry in entries}


def _content(entry: zipfile.ZipInfo, package: zipfile.ZipFile) -> bytes:
    """The bytes of one file; a zip that lies unpacks no more than it says before it is found out."""
    with package.open(entry) as file:
        return file.read(entry.file_size + 1)
