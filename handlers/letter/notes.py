"""What somebody wrote above a mail that they pass on: words of their own, or only that they pass it on."""

import re
from itertools import takewhile

MOST = 300  # signs of a note that still only passes on
_NEARLY_NOTHING = 5  # words
_LONGEST_LINE = 400

_GREETING = re.compile(
    r"(?:hej|kære|goddag|godmorgen|god dag|hi|hello|dear|hallo|til)\b"
    r"(?:(?:[ ,]{1,2}[^\s,.!?:]{1,30}){0,3}|(?:[ ,]{1,2}[^\s,.!?:]{1,30}){0,6}[,!:.])[,!:.]?\Z",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:med )?(?:de )?(?:venlig|bedste|mange|kærlig|god|rar)(?:e|st|ste)? hilsen(?:er)?|hilsen|hilsner"
    r"|mvh|m\.v\.h|vh|v\.h|dbh|(?:kind|best|warm)(?:est)? regards|regards|best wishes"
    r"|(?:mit )?freundlichen? grüßen?|viele grüße)\b",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:sendt fra|sent from|hent outlook|get outlook|denne (?:e-?mail|mail) (?:kommer|er sendt|stammer) fra"
    r"|(?:\[?(?:ekstern|external)|advarsel|caution|bemærk|obs)\b\W.{0,80}(?:ekstern|external|outside)"
    r"|you don't often get email|du får ikke ofte mail|[-_=*~\s]+\Z|(?:vs|fwd?|fw)[.: ]*\Z)",
    re.IGNORECASE,
)
_PASSES_ON = re.compile(
    r"\bvideresend(?:t|er|es|te)?\b|\bfwd?\b|\bfyi\b|\bpå vegne af\b|\bon behalf of\b|\bnedenstående\b"
    r"|til (?:jeres |din )?(?:videre )?(?:foranstaltning|(?:sags)?behandling|orientering|journalisering)"
    r"|til (?:rette vedkommende|sagen)|hermed (?:frem)?send|(?:hører|skal|rettelig) .{0,20}(?:hos|til) jer\b"
    r"|se (?:mail(?:en)? )?(?:nedenfor|nedenstående|herunder|vedhæft|vedlagt)"
    r"|(?:vedhæftede?|vedlagte?) (?:mail|e-mail|høringssvar|henvendelse|besked)"
    r"|(?:høringssvar|henvendelse|mail(?:en)?|svar(?:et)?) (?:fra|modtaget)\b"
    r"|(?:kan|vil|tager) (?:i|du) (?:tage|svare|behandle)"
    r"|(?:see|find) (?:below|attached|enclosed)|forward(?:ed|ing)\b|for your information",
    re.IGNORECASE,
)


def said(text: str) -> str:
    """Give what a note says beyond greeting, signature and what programs add, as one line."""
    lines = (line.strip(" \t\xa0>") for line in text.split("\n")[:2_000])
    kept = takewhile(
        lambda line: line not in {"--", "-- "} and not _CLOSING.match(line[:_LONGEST_LINE]), lines
    )
    own = [line for line in kept if line and not _FURNITURE.match(line[:_LONGEST_LINE])]
    if own and _GREETING.match(own[0][:_LONGEST_LINE]):
        own = own[1:]
    return " ".join(own)


def says_nothing(text: str) -> bool:
    """Tell whether nothing, or next to nothing, stands there: not a sentence that could be an answer."""
    return len(said(text).split()) <= _NEARLY_NOTHING


def passes_on(text: str) -> bool:
    """Tell whether a note only says that something is passed on, to whom or what for."""
    own = said(text)
    return not own or (len(own) <= MOST and bool(_PASSES_ON.search(own)))
