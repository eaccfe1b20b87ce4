"""The fixed Danish of the Word file, read once from the templates."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import templates

TEMPLATES = Path(templates.__file__).parent / "notat"
_READ: dict[str, Any] = tomllib.loads((TEMPLATES / "docx.toml").read_text(encoding="utf-8"))
FIELDS: dict[str, str] = _READ["fields"]
STYLES: dict[str, list[str]] = _READ["styles"]
WORDS: dict[str, str] = _READ["words"]
