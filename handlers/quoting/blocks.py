"""Header blocks of an earlier mail ('Fra: … Sendt: … Til: … Emne: …') and the lines that announce one."""

import re
from collections.abc import Sequence
from enum import StrEnum

from handlers.quoting.lines import LONGEST, Line

_MOST_LINES = 30
_MOST_WRAPPED = 4  # lines that one header may go on over


class Role(StrEnum):
    """What a header says."""

    AUTHOR = "author"
    DATE = "date"
    TO = "to"
    SUBJECT = "subject"
    OTHER = "other"


_NAMES = {
    Role.AUTHOR: "fra|from|von|från|frå|de|da|van|od|lähettäjä|от|від|kimden|feladó|από",
    Role.DATE: (
        "sendt|dato|sent|date|gesendet|datum|skickat|envoyé|envoyé le|enviado|enviado el|enviado em|fecha"
        "|data|inviato|verzonden|wysłano|lähetetty|päivämäärä|päiväys|дата|отправлено|odesláno"
        "|elküldve|gönderildi|tarih|sendt dato"
    ),
    Role.TO: "til|to|an|till|à|a|para|aan|do|komu|vastaanottaja|кому|címzett|kime",
    Role.SUBJECT: (
        "emne|subject|betreff|ämne|objet|asunto|assunto|oggetto|onderwerp|temat|předmět|aihe|тема|tárgy|konu"
        "|vedr"
    ),
    Role.OTHER: (
        "cc|bcc|kopi|kopi til|kopia|kopie|svar til|svar-til|reply-to|reply to|risposta|rispondi a|antwort an"
        "|répondre à|responder a|prioritet|priority|importance|vigtighed|vedhæftet|vedhæftede filer"
        "|attachments|anlagen|bilagor"
    ),
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_ANY = "|".join(sorted(map(re.escape, _ROLES), key=len, reverse=True))
_LABEL = re.compile(rf"(?<!\S)[*_]{{0,2}}({_ANY})[*_]{{0,2}} ?:", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"[-_=*]{2,40}\s?(?:oprindelig (?:meddelelse|besked|e?-?mail)|original (?:message|e?-?mail|appointment)"
    r"|opprinnelig melding|ursprungligt meddelande|ursprüngliche (?:nachricht|e-?mail)|message d.origine"
    r"|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht"
    r"|alkuperäinen viesti|wiadomość oryginalna|исходное сообщение|původní zpráva)\s?[-_=*]{2,40}\Z",
    re.IGNORECASE,
)
_RULED = re.compile(r"[-_=*]{3,40}\s?[^\W\d_][^-_=*]{3,40}[-_=*]{3,40}\Z")
_FORWARDED = re.compile(
    r"(?:[-_=*]{2,40}\s?)?(?:start på |begin(?: of)? |anfang der |début du |inicio del |inizio )?"
    r"(?:videresendt (?:besked|meddelelse|mail|e-?mail|melding)|forwarded (?:message|mail)"
    r"|weitergeleiteten? (?:nachricht|e-?mail)|vidarebefordrat (?:meddelande|brev)|vidarebefordrade brevet"
    r"|message (?:transféré|réexpédié)|mensaje reenviado|mensagem encaminhada|messaggio inoltrato"
    r"|doorgestuurd bericht|przekazana wiadomość|пересылаемое сообщение)\s?(?:[-_=*]{2,40}|:)\Z",
    re.IGNORECASE,
)


def announces(line: Line) -> bool:
    """Tell whether a line says that an earlier mail follows: '-----Oprindelig meddelelse-----'."""
    return len(line.text) <= LONGEST and _ORIGINAL.match(line.text) is not None


def forwards(line: Line) -> bool:
    """Tell whether a line says that a mail is passed on: '---------- Forwarded message ----------'."""
    return len(line.text) <= LONGEST and _FORWARDED.match(line.text) is not None


def is_ruled(line: Line) -> bool:
    """Tell whether a line stands between rules, as such announcements do in any language."""
    return len(line.text) <= LONGEST and _RULED.match(line.text) is not None


def begins(line: Line) -> bool:
    """Tell at little cost whether a line begins with the name of a header."""
    return ":" in line.text[:40] and bool(_LABEL.match(line.text[:LONGEST]))


def header_block(lines: Sequence[Line], at: int) -> int:
    """Give how many lines the header block that begins at `at` takes, 0 when there is none.

    A block names the author and the subject and one thing more, so that 'Fra: Nørreport, Til: Østerport' is
    none; or, without a subject, the author's address, the date and the receiver.
    """
    if not begins(lines[at]):
        return 0
    roles, end = set[Role](), at
    for index in range(at, min(at + _MOST_LINES, len(lines))):
        line = lines[index]
        if index > at and line.number - lines[index - 1].number > 2:
            break
        if found := _roles(line):
            if found & roles - {Role.OTHER}:
                break
            roles |= found
            end = index + 1
        elif index - end >= _MOST_WRAPPED or line.number != lines[index - 1].number + 1:
            break
    return end - at if _is_whole(roles, lines[at:end]) else 0


def is_sent(lines: Sequence[Line]) -> bool:
    """Tell a mail's header block from a letterhead that somebody typed: the author has an address."""
    return (
        bool(lines) and Role.AUTHOR in _roles(lines[0]) and any("@" in line.text[:LONGEST] for line in lines)
    )


def _roles(line: Line) -> set[Role]:
    """A line may hold the whole block: so careless programs turn pages into text."""
    if not begins(line):
        return set()
    found = [_ROLES[match[1].lower()] for match in _LABEL.finditer(line.text[:LONGEST])]
    return set(found) if found[0] is Role.AUTHOR else {found[0]}


def _is_whole(roles: set[Role], lines: Sequence[Line]) -> bool:
    if not roles >= {Role.AUTHOR}:
        return False
    if Role.SUBJECT in roles:
        return bool(roles & {Role.DATE, Role.TO})
    return {Role.DATE, Role.TO} <= roles and any("@" in line.text[:LONGEST] for line in lines)
