"""Where a page sets apart what it quotes: what mail programs leave in their HTML."""

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from handlers.letter import charset

Spans = tuple[tuple[int, int], ...]

# Put around what is quoted, and before what is quoted to the end of the page; taken out again with the text.
_OPEN, _CLOSE, _REST = "\ue004", "\ue005", "\ue006"
MARKS = re.compile(f"[{_OPEN}{_CLOSE}{_REST}]")
_SOLID = re.compile(r"\S+")
_MOST = 500  # elements that quote; a page with more is an attack
_READ = 20  # elements whose first words are looked at
_TO_THE_END = 2 * _MOST  # deeper than all marks could end
_ENCLOSING = (
    'blockquote[type="cite" i],blockquote.gmail_quote,blockquote.protonmail_quote,blockquote.tutanota_quote'
    ',.gmail_attr,.moz-cite-prefix,#reply-intro,div[class*="yahoo_quoted"],div.protonmail_quote,div.zmail_extra'
    ',[name="messageReplySection"],#OLK_SRC_BODY_SECTION,#mail-editor-reference-message-container'
)
_BEGINNING = "#divRplyFwdMsg,#appendonsend + hr,hr#zwchr,div.OutlookMessageHeader"
_RULED_OFF = 'div[style*="border-top" i]'
_AUTHOR = re.compile(r"\s*(?:fra|from|von|från|de|van|da|od)\s?:", re.IGNORECASE)
_PASSED_ON = re.compile(
    r"\W*(?:start på |begin |anfang der )?(?:videresendt|forwarded|weitergeleitet|vidarebefordra)",
    re.IGNORECASE,
)


def mark(tree: LexborHTMLParser) -> int:
    """Put marks around what a page quotes; gives how many.

    Outlook and Zimbra only show where the earlier mail begins; it runs to the end.
    """
    found = tree.css(_ENCLOSING)[:_MOST]
    enclosing = [node for node in found[:_READ] if not _PASSED_ON.match(_first_words(node))] + found[_READ:]
    beginning = tree.css(_BEGINNING)[:1]
    beginning += [node for node in tree.css(_RULED_OFF)[:_READ] if _AUTHOR.match(_first_words(node))][:1]
    for node in enclosing:
        node.insert_before(_OPEN)
        node.insert_after(_CLOSE)
    for node in beginning:
        node.insert_before(_REST)
    return 2 * len(enclosing) + len(beginning)


def _first_words(node: LexborNode) -> str:
    """Give the first text in an element: Apple quotes what is passed on too, and says so there."""
    inside = islice(node.traverse(include_text=True), 1, 40)
    found = (inner.text_content or "" for inner in inside if inner.is_text_node)
    return next((text for text in found if not text.isspace()), "")


def spans(marked: str) -> Spans:
    """Give what stands between the marks, as spans counted in solid signs, in order."""
    found, at, depth, opened = list[tuple[int, int]](), 0, 0, 0
    cleaned = charset.clean(marked)
    for sign, piece in zip(["", *MARKS.findall(cleaned)], MARKS.split(cleaned), strict=True):
        if sign == _REST and depth == 0:
            depth = _TO_THE_END
            opened = at
        elif sign == _OPEN:
            opened = opened if depth else at
            depth += 1
        elif sign == _CLOSE and depth:
            depth -= 1
            found += [(opened, at)] if depth == 0 and opened < at else []
        at += sum(map(len, piece.split()))
    return (*found, (opened, at)) if depth and opened < at else tuple(found)


def solid(text: str) -> int:
    """Count the signs of a text that are no white space: layout and cleaning leave their number as it is."""
    return sum(map(len, charset.clean(text).split()))


def placed(text: str, counted: Spans) -> Spans:
    """Turn spans that are counted in solid signs into spans of `text`, each from a solid sign to one."""
    bounds = sorted({bound for start, end in counted for bound in (start, end - 1)})
    offsets, words, at, found = dict[int, int](), _SOLID.finditer(text), 0, None
    for bound in bounds:
        while found is None or at + found.end() - found.start() <= bound:
            at += found.end() - found.start() if found else 0
            if (found := next(words, None)) is None:
                break
        if found is None:
            break
        offsets[bound] = found.start() + bound - at
    return tuple(
        (offsets[start], offsets.get(end - 1, len(text) - 1) + 1)
        for start, end in counted
        if start in offsets
    )
