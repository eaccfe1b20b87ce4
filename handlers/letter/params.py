"""Header parameters (`text/plain; charset=x`), with RFC 2231 and what programs do instead of it."""

import re
from urllib.parse import unquote_to_bytes

from handlers.letter import charset, words

_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_UNDIVIDED = re.compile(r"(\s{0,20}[^\s;,/]{1,80}/[^\s;,/]{1,80})[\s,]{1,20}(?=[\w-]{1,40}=)")
_CONTINUED = re.compile(r"([^*]+)\*(\d{1,5})?(\*?)\Z")
_PERCENT_UTF8 = re.compile(r"%[c-fC-F][0-9a-fA-F]%[89abAB][0-9a-fA-F]")


def split(raw: bytes) -> tuple[str, dict[str, str]]:
    """Split a header into its value (lower case) and its parameters (names lower case, values decoded)."""
    value = charset.guess(raw)
    if undivided := _UNDIVIDED.match(value):
        value = f"{undivided[1]};{value[undivided.end() :]}"  # the semicolon was forgotten
    head, semicolon, _ = value.partition(";")
    if not semicolon:
        return head.strip().lower(), {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, text in _PARAMETER.findall(value, len(head)):
        key, bare = name.lower(), _bare(text)
        piece = _CONTINUED.match(key)
        if piece is None:
            plain.setdefault(key, _readable(bare))
        else:
            index, is_encoded = int(piece[2] or 0), bool(piece[3]) or piece[2] is None
            pieces.setdefault(piece[1], {}).setdefault(index, (bare, is_encoded))
    return head.strip().lower(), plain | {name: _joined(found) for name, found in pieces.items()}


def _bare(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text.strip('"')


def _readable(value: str) -> str:
    if _PERCENT_UTF8.search(value):
        return words.decode(charset.guess(unquote_to_bytes(value)))
    return words.decode(value) if "=?" in value else value


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """Join RFC 2231 pieces in the order of their numbers; the first may name the charset."""
    label, raw = "", bytearray()
    for order, index in enumerate(sorted(pieces)):
        value, is_encoded = pieces[index]
        if is_encoded and order == 0 and value.count("'") >= 2:
            label, _, value = value.split("'", 2)
        encoded = value.encode("utf-8", "surrogatepass")
        raw += unquote_to_bytes(encoded) if is_encoded else encoded
    return _readable(charset.decode(bytes(raw), label)[0])
