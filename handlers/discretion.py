"""What of a private person is not shown in Slack unless the hearing says so: how to find and reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from handlers.content import clean
from handlers.hearing.parties import kind_of
from handlers.quoting.lines import lines_of
from handlers.quoting.signatures import closing_lines, greeting_of
from storage.asked import FollowUp
from storage.dossier import Filed
from storage.models import Attachment, Hearing, Party, Submission
from storage.words import PartyKind
from templates import say

_MAIL = re.compile(
    r"(?:mailto:)?(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}", re.IGNORECASE
)
CPR = re.compile(r"(?<![\d-])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}(?:[-\u2013 ]\d{4}|\d{4})(?![\d-])")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\(?(?:\+|00)\d{1,3}\)?[ .-]?)?"
    r"(?:\d{8}|\d{2}([ .-])\d{2}\1\d{2}\1\d{2}|(?!20\d\d 20)[2-9]\d{3} \d{4}|\d{2} \d{2} \d{4}"
    r"|\d{2} \d{3} \d{3})"
    r"(?![\w/-]|[.,]\d)"
    r"|(?<![\w.])(?:\+|00)[1-9]\d{0,2}(?:[ ()./-]{0,2}\d){6,13}(?!\d)"
)
_HOME = re.compile(
    r"(?<!\w)[A-ZÆØÅ][\w.'-]*(?: [\w.'-]+){0,2} \d{1,4} ?[A-Za-z]?"
    r"(?:,? (?:st|\d{1,2})\.? ?(?:tv|th|mf|\d{1,3})\.?)?(?:[ ,]{1,3}|,? {0,3}\n {0,3})"
    r"[1-9]\d{3} [A-ZÆØÅ][\w-]+"
)
_PLACE = re.compile(
    r"(?<!\w)(?:[A-ZÆØÅ][\w.'-]* ){0,3}[\w.'-]+ \d{1,4} ?[A-Za-z]?"
    r"(?:,? (?:st|\d{1,2})\.? ?(?:tv|th|mf|\d{1,3})?\.?)?\Z"
    r"|(?<!\d)[1-9]\d{3} [A-ZÆØÅ][\w.'-]+(?: [\w.'-]+){0,2}\Z"
)
_NAME_WORD = re.compile(r"(?:[A-ZÆØÅÄÖÜÉ][\w.'-]*|og|von|van|de|af|&|/)\Z")
_PARTS = re.compile(r"[ \t]*(?:,|;|\||\u2022|\u00b7|\s/\s)[ \t]*")
_MOST_NAMES = 6  # words of a line that may be somebody's name
_LONGEST_NAME = 100
_BETWEEN = r"[\s_.,+-]{1,3}"


@dataclass(frozen=True, slots=True)
class Veil:
    """Lies over what a party wrote; `names` are those it is known by. One that is `lifted` hides nothing."""

    names: tuple[str, ...] = ()
    lifted: bool = False

    def over(self, text: str) -> str:
        """The text with mail addresses, phone and CPR numbers, and the party's name and signature hidden."""
        if self.lifted or not text:
            return text
        signed = _signed(text)
        text = _MAIL.sub(_hidden("mail"), text)
        text = _PHONE.sub(_hidden("phone"), CPR.sub(_hidden("cpr"), text))
        text = _unsigned(_HOME.sub(_hide_home, text), signed)
        for name in self._known():
            text = name.sub(_hidden("name"), text)
        return text

    def _known(self) -> Iterator[re.Pattern[str]]:
        """Yield what finds each name, however its words are put together; a single word may mean anything."""
        for name in self.names:
            words = re.findall(r"\w[\w'-]*", name)
            if len(words) > 1 and len(name) <= _LONGEST_NAME and "@" not in name:
                turned = [*words[-1:], *words[:-1]]
                ways = {_BETWEEN.join(map(re.escape, order)) for order in (words, turned)}
                yield re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(ways))})(?![^\W_])", re.IGNORECASE)


def holds_contact(text: str) -> bool:
    """Whether a mail address or a phone number stands in a text."""
    return bool(_MAIL.search(text) or _PHONE.search(text))


def veil(party: Party, hearing: Hearing) -> Veil:
    """What lies over the words of a party: a private person's contact data is nobody's business."""
    return Veil((party.list_name,), lifted=hearing.show_private_contacts or party.kind != PartyKind.BORGER)


def veil_of(name: str, hearing: Hearing) -> Veil:
    """The same of a sender who is no party yet; whoever does not clearly write for others is private."""
    return Veil((name,), lifted=hearing.show_private_contacts or kind_of(name) != PartyKind.BORGER)


def veiled(filed: Filed, hearing: Hearing) -> Filed:
    """A submission as Slack may see it: copies, so that what we remember stays as it is."""
    over = veil(filed.party, hearing)
    if over.lifted:
        return filed
    return replace(
        filed, submission=veiled_submission(filed.submission, over),
        attachments=tuple(Attachment(**each.model_dump() | {"name": over.over(each.name)})
                          for each in filed.attachments),
        followed=tuple(replace(each, follow_up=veiled_mail(each.follow_up, over)) for each in filed.followed),
    )  # fmt: skip


def veiled_submission(submission: Submission, over: Veil) -> Submission:
    """A copy of a submission under its veil."""
    if over.lifted:
        return submission
    hidden = {name: over.over(getattr(submission, name)) for name in ("subject", "text")}
    flaws = [over.over(flaw) for flaw in submission.flaws]
    return Submission(**submission.model_dump() | hidden | {"flaws": flaws})


def veiled_mail(later: FollowUp, over: Veil) -> FollowUp:
    """A copy of a later mail under its veil."""
    if over.lifted:
        return later
    hidden = {name: over.over(getattr(later, name)) for name in ("subject", "text", "rest")}
    flaws = [over.over(flaw) for flaw in later.flaws]
    return FollowUp(**later.model_dump() | hidden | {"flaws": flaws})


def _hide_home(found: re.Match[str]) -> str:
    """A home on two lines stays two, since lines are counted."""
    return _hidden("place") + "\n" * found[0].count("\n")


def _signed(text: str) -> set[int]:
    """The numbers of the lines that are a signature."""
    return closing_lines(lines_of(text.split("\n"), ()), is_first=True)


def _unsigned(text: str, signed: Iterable[int]) -> str:
    """The text with the names and places hidden that stand in its signatures."""
    raw = text.split("\n")
    for number in signed:
        raw[number] = _signature_line(raw[number])
    return "\n".join(raw)


def _signature_line(line: str) -> str:
    greeting = greeting_of(line)
    if greeting is None:
        return _hide_parts(line)
    lead, name = greeting
    return f"{lead} {_hidden('name')}" if any(sign.isalpha() for sign in name) else line


def _hide_parts(line: str) -> str:
    shown, at = list[str](), 0
    for sign in _PARTS.finditer(line):
        shown += [_hide(line[at : sign.start()]), sign[0]]
        at = sign.end()
    return "".join([*shown, _hide(line[at:])])


def _hide(part: str) -> str:
    said = clean(part).strip()
    if _PLACE.search(said):
        return part.replace(said, _hidden("place"), 1)
    words = said.split()
    is_name = 0 < len(words) <= _MOST_NAMES and all(_NAME_WORD.match(word) for word in words)
    return part.replace(said, _hidden("name"), 1) if is_name else part


@cache
def _hidden(what: str) -> str:
    return say("slack/hidden.j2", what)
