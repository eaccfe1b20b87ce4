"""Text for people out of HTML and out of format=flowed."""

import re
from collections import Counter
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from handlers.letter import quotes

# Marks stand for layout until the source's own white space is collapsed; no reader can type them.
_BREAK, _EDGE, _BLANK, _SPACE = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = re.compile(f"[{_BREAK}{_EDGE}{_BLANK}{_SPACE}\x00]")
_SILENT = ["head", "style", "script", "title", "noscript", "template", "object", "svg"]
_HIDDEN = (
    '[style*="display:none" i],[style*="display: none" i],'
    '[style*="mso-hide:all" i],[style*="mso-hide: all" i],[hidden]'
)
_BLOCKS = "div,tr,li,dt,dd,table,ul,ol,dl,section,article,header,footer,address,form,center,fieldset,caption"
_PARAGRAPHS = "p,h1,h2,h3,h4,h5,h6,blockquote,pre"
_WHITE = re.compile(r"[ \t\r\n\f]+")
_LAYOUT = re.compile(rf" ?[{_BREAK}{_EDGE}{_BLANK}][ {_BREAK}{_EDGE}{_BLANK}]*")
_MANY_BLANK = re.compile(r"\n{3,}")
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Beyond these a page is an attack: the parser's time and memory grow with the square of what stays open.
_MAX_TAGS, _MAX_OPEN = 500, 300
_MOST_TAGS = 300_000  # closed or not: a tree of so many takes a hundred megabytes
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NEED_NO_END = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr", "o", "v"}
    | {"dd", "dt", "li", "p", "tbody", "td", "th", "tr"}
)
_TITLE = re.compile(r"<title[^<>]{0,100}>([^<]{1,300})</title", re.IGNORECASE)
_QUOTE = re.compile(r">*")


def meta_charset(raw: bytes) -> str:
    """Give the charset that an HTML page claims in its own `<meta>`, '' when it claims none."""
    found = _META_CHARSET.search(raw, 0, 4_096)
    return found[1].decode("ascii") if found else ""


def title(html: str) -> str:
    """Give the title of a page in one line, '' when it has none."""
    found = _TITLE.search(html, 0, 100_000)
    return " ".join(unescape(found[1]).split()) if found else ""


def from_html(html: str) -> str:
    """Give all that a reader of the page would see: one line a block, list marks kept, hidden text gone."""
    return page(html)[0]


def page(html: str) -> tuple[str, quotes.Spans]:
    """Give the text of a page, and what it quotes: spans counted in signs that are no white space."""
    tags = html.count("<")
    if tags > _MAX_TAGS and (tags > _MOST_TAGS or _most_open(html) > _MAX_OPEN):
        return _laid_out(unescape(_ANY_TAG.sub(_BREAK, html))), ()
    tree = _visible(html)
    count = quotes.mark(tree)
    marked = _text(tree)
    if count and len(quotes.MARKS.findall(marked)) != count:
        count, marked = 0, _text(_visible(html))  # the page itself holds such signs
    if not count:
        return _laid_out(marked), ()
    return _laid_out(quotes.MARKS.sub("", marked)), quotes.spans(_MARKS.sub("\n", marked))


def _visible(html: str) -> LexborHTMLParser:
    tree = LexborHTMLParser(_MARKS.sub("", html))
    tree.strip_tags(_SILENT)
    for node in tree.css(_HIDDEN):
        if node.tag not in {"html", "body"}:
            node.decompose()
    return tree


def _text(tree: LexborHTMLParser) -> str:
    _mark_lists(tree)
    _mark_blocks(tree)
    return tree.root.text() if tree.root else ""


def _most_open(html: str) -> int:
    """Count how many elements are open at once at most."""
    still_open: Counter[str] = Counter()
    depth = most = 0
    for closing, written in _TAG.findall(html):
        name = written.lower()
        step = -1 if closing else 1
        if name in _NEED_NO_END or (closing and not still_open[name]):
            continue
        still_open[name] += step
        depth += step
        most = max(most, depth)
    return most


def _mark_lists(tree: LexborHTMLParser) -> None:
    for listing in tree.css("ol,ul"):
        number = _start(listing) if listing.tag == "ol" else None
        for item in listing.iter():
            if item.tag != "li":
                continue
            _put_first(item, "-" + _SPACE if number is None else f"{number}.{_SPACE}")
            number = None if number is None else number + 1


def _start(listing: LexborNode) -> int:
    start = listing.attributes.get("start") or "1"
    return int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1


def _put_first(node: LexborNode, mark: str) -> None:
    if node.first_child is None:
        node.insert_child(mark)
    else:
        node.first_child.insert_before(mark)


def _mark_blocks(tree: LexborHTMLParser) -> None:
    for node in tree.css("br"):
        node.replace_with(_BREAK)
    for node in tree.css("hr"):
        node.replace_with(_BLANK)
    for node in tree.css("td,th"):
        node.insert_after(_SPACE)
    for node in tree.css("pre"):
        _keep_lines(node)
    for node in tree.css(_BLOCKS):
        node.insert_before(_EDGE)
        node.insert_after(_EDGE)
    for node in tree.css(_PARAGRAPHS):
        mark = _EDGE if "Mso" in (node.attributes.get("class") or "") else _BLANK
        node.insert_before(mark)
        node.insert_after(mark)


def _keep_lines(node: LexborNode) -> None:
    for inner in list(node.traverse(include_text=True)):
        if inner.is_text_node and "\n" in (content := inner.text_content or ""):
            inner.replace_with(content.replace("\r\n", "\n").replace("\n", _BREAK))


def _laid_out(marked: str) -> str:
    text = _LAYOUT.sub(_gap, _WHITE.sub(" ", marked)).replace(_SPACE, " ")
    lines = (line.strip() for line in text.replace("\xa0", " ").split("\n"))
    return _MANY_BLANK.sub("\n\n", "\n".join(lines)).strip("\n")


def _gap(layout: re.Match[str]) -> str:
    """Edges of blocks that touch are one line end; each `<br>` is one, but not as the last in its block."""
    marks = layout[0].strip()
    if _BLANK in marks:
        return "\n\n"
    return "\n" * min(2, marks.count(_BREAK) + (marks[0] == _EDGE))


def from_flowed(text: str, *, delsp: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676); `delsp` says that their space is no text."""
    paragraphs: list[list[str]] = []
    open_depth = -1  # the quote depth of the paragraph that goes on, -1 when none does
    for line in text.split("\n"):
        marks = _QUOTE.match(line)
        depth = len(marks[0]) if marks else 0
        content = line[depth:].removeprefix(" ") if depth else line.removeprefix(" ")
        if open_depth == depth:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([">" * depth + (" " if depth else ""), content])
        open_depth = depth if content.endswith(" ") and content != "-- " else -1
        if open_depth == depth and delsp:
            paragraphs[-1][-1] = content[:-1]
    return "\n".join("".join(paragraph) for paragraph in paragraphs)
