"""What a mail says and what it carries: its parts sorted into one text and its files."""

import re
from dataclasses import dataclass, field

from handlers.letter import charset, containers, files, parts, plaintext, quotes, tnef, words
from handlers.letter.parts import Part
from handlers.letter.shape import File, Flaw, FlawKind

_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
    | {"application/pgp-encrypted", "application/applefile"}
)
_CID = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)
_SHOWN = re.compile(r"\[cid:([^\]\s]{1,300})\]")  # so a page's pictures stand in the plain text beside it
_PAGE = re.compile(r"\s{0,20}<(?:!doctype html|html)[\s>]", re.IGNORECASE)  # forms send pages as plain text
_MOST_FLOWING = 1_000_000  # lines; to join more takes more memory than the mail is worth
_WORDS = re.compile(r"[^\W_]{3,}")


@dataclass(slots=True)
class _Text:
    """A text part before it is decided which texts are the mail's."""

    part: Part
    text: str
    is_html: bool
    quoted: quotes.Spans = ()  # counted in solid signs
    title: str = ""


@dataclass(slots=True)
class Content:
    """What has been gathered so far."""

    flaws: list[Flaw]
    files: list[tuple[Part, bytes]] = field(default_factory=list)
    cids: set[str] = field(default_factory=set)
    room: containers.Room = field(default_factory=containers.Room)
    spare: list[_Text] = field(default_factory=list)  # texts of winmail.dat
    spoken: set[int] = field(default_factory=set)  # winmail.dat that hold nothing but text
    attached: list[str] = field(default_factory=list)  # texts of attached mails


def gather(
    root: Part,
    flaws: list[Flaw],
    room: containers.Room | None = None,
    *,
    quoted: list[tuple[int, int]] | None = None,
) -> tuple[str, tuple[File, ...]]:
    """Give the whole text of a mail and its files, in the order of the mail.

    A mail that says nothing and only has another mail attached says what that one says: so people forward.
    `room` is what may still be opened in the mail that this one lies in; `quoted` takes up the spans of the
    text that a page sets apart as quoted.
    """
    content = Content(flaws) if room is None else Content(flaws, room=room)
    texts = _texts(root, content)
    if not any(found.text.strip() for found in texts):
        texts = content.spare or _named_text(content) or texts
    texts = [*_titles(texts, texts), *texts]
    text = "\n".join(found.text.strip("\n") for found in texts if found.text.strip())
    related = {
        id(child)
        for part in root.walk()
        if part.content_type in {"multipart/related", "multipart/alternative"}
        for child in part.children
    }
    kept = tuple(
        _file(part, payload, number=number, content=content, is_related=id(part) in related)
        for number, (part, payload) in enumerate(content.files, 1)
    )
    if not text and len(content.attached) == sum(not file.inline for file in kept) == 1:
        text = content.attached[0]
    text = charset.clean(text)
    if quoted is not None:
        quoted += quotes.placed(text, _quoted(texts))
    return text, kept


def _titles(pages: list[_Text], texts: list[_Text]) -> list[_Text]:
    """Give the titles of pages that say what these texts do not: what a form or an invoice is."""
    titles = [_Text(found.part, found.title, is_html=True) for found in pages if found.title]
    said = " ".join(word for found in texts for word in found.text.split()).casefold() if titles else ""
    return [title for title in titles if title.text.casefold() not in said]


def _quoted(texts: list[_Text]) -> quotes.Spans:
    """Put the spans of several texts after each other."""
    if not any(found.quoted for found in texts):
        return ()
    spans, at = list[tuple[int, int]](), 0
    for found in texts:
        spans += [(at + start, at + end) for start, end in found.quoted]
        at += quotes.solid(found.text) if found is not texts[-1] else 0
    return tuple(spans)


def text_of(part: Part, flaws: list[Flaw]) -> _Text:
    """Decode a text part: transfer encoding, charset, format=flowed, HTML to text."""
    text = _decoded(part, flaws)
    if part.content_type == "text/html" or _PAGE.match(text):
        title = plaintext.title(text)
        text, quoted = plaintext.page(text)
        return _Text(part, text, is_html=True, quoted=quoted, title=title)
    text = charset.clean(text)
    if part.params.get("format", "").lower() == "flowed" and text.count("\n") < _MOST_FLOWING:
        text = plaintext.from_flowed(text, delsp=part.params.get("delsp", "").lower() == "yes")
    return _Text(part, text, is_html=False)


def _decoded(part: Part, flaws: list[Flaw]) -> str:
    raw, is_whole = part.body()
    if not is_whole:
        flaws.append(Flaw(FlawKind.BAD_ENCODING, f"part {part.path}"))
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
    if part.content_type == "multipart/encrypted":
        content.flaws.append(Flaw(FlawKind.ENCRYPTED, f"part {part.path}"))
    if part.children:
        return [text for child in part.children for text in _texts(child, content)]
    if _is_body(part):
        is_html = part.content_type == "text/html"
        if is_html:
            content.cids.update(_CID.findall(part.body()[0].decode("latin-1")))
        if part.claimed.startswith("multipart/") and part.body()[0].strip():
            content.files.append((part, part.body()[0]))  # what it was divided into may be files
        found = text_of(part, content.flaws)
        if not is_html and "cid:" in found.text:
            content.cids.update(_SHOWN.findall(found.text))
        return [found]
    payload, is_whole = part.body()
    if not is_whole:
        content.flaws.append(Flaw(FlawKind.BAD_ENCODING, f"part {part.path}"))
    texts, is_kept = _opened(part, payload, content)
    if is_kept and (payload or part.file_name):
        content.files.append((part, payload))
    return texts


def _opened(part: Part, payload: bytes, content: Content) -> tuple[list[_Text], bool]:
    """Read what S/MIME and winmail.dat hide in the place of a file; tells whether the file stays too."""
    found = containers.opened(payload, kind=part.content_type, room=content.room)
    if found is None:
        return [], True
    if found.flaw:
        content.flaws.append(Flaw(found.flaw, f"part {part.path}"))
    if not found.mail:
        return [], True
    if part.depth >= parts.MAX_DEPTH:
        content.flaws.append(Flaw(FlawKind.TOO_DEEP, f"depth {part.depth}"))
        return [], True
    before = len(content.files)
    part.children = [content.room.split(found.mail, content.flaws, within=part)]
    texts = _texts(part.children[0], content)
    if payload.startswith(tnef.MAGIC):
        content.spare += texts
        if not found.flaw and len(content.files) == before:
            content.spoken.add(id(part))
            return [], True
        texts = []
    return texts, found.flaw is not None


def _is_body(part: Part) -> bool:
    is_text = part.content_type in {"text/plain", "text/html"}
    return is_text and part.disposition != "attachment" and not part.file_name


def _best(branches: list[list[_Text]]) -> list[_Text]:
    """Choose among alternatives: plain text, unless the page beside it says something that it does not.

    Programs that think in HTML put a placeholder, a shortened text or nothing into the plain part. Several
    plain parts are no alternatives to each other, whatever they claim: all of them count.
    """
    pages = [texts for texts in branches if any(text.is_html for text in texts)]
    plain = [text for texts in branches if not any(text.is_html for text in texts) for text in texts]
    page = pages[-1] if pages else []
    says_more = bool(_words(page) - _words(plain) or _titles(page, plain))
    return page if says_more or not plain else plain


def _words(texts: list[_Text]) -> set[str]:
    """The words of some length, which no two programs set in different ways."""
    return {word for text in texts for word in _WORDS.findall(text.text.casefold())}


def _named_text(content: Content) -> list[_Text]:
    """Take a text part with a file name for the text, where the mail has no other and does not forbid it."""
    for found in content.files:
        part, _ = found
        if part.content_type in {"text/plain", "text/html"} and part.disposition != "attachment":
            content.files.remove(found)
            return [text_of(part, content.flaws)]
    return []


def _file(part: Part, payload: bytes, *, number: int, content: Content, is_related: bool) -> File:
    asked = part.file_name
    claimed = part.content_type
    if claimed.startswith("application/octet-stream") and files.looks_like_a_mail(payload):
        claimed = "message/rfc822"
    if part.claimed.startswith("multipart/") and part.content_type == "text/plain":
        claimed = part.claimed
    kind = files.content_type(payload, claimed=claimed, name=asked)
    name = files.safe_name(asked or _subject(part, payload), kind=kind, number=number)
    is_inline = id(part) in content.spoken or _is_inline(part, kind, cids=content.cids, is_related=is_related)
    inside = _inside(part, payload, kind=kind, content=content)
    return File(name, kind, payload, is_inline, inside, part.claimed or part.content_type)


def _inside(part: Part, payload: bytes, *, kind: str, content: Content) -> tuple[File, ...]:
    """Give the files of an attached mail, and remember what it says."""
    if kind not in containers.ATTACHED:
        return ()
    room = content.room
    if room.level >= containers.MAX_LEVELS or part.depth >= parts.MAX_DEPTH:
        content.flaws.append(Flaw(FlawKind.TOO_DEEP, f"part {part.path}"))
        return ()
    mail, flaw = containers.mail_inside(payload, kind=kind, room=room)
    if flaw:
        content.flaws.append(Flaw(flaw, f"part {part.path}"))
        return ()
    room.level += 1
    text, found = gather(room.split(mail, content.flaws, within=part), content.flaws, room)
    room.level -= 1
    content.attached.append(text)
    return found


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
    if is_related and kind.startswith("text/") and kind != "text/calendar" and not part.file_name:
        return True  # the same text once more, for programs that show mails in their own way
    if not kind.startswith("image/"):
        return False
    cid = words.text(part.header("content-id")).strip("<> ")
    if cid and cid in cids:
        return True
    return is_related and bool(cid) and part.disposition != "attachment"
