"""What of a private person is shown neither in Slack nor in public: how to find and reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
_SPACE = r"[ \u00a0\u202f]"
_WORD, _REST = r"[\w.'-]{1,40}", r"[\w.'-]{0,40}"  # bounded, or a hostile text takes minutes
_DASH = r"[-\u2010-\u2015\u2212]"
CPR = re.compile(
    rf"(?<![\d-])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{{2}}"
    rf"(?:{_SPACE}?{_DASH}{_SPACE}?|{_SPACE})?\d{{4}}(?![\d-])"
)
_PHONE = re.compile(
    rf"(?<![\w.,/-])(?:(?:\((?:\+|00)\d{{1,3}}\)|(?:\+|00)\d{{1,3}})(?:{_SPACE}|[.-])?)?"
    rf"(?:\d{{8}}|\d{{2}}({_SPACE}|{_DASH}|\.)\d{{2}}\1\d{{2}}\1\d{{2}}"
    rf"|(?!20\d\d{_SPACE}20)[2-9]\d{{3}}{_SPACE}\d{{4}}|\d{{2}}{_SPACE}\d{{2}}{_SPACE}\d{{4}}"
    rf"|\d{{2}}{_SPACE}\d{{3}}{_SPACE}\d{{3}})"
    r"(?![\w/-]|[.,]\d)"
    r"|(?<![\w.])(?:\+|00)[1-9]\d{0,2}(?:[ ()./\u00a0\u202f-]{0,2}\d){6,13}(?!\d)"
)
_HOME = re.compile(
    rf"(?<!\w)[A-ZÆØÅ]{_REST}(?:{_SPACE}{_WORD}){{0,2}}{_SPACE}\d{{1,4}}{_SPACE}?[A-Za-z]?"
    rf"(?:,?{_SPACE}(?:st|\d{{1,2}})\.?,?{_SPACE}?(?:sal\.?,?{_SPACE}?)?(?:tv|th|mf|\d{{1,3}})?\.?)?"
    rf"(?:(?:{_SPACE}|,){{1,3}}|,?{_SPACE}{{0,3}}\n{_SPACE}{{0,3}})[1-9]\d{{3}}{_SPACE}[A-ZÆØÅ][\w-]+"
)
_PLACE = re.compile(
    rf"(?<!\w)(?:[A-ZÆØÅ]{_REST} ){{0,3}}{_WORD} \d{{1,4}} ?[A-Za-z]?"
    rf"(?:,? (?:st|\d{{1,2}})\.? ?(?:tv|th|mf|\d{{1,3}})?\.?)?\Z"
    rf"|(?<!\d)[1-9]\d{{3}} [A-ZÆØÅ]{_WORD}(?: {_WORD}){{0,2}}\Z"
)
_NAME_WORD = re.compile(r"(?:[A-ZÆØÅÄÖÜÉ][\w.'-]*|og|von|van|de|af|&|/)\Z")
_PARTS = re.compile(r"[ \t]*(?:,|;|\||\u2022|\u00b7|\s/\s)[ \t]*")
_MOST_NAMES = 6  # words of a line that may be somebody's name
_LONGEST_NAME = 100
_BETWEEN = r"[\s_.,+-]{1,3}"
_SLACK = "slack/hidden.j2"


@dataclass(frozen=True, slots=True)
class Veil:
    """Lies over what a party wrote; `names` are those it is known by. One that is `lifted` hides nothing.

    `words` is the template that says what stood where something is hidden.
    """

    names: tuple[str, ...] = ()
    lifted: bool = False
    words: str = _SLACK

    def over(self, text: str) -> str:
        """The text with mail addresses, phone and CPR numbers, and the party's name and signature hidden."""
        if self.lifted or not text:
            return text
        signed = _signed(text)
        text = _MAIL.sub(self._hidden("mail"), text)
        text = _PHONE.sub(self._hidden("phone"), self.over_cpr(text))
        text = self._unsigned(_HOME.sub(self._place, text), signed)
        for name in _known(self.names):
            text = name.sub(self._hidden("name"), text)
        return text

    def over_cpr(self, text: str) -> str:
        """The text with nothing hidden but CPR numbers, whoever wrote it and for whomever."""
        return CPR.sub(self._hidden("cpr"), text)

    def _unsigned(self, text: str, signed: Iterable[int]) -> str:
        """The text with the names and places hidden that stand in its signatures."""
        raw = text.split("\n")
        for number in signed:
            raw[number] = self._signature_line(raw[number])
        return "\n".join(raw)

    def _signature_line(self, line: str) -> str:
        greeting = greeting_of(line)
        if greeting is None:
            return self._hide_parts(line)
        lead, name = greeting
        return f"{lead} {self._hidden('name')}" if any(sign.isalpha() for sign in name) else line

    def _hide_parts(self, line: str) -> str:
        shown, at = list[str](), 0
        for sign in _PARTS.finditer(line):
            shown += [self._hide(line[at : sign.start()]), sign[0]]
            at = sign.end()
        return "".join([*shown, self._hide(line[at:])])

    def _hide(self, part: str) -> str:
        said = clean(part).strip()
        if _PLACE.search(said):
            return part.replace(said, self._hidden("place"), 1)
        words = said.split()
        is_name = 0 < len(words) <= _MOST_NAMES and all(_NAME_WORD.match(word) for word in words)
        return part.replace(said, self._hidden("name"), 1) if is_name else part

    def _place(self, found: re.Match[str]) -> str:
        """As many lines as the address stood on, so that the lines of a signature keep their numbers."""
        return self._hidden("place") + "\n" * found[0].count("\n")

    def _hidden(self, what: str) -> str:
        return _said(self.words, what)


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


def _signed(text: str) -> set[int]:
    """The numbers of the lines that are a signature."""
    return closing_lines(lines_of(text.split("\n"), ()), is_first=True)


@cache
def _known(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """What finds each name, with its middle names or not, and its parts where they stand alone on a line.

    A single word within a sentence may mean anything.
    """
    known = [words for name in names if "@" not in name and len(name) <= _LONGEST_NAME
             and (words := re.findall(r"\w[\w'-]*", name))]  # fmt: skip
    whole = sorted({way for words in known if len(words) > 1 for way in _ways(words)}, key=len, reverse=True)
    parts = sorted({re.escape(word) for words in known for word in words if len(word) > 1})
    found = [re.compile(rf"(?<![^\W_])(?:{'|'.join(whole)})(?![^\W_])", re.IGNORECASE)] if whole else []
    if parts:
        part = "|".join(parts)
        alone = rf"^[ \t]*(?:{part})(?:[ \t]+(?:{part}|\w\.?))*[ \t]*[.,]?[ \t]*$"
        found.append(re.compile(alone, re.IGNORECASE | re.MULTILINE))
    return tuple(found)


def _ways(words: list[str]) -> tuple[str, str]:
    """A name from the front and with its last word first; middle names may be initials, or be missing."""
    first, *middle, last = (re.escape(word) for word in words)
    between = "".join(rf"(?:{_BETWEEN}(?:{name}|{re.escape(name[0])}))?" for name in middle)
    return f"{first}{between}{_BETWEEN}{last}", f"{last}{_BETWEEN}{first}{between}"


@cache
def _said(words: str, what: str) -> str:
    return say(words, what)
