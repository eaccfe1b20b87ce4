"""What a mail says and what it carries: its parts sorted into one text and its files."""

import re
from dataclasses import dataclass, field

from handlers.letter import charset, files, plaintext, words
from handlers.letter.parts import Part
from handlers.letter.shape import File, Flaw, FlawKind

_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
    | {"application/pgp-encrypted"}
)
_CID = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)
_LETTERS = re.compile(r"\w+")


@dataclass(slots=True)
class _Text:
    """A text part before it is decided which texts are the mail's."""

    part: Part
    text: str
    is_html: bool


@dataclass(slots=True)
class Content:
    """What has been gathered so far."""

    flaws: list[Flaw]
    files: list[tuple[Part, bytes]] = field(default_factory=list)
    cids: set[str] = field(default_factory=set)


def gather(root: Part, flaws: list[Flaw]) -> tuple[str, tuple[File, ...]]:
    """Give the whole text of a mail and its files, in the order of the mail."""
    content = Content(flaws)
    texts = _texts(root, content)
    if not any(found.text.strip() for found in texts):
        texts = _named_text(content) or texts
    text = "\n".join(found.text.strip("\n") for found in texts if found.text.strip())
    related = {
        id(child)
        for part in root.walk()
        if part.content_type == "multipart/related"
        for child in part.children
    }
    kept = tuple(
        _file(part, payload, number=number, cids=content.cids, is_related=id(part) in related)
        for number, (part, payload) in enumerate(content.files, 1)
    )
    return charset.clean(text), kept


def text_of(part: Part, flaws: list[Flaw]) -> str:
    """Decode a text part: transfer encoding, charset, format=flowed, HTML to text."""
    raw, is_whole = part.body()
    if not is_whole:
        flaws.append(Flaw(FlawKind.BAD_ENCODING, f"part {part.path}"))
    text = _decoded(part, raw, flaws)
    if part.content_type == "text/html":
        return plaintext.from_html(text)
    text = charset.clean(text)
    if part.params.get("format", "").lower() == "flowed":
        return plaintext.from_flowed(text, delsp=part.params.get("delsp", "").lower() == "yes")
    return text


def _decoded(part: Part, raw: bytes, flaws: list[Flaw]) -> str:
    label = part.params.get("charset", "")
    if part.content_type == "text/html" and (not label or label.lower() == "us-ascii"):
        label = plaintext.meta_charset(raw) or label
    text, held = charset.decode(raw, label)
    if not held:
        what = FlawKind.CHARSET_WRONG if charset.is_known(label) else FlawKind.CHARSET_UNKNOWN
        flaws.append(Flaw(what, f"part {part.path}"))
    return text


def _texts(part: Part, content: Content) -> list[_Text]:
    """Sort one part and what is beneath it; files go to `content`, the texts that count come back."""
    if part.children and part.content_type == "multipart/alternative":
        return _best([_texts(child, content) for child in part.children])
    if part.children:
        return [text for child in part.children for text in _texts(child, content)]
    if _is_body(part):
        is_html = part.content_type == "text/html"
        if is_html:
            content.cids.update(_CID.findall(part.body()[0].decode("latin-1")))
        return [_Text(part, text_of(part, content.flaws), is_html)]
    payload, is_whole = part.body()
    if not is_whole:
        content.flaws.append(Flaw(FlawKind.BAD_ENCODING, f"part {part.path}"))
    if payload or part.file_name:
        content.files.append((part, payload))
    return []


def _is_body(part: Part) -> bool:
    is_text = part.content_type in {"text/plain", "text/html"}
    return is_text and part.disposition != "attachment" and not part.file_name


def _best(branches: list[list[_Text]]) -> list[_Text]:
    """Choose among alternatives: plain text, unless it says less than the page beside it.

    Programs that think in HTML put a placeholder, a shortened text or nothing into the plain part. Several
    plain parts are no alternatives to each other, whatever they claim: all of them count.
    """
    pages = [texts for texts in branches if any(text.is_html for text in texts)]
    plain = [text for texts in branches if not any(text.is_html for text in texts) for text in texts]
    page = pages[-1] if pages else []
    if not page or (plain and _size(plain) > _size(page) * 0.8):
        return plain
    return page


def _size(texts: list[_Text]) -> int:
    return sum(len(word) for text in texts for word in _LETTERS.findall(text.text))


def _named_text(content: Content) -> list[_Text]:
    """Take a text part with a file name for the text, where the mail has no other and does not forbid it."""
    for found in content.files:
        part, _ = found
        if part.content_type in {"text/plain", "text/html"} and part.disposition != "attachment":
            content.files.remove(found)
            return [_Text(part, text_of(part, content.flaws), part.content_type == "text/html")]
    return []


def _file(part: Part, payload: bytes, *, number: int, cids: set[str], is_related: bool) -> File:
    asked = part.file_name
    claimed = part.content_type
    if claimed.startswith("application/octet-stream") and files.looks_like_a_mail(payload):
        claimed = "message/rfc822"
    kind = files.content_type(payload, claimed=claimed, name=asked)
    name = files.safe_name(asked or _subject(part, payload), kind=kind, number=number)
    return File(name, kind, payload, _is_inline(part, kind, cids=cids, is_related=is_related))


def _subject(part: Part, payload: bytes) -> str:
    """Name an attached mail that has no file name after its subject."""
    if part.content_type != "message/rfc822":
        return ""
    found = re.search(rb"(?im)^subject:[ \t]*([^\r\n]{1,300}(?:\r?\n[ \t][^\r\n]{1,300})*)", payload[:65_536])
    subject = words.text(found[1].replace(b"\r", b"").replace(b"\n", b"")) if found else ""
    return f"{subject[:100]}.eml" if subject else ""


def _is_inline(part: Part, kind: str, *, cids: set[str], is_related: bool) -> bool:
    """Pictures that the page shows and signatures are no annex; whatever else is sent along is."""
    if kind in _SIGNATURES:
        return True
    if not kind.startswith("image/"):
        return False
    cid = words.text(part.header("content-id")).strip("<> ")
    if cid and cid in cids:
        return True
    return is_related and bool(cid) and part.disposition != "attachment"
