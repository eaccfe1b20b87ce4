"""Danish running text to sentences, with care for abbreviations, initials, numbers and lists."""

import re
from collections.abc import Iterator, Sequence

_NEVER_LAST = re.compile(
    r"adr|afd|alm|ang|att|bl\.a|ca|cand|cf|co|ekskl|evt|f\.eks|fx|gl|hhv|hr|frk|ift|ifm|iht|inkl|ing|jf|jvf"
    r"|kap|kgs|kl|kst|lign|maks|mag|max|mht|min|mr|nr|pga|pkt|prof|ref|resp|sct|skt|sml|st|stk|str|tlf|vedr"
    r"|vs|årg|[a-zæøå]"
)
_OFTEN_LAST = re.compile(r"a\.m\.b\.a|d\.d|etc|kr|m\.m|m\.v|mia|mio|mm|mv|o\.l|o\.lign|osv|p\.t|pct|pt")
_ENDING = re.compile("[.!?\u2026]+[\"'\u201d\u2019»)\\]]*$")
_CLOSING = "\"'\u201d\u2019»)]"
_OPENING = "\"'\u201d\u2019\u201c\u2018«»([\u2013-"
_MONTH = re.compile(r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]*[.,;]?")
_BULLET = re.compile(r"\s*(?:[-\u2022*\u00b7\u2013\u2014]|\d{1,2}[.)])\s")


def sentences(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each sentence as its words, signs and all, in order; blank lines and list marks also end one.

    Joined with single spaces they are the sentence as it was written. Takes time linear in the text.
    """
    words: list[str] = []
    for line in text.splitlines():
        chunks = line.split()
        if words and (not chunks or _BULLET.match(line[:200]) or words[-1].endswith(":")):
            yield tuple(words)
            words = []
        for chunk in chunks:
            if words and not words[-1][-1].isalnum() and _is_over(words, before=chunk):
                yield tuple(words)
                words = []
            words.append(chunk)
    if words:
        yield tuple(words)


def _is_over(words: Sequence[str], *, before: str) -> bool:
    """Say whether a sentence has ended, from its last word and the word that follows."""
    return _ends(words[-1], before=before) and not (len(words) == 1 and words[0][0].isdigit())


def _ends(word: str, *, before: str) -> bool:
    if not _ENDING.search(word[-20:]):
        return False
    start = before.lstrip(_OPENING)[:1]
    if start.islower():
        return False
    bare = word.rstrip(_CLOSING).lstrip(_OPENING)
    if not bare.endswith(".") or bare.endswith(".."):
        return True
    known = bare[:-1].lower()
    if _OFTEN_LAST.fullmatch(known):
        return not start.isdigit()
    return not (_NEVER_LAST.fullmatch(known) or (known.isdigit() and _MONTH.fullmatch(before.lower())))
