"""Lines that name whom a mail quotes: 'Den 24. nov. 2025 kl. 10.00 skrev Karen <karen@x.example>:'."""

import re
from collections.abc import Sequence

from handlers.quoting.lines import LONGEST, Line

_MOST_LINES = 5  # over which mail programs wrap one attribution
_MOST_NAMES = 8
_NAME_WITHIN = 90  # signs before the address
_DAY_WITHIN = 90  # signs from the start in which an attribution says its day

_WROTE = (
    r"skrev|skreiv|skriver|wrote|writes|schrieb|schreibt|a [ée]crit|[ée]crit|escribi[óo]|escreveu"
    r"|ha scritto|scrive|schreef|(?:het )?volgende geschreven|geschreven|napisała?(?:\(a\))?|napisał\(a\)"
    r"|napsala?|napísala?|написала?|написав|пишет|пише|kirjoitti|írta|yazd\u0131|έγραψε|a scris|skrifaði|rašė"
)
_LED = r"(?:den|on|am|le|el|il|op|em|på|at|w dniu|dnia|in data|dne|dňa|vào)\b"
_OPENS = re.compile(
    rf"(?:{_LED}[^\d\n]{{0,30}}|[^\W\d_]{{1,13}}[.,]{{0,2}}\s)?\d",  # any language's weekday
    re.IGNORECASE,
)
_NEEDS_VERB = re.compile(_LED, re.IGNORECASE)
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
_HOUR = re.compile(r"(?<![\d.])\d{1,2}[:.]\d\d(?![\d]|\.\d{4})")
_ADDRESS = re.compile(r"[\w.+'=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_VERB = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w)", re.IGNORECASE)
_VERB_LAST = re.compile(rf"(?<!\w)(?:{_WROTE})\Z", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\S{{0,120}}\s?[>)\]]{{0,2}},?\s(?:{_WROTE})\b(?:[^\d\n]{{0,30}}\d|\W*\Z)", re.IGNORECASE
)
_ENDS = re.compile(r"\s?[>)\]]\s?:?\Z")
_BY_ZONE = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d [^\W\d][^<>\n]{1,60}\Z")
_ONESELF = frozenset({"I", "De", "We", "You", "Ich", "Wir", "Sie"})
_PARTICLES = frozenset(
    {"af", "og", "i", "på", "via", "and", "of", "und", "von", "van", "de", "la", "da", "el"}
)
_LAST = ":>)-_*"
_EDGES = " \t*_-=\u2013\u2014\"'"


def attribution(lines: Sequence[Line], at: int) -> tuple[int, bool] | None:
    """Give how many lines the attribution that begins at `at` takes, and whether it needs no other proof.

    One that is not sure is an attribution only where marked lines follow: 'Den 3. maj 2025 skrev I:' may be a
    citizen's own sentence. None when there is no attribution.
    """
    joined = ""
    for count, line in enumerate(lines[at : at + _MOST_LINES], 1):
        if count > 1 and not _runs_on(lines, at, count=count):
            return None
        joined = f"{joined} {line.bare[:LONGEST]}".strip()
        if len(joined) > LONGEST:
            return None
        sure = _judged(joined)
        if sure is not None:
            return None if _begins_later(lines, at, count=count) else (count, sure)
    return None


def may_begin(lines: Sequence[Line], at: int) -> bool:
    """Tell at little cost whether it is worth while to look for an attribution at `at`."""
    text = lines[at].bare[:LONGEST].lstrip(_EDGES)
    if not (_OPENS.match(text) or "<" in text or "&lt;" in text or _VERB.search(text)):
        return False
    return " GMT" in text or any(_may_end(line.text) for line in lines[at : at + _MOST_LINES])


def _may_end(text: str) -> bool:
    return text[-1] in _LAST or (text[-1].isalpha() and _VERB_LAST.search(text[-20:]) is not None)


def _begins_later(lines: Sequence[Line], at: int, *, count: int) -> bool:
    """Tell whether a line above the attribution was taken with it: '12 træer' above 'Den 3. maj …'."""
    bare = [line.bare for line in lines[at : at + count]]
    later = (" ".join(bare[start:]) for start in range(1, count) if _OPENS.match(bare[start]))
    return any(_VERB.search(text) and _judged(text) is not None for text in later)


def _runs_on(lines: Sequence[Line], at: int, *, count: int) -> bool:
    """Tell whether the lines stand together. One blank line may part what has begun with day and hour."""
    gaps = lines[at + count - 1].number - lines[at].number - (count - 1)
    first = lines[at].bare[:LONGEST]
    return gaps == 0 or bool(gaps == 1 and _OPENS.match(first) and _DAY.search(first) and _HOUR.search(first))


def _judged(written: str) -> bool | None:
    """Tell whether one line is surely an attribution, may be one (False), or is none (None)."""
    text = written.replace("&lt;", "<").replace("&gt;", ">").strip(_EDGES)
    verb, address, is_closed = _VERB.search(text), _ADDRESS.search(text), text.endswith(":")
    if address and _is_led_by_name(text, address):
        return True
    if _BY_ZONE.match(text) or (verb and (address or is_closed) and _is_ruled(written)):
        return True
    if not _DAY.search(text[:_DAY_WITHIN]):
        return None
    hour, opens = _HOUR.search(text), _OPENS.match(text)
    if opens and address and not _NEEDS_VERB.match(text) and _is_last(text, address):
        return hour is not None and hour.start() < _DAY_WITHIN
    if opens and verb and (_names_address(text, address) or _names_person(text, verb, hour)):
        return True
    return False if is_closed and (verb or address or hour) else None


def _is_ruled(written: str) -> bool:
    return not (written[:2] + written[-2:]).strip("-=_*")


def _is_bracketed(text: str, address: re.Match[str]) -> bool:
    return text[: address.start()].removesuffix("mailto:").rstrip().endswith(("<", "(", "["))


def _is_last(text: str, address: re.Match[str]) -> bool:
    return _is_bracketed(text, address) and _ENDS.match(text, address.end()) is not None


def _is_led_by_name(text: str, address: re.Match[str]) -> bool:
    """Tell 'Karen Holm <karen@x.example> skrev den 3. maj:'."""
    is_named = 1 < address.start() <= _NAME_WITHIN and _is_bracketed(text, address)
    return is_named and text[-1] == ":" and _BEHIND.match(text, address.end()) is not None


def _names_address(text: str, address: re.Match[str] | None) -> bool:
    return address is not None and (text.endswith(":") or _VERB_LAST.search(text) is not None)


def _names_person(text: str, verb: re.Match[str], hour: re.Match[str] | None) -> bool:
    """Tell 'kl. 10.00 skrev Karen Holm:' from 'kl. 10.00 skrev vi til forvaltningen:'."""
    if hour is None or not text.endswith(":"):
        return False
    words = (text[verb.end() :].strip(" :,") or text[hour.end() : verb.start()]).split()
    is_named = bool(words) and words[0].lstrip("\"'(")[:1].isupper() and words[0] not in _ONESELF
    return is_named and len(words) <= _MOST_NAMES and all(_is_name(word) for word in words)


def _is_name(word: str) -> bool:
    return not word[0].islower() or word in _PARTICLES
