"""Where in a TOML text each key stands, since tomllib tells values but no lines."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys by name, items of lists by number from 0."""

_DEEPEST = 16

_TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*')"
    r"|(?P<newline>\n)"
    r"|(?P<skip>[ \t\r]+|\#[^\n]*)"
    r"|(?P<sign>[\[\]{}=,.])"
    r"|(?P<bare>[^\s\[\]{}=,.\"'\#]+|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def lines(text: str) -> Mapping[Path, int]:
    """Return the line, from 1, of every table, key and list item in a text that tomllib has accepted.

    What lies more than sixteen steps down is found at its sixteenth. The tables of an array of tables are
    numbered as list items are. RecursionError when lists nest too deep.
    """
    walk = _Walk(_tokens(text))
    walk.document()
    return walk.found


def dotted(path: Path) -> str:
    """Return a path as people write it: departments[2].channel."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else repr(key)


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "skip":
            tokens.append(_Token(kind, match.group(), line))
        line += match.group().count("\n")
    return [*tokens, _Token("end", "", line)]


class _Walk:
    """One way through the tokens, noting each path where it is first met."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.found: dict[Path, int] = {}
        self._tokens = tokens
        self._at = 0
        self._tables: Counter[Path] = Counter()

    def document(self) -> None:
        table: Path = ()
        while self._here.kind != "end":
            if self._here.kind == "newline":
                self._at += 1
            elif self._here.text == "[":
                table = self._header()
            else:
                self._pair(table)

    @property
    def _here(self) -> _Token:
        return self._tokens[self._at]

    def _passes(self, sign: str) -> bool:
        if self._here.kind != "sign" or self._here.text != sign:
            return False
        self._at += 1
        return True

    def _note(self, path: Path, line: int) -> None:
        self.found.setdefault(path, line)

    def _header(self) -> Path:
        line = self._here.line
        many = [self._passes("["), self._passes("[")][1]
        path: Path = ()
        *above, last = self._key()
        for part in above:
            path = self._current(_down(path, part))
        path = _down(path, last)
        if many:
            self._tables[path] += 1
            path = self._current(path)
        self._note(path, line)
        while self._passes("]"):
            pass
        return path

    def _current(self, path: Path) -> Path:
        """Step into the newest table of an array of tables; other paths stay as they are."""
        return _down(path, self._tables[path] - 1) if path in self._tables else path

    def _key(self) -> list[str]:
        parts: list[str] = []
        while self._here.kind in {"bare", "string"} or self._here.text == ".":
            if self._here.kind != "sign":
                parts.append(_plain(self._here))
            self._at += 1
        return parts or [""]

    def _pair(self, table: Path) -> None:
        line, path = self._here.line, table
        for part in self._key():
            path = _down(path, part)
            self._note(path, line)
        self._passes("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._passes("["):
            self._items(path)
        elif self._passes("{"):
            self._pairs(path)
        else:
            while self._here.kind in {"bare", "string"} or self._here.text == ".":
                self._at += 1

    def _pairs(self, path: Path) -> None:
        while not self._passes("}") and self._here.kind != "end":
            if self._here.kind == "newline":
                self._at += 1
            elif not self._passes(","):
                self._pair(path)

    def _items(self, path: Path) -> None:
        number = 0
        while not self._passes("]") and self._here.kind != "end":
            if self._here.kind == "newline":
                self._at += 1
            elif self._passes(","):
                number += 1
            else:
                item = _down(path, number)
                self._note(item, self._here.line)
                self._value(item)


def _down(path: Path, part: str | int) -> Path:
    return (*path, part) if len(path) < _DEEPEST else path


def _plain(token: _Token) -> str:
    """Return the key that a token spells; a quoted one is TOML itself."""
    if token.kind == "bare":
        return token.text
    value: str = tomllib.loads(f"v = {token.text}")["v"]
    return value
