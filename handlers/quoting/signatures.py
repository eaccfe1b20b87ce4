"""What closes a mail and says nothing new: greetings with a name, contact lines, what phones and apps add."""

import re
from collections.abc import Sequence

from handlers.quoting.lines import LONGEST, Line

_MOST_DELIMITED = 15  # lines below '-- ' that are still a signature, and not the rest of a letter
_MOST_LINES = 12  # of a signature below a greeting
_MOST_NAMES = 6
_WIDEST = 90  # signs of a line of a signature

_DELIMITER = re.compile(r"(?:--|[\u2013\u2014])\Z")
_GREETING = re.compile(
    r"(?:(?:(?:rigtig |med |mange |de |og )*(?:(?:venlige?|bedste|kærlige?|varme|gode|vennlige?|beste) )?"
    r"(?:hilsen|hilsner|hilsener|hilsninger|vh))|m\.?v\.?h\.?|v\.?h\.?|kh|bh|dbh|d\.?b\.?h\.?"
    r"|(?:med )?(?:vänliga?|bästa|varma) hälsning(?:ar)?|hälsning(?:ar)?"
    r"|(?:with )?(?:(?:best|kind|kindest|warm|warmest|many) )?regards|best wishes|yours|sincerely"
    r"|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?"
    r"|mit (?:freundlichen|besten|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en|mfg|lg|vg|gr(?:uß|üße)"
    r"|(?:viele|beste|liebe|herzliche|freundliche) gr(?:ü|ue)(?:ß|ss)e"
    r"|(?:bien )?cordialement|bien à vous|meilleures salutations|met vriendelijke groet(?:en)?|mvg|groeten"
    r"|saludos(?: cordiales)?|atentamente|(?:cordiali|distinti) saluti|pozdrawiam|z poważaniem"
    r"|atenciosamente|cumprimentos|ystävällisin terveisin)(?P<name>(?:[\s,.!/\u2013-]+.{0,60})?)\Z",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:fra|from|på vegne af)\b", re.IGNORECASE)
_SLASHED = re.compile(r"//?[^\W\d_a-zæøåäöü][^\W\d_]+(?: [^\W\d_a-zæøåäöü][^\W\d_]+){0,2}\Z")
_POSTSCRIPT = re.compile(r"p\.?\s?s\b", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?:p\.?\s?s\b|n\.?b\b|obs|se|husk|mine|vores|jeg|vi|du|i|der|det|de|den|har|hvis|kan|er|må|bilag|vedhæft\w*|vedlagt"
    r"|som|men|tak|i|we|you|please|it|this|see|attached|if|thanks)(?![\w-])",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"@|www\.|https?:|\b(?:tlf|tel|telefon|mobil|mob|phone|cell|fax|dir|cvr|adr|mail|e-mail)\b"
    r"|\+?\d(?:[ .()-]?\d){7}|\b[1-9]\d{3} [A-ZÆØÅ]",
    re.IGNORECASE,
)
_DEVICE = (
    r"iphone|ipad|ipod|galaxy|samsung|android\w*|blackberry|nokia|huawei|htc|sony|xperia|pixel|oneplus|tablet"
    r"|smartphone\w*|mobil\w*|telefon\w*|handy|phone|cell\w*|outlook|mail|e-mail|mailbox|airmail|aquamail"
    r"|bluemail|gmail|gmx|yahoo|hotmail|aol|proton\w*|tutanota|spark|k-9|fairemail|em client|thunderbird"
    r"|windows|mac|lumia|app|téléphone|mobiel\w*|teléfono"
)
_MINE = "min|mit|my|mein|meinem|meiner|mon|ma|mi|mio|mia|meu|minha|mijn|mitt|mój|mojego|моего|minun"
_A = "a|an|the|en|et|der|dem|einem|un|une|una|een"
_SENT = (
    "(?:af)?sendt|sent|skickat|gesendet|envoyé|enviado|inviato|verzonden|verstuurd|wysłan[eoy]|lähetetty"
    "|отправлено"
)
_BY = "fra|from|med|with|via|by|från|von|mit|de|depuis|desde|do|dal?|z|à partir de|vanaf|vanuit|met|\u0441"
_FETCH = (
    "hent|få|get|hämta|skaff|last ned|télécharge[rz]|obtenez|obtener|scarica|download|holen sie sich|pobierz"
)
_FOOTER = re.compile(
    rf"(?:{_SENT}) (?:{_BY}) "
    rf"(?:(?:{_MINE})(?: [^\s,.;:]+){{1,6}}|(?:(?:{_A}) )?(?:{_DEVICE})(?: [^\s,.;:]+){{0,5}})"
    r"(?:[,.;]+ ?(?:(?:please|undskyld|beklager|sorry|excuse|pardon)\b.{0,60})?)?\Z"
    rf"|(?:{_FETCH}) (?:outlook|gmail|yahoo mail|proton mail)\b.{{0,40}}\Z"
    r"|.{0,40}\b(?:von meine[mr] .{1,40} gesendet|iphone (?:傳送|发送))\.?\Z|[从发]自?我的.{1,20}\Z"
    r"|(?:from|fra) (?:my|min) .{0,20}(?:phone|mobil|ipad)\b.{0,20}\Z",
    re.IGNORECASE,
)
_LINK = re.compile(r"<?https?://[^\s>]*>?|\]\([^\s)]*\)")


def closing_lines(own: Sequence[Line], *, is_first: bool) -> set[int]:
    """Give the numbers of the lines in one stretch of somebody's own words that close it.

    What comes after a greeting and a name and is more than a signature stays: a postscript. `is_first` says
    that nothing of one's own stands above, so that a greeting there opens the mail.
    """
    closing = _greetings(own[: _without_footers(own, len(own))], is_first=is_first)
    left = [line for line in own if line.number not in closing]
    end = _without_footers(left, len(left))
    for index in range(max(0, end - 1 - _MOST_DELIMITED), end):
        if _DELIMITER.match(left[index].text) and not any(
            _POSTSCRIPT.match(it.text) for it in left[index:end]
        ):
            end = _without_footers(left, index)
            break
    return closing | {line.number for line in left[_without_name(left[:end]) :]}


def _without_footers(own: Sequence[Line], end: int) -> int:
    """Go back from `end` over rules and the footers of phones."""
    while end and (not own[end - 1].says or is_footer(own[end - 1].text)):
        end -= 1
    return end


def _without_name(own: Sequence[Line]) -> int:
    """Give where nothing follows but a name behind a slash, as Nordic people sign."""
    end = _without_footers(own, len(own))
    while end and _SLASHED.match(own[end - 1].text[:LONGEST]):
        end = _without_footers(own, end - 1)
    return end


def greeting_of(text: str) -> tuple[str, str] | None:
    """Part a line that greets into the greeting and the name behind it ('' for none); None for others."""
    found = _GREETING.match(text.strip()) if len(text.strip()) <= _WIDEST else None
    if found is None:
        return None
    name = found["name"] or ""
    return found[0].removesuffix(name), name


def is_footer(text: str) -> bool:
    """Tell whether a program wrote the line: 'Sendt fra min iPhone', 'Hent Outlook til iOS<https://…>'."""
    if len(text) > LONGEST:
        return False
    plain = " ".join(_LINK.sub("", text).replace("[", "").split()).strip("<>()]*_ ")
    return len(plain) <= _WIDEST and _FOOTER.match(plain) is not None


def _greetings(own: Sequence[Line], *, is_first: bool) -> set[int]:
    closing, at = set[int](), 0
    while at < len(own):
        after = _signed_until(own, at, is_first=is_first and at == 0)
        closing |= {line.number for line in own[at:after]}
        at = max(after, at + 1)
    return closing


def _signed_until(own: Sequence[Line], at: int, *, is_first: bool) -> int:
    """Give where the signature that begins at `at` ends; `at` itself when none begins there.

    A greeting that nobody signs is none. In the middle of a text it takes the name and the lines with it; at
    the end all that look like a signature.
    """
    found = _GREETING.match(own[at].text) if len(own[at].text) <= _WIDEST else None
    if not found or not _may_name(found["name"]):
        return at
    has_name = any(sign.isalpha() for sign in found["name"])
    near = end = at + 1
    while end < len(own) and end - at <= _MOST_LINES and own[end].number - own[end - 1].number <= 4:
        is_near = near == end and (end == at + 1 or own[end].number == own[end - 1].number + 1)
        if own[end].is_marked or not _looks_signed(own[end].text, is_near=is_near):
            break
        end += 1
        near = end if is_near else near
    if end < len(own):
        end = at if is_first else _contacts_until(own, near)
    return end if end > at + (not has_name) else at


def _may_name(text: str) -> bool:
    """Tell ' Karen Holm, formand' and '' from ' til alle, som har hjulpet os'."""
    name = _FROM.sub("", text.strip(" \t,.!/\u2013-").partition(",")[0], count=1)
    words = name.split()
    return len(words) <= _MOST_NAMES and not any(word[0].islower() or word[-1] in "!?" for word in words)


def _contacts_until(own: Sequence[Line], at: int) -> int:
    """Go on over whole paragraphs of contact lines."""
    while at < len(own):
        end, most = at + 1, min(len(own), at + _MOST_LINES)
        while end < most and own[end].number == own[end - 1].number + 1:
            end += 1
        paragraph = own[at:end]
        if not all(_looks_signed(line.text, is_near=True) for line in paragraph):
            return at
        if not any(_CONTACT.search(line.text) for line in paragraph):
            return at
        at += len(paragraph)
    return at


def _looks_signed(text: str, *, is_near: bool) -> bool:
    words = text[: _WIDEST + 1].split()
    if len(text) > _WIDEST or text[-1] in "?!:" or _SPEAKS.match(text):
        return False
    if _CONTACT.search(text) and len(words) <= 14:
        return True
    are_names = 2 * sum(not word[0].islower() for word in words) >= len(words)
    if text[-1] == "." and len(words) > 2:
        return are_names and len(words) <= 4
    return len(words) <= (8 if is_near else 3) or are_names
