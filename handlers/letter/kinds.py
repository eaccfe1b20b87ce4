"""What kind of mail it is, and whether a machine may answer it (RFC 3834)."""

import re
from dataclasses import dataclass

from handlers.letter import bounces, words
from handlers.letter.parts import Part
from handlers.letter.shape import Bounce, Kind, Mailbox

OWN_HEADER = "x-hoeringsbot"  # set on all mail that we send, so that we know it when it comes back

# Only at the start of a subject: 'SV: Automatisk svar: …' is a person who answers a machine.
_AUTO_SUBJECT = re.compile(
    r"(?:automatisk(?:e)? svar|auto[- ]?svar|fraværsbesked|fraværsmeddelelse|ikke til stede"
    r"|ude af kontoret|ikke på kontoret|automatic reply|auto(?:matic)?[- ]?re(?:ply|sponse|sponder)"
    r"|out of (?:the )?office|automatische antwort|abwesenheitsnotiz|automatiskt svar)"
    r"(?=\s*(?:[:\u2013\u2014(\[-]|auto|\Z))",
    re.IGNORECASE,
)
_RECALL_SUBJECT = re.compile(r"(?:tilbagekald|tilbagekaldelse|recall)\s*:", re.IGNORECASE)
_READ_SUBJECT = re.compile(
    r"(?:læst|ikke læst|leveret|slettet|read|not read|delivered)\s*:|read receipt\b", re.IGNORECASE
)
_READ_TEXT = re.compile(
    r"\A\W*(?:din meddelelse|your message|this is a (?:return )?receipt|dette er en (?:læse)?kvittering)",
    re.IGNORECASE,
)
_RECALL_TEXT = re.compile(r"tilbagekalde (?:meddelelsen|mailen|beskeden)|recall the message", re.IGNORECASE)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-auto-reply-from")
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")
_NO_REPLY = re.compile(
    r"(?:no|do-?not|ikke|svar-?ikke)[-_.]?(?:reply|svar|besvar)?(?:[-_.+][^@]*)?@|(?:noreply|donotreply)"
)
_FORBIDS_ANSWER = re.compile(r"\b(?:all|autoreply|oof)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at."""

    root: Part
    sender: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str

    def says(self, name: str) -> str:
        """Give a header as lower-case text without comments, '' when there is none."""
        return words.text(self.root.header(name)).partition("(")[0].partition(";")[0].strip().lower()


def judge(facts: Facts) -> tuple[Kind, Bounce | None]:
    """Tell the kind of a mail. In doubt it is a submission: a person's words must not be lost.

    Bounces go before automatic answers, because many carry `Auto-Submitted: auto-replied` too.
    """
    if OWN_HEADER in facts.root.headers:
        return Kind.OWN, None
    bounce, arrived = bounces.reported(facts.root)
    if bounce is None and not arrived:
        bounce = bounces.told(facts.root, sender=facts.sender.address, subject=facts.subject, text=facts.text)
    if bounce is not None:
        return Kind.BOUNCE, bounce
    if arrived or _is_receipt(facts):
        return Kind.RECEIPT, None
    return _other(facts), None


def may_acknowledge(facts: Facts, kind: Kind) -> bool:
    """Tell whether our receipt may go out: only to a person, never to a machine, list or null sender."""
    if kind is not Kind.SUBMISSION or not facts.sender.address:
        return False
    if facts.says("auto-submitted") not in {"", "no"} or facts.says("return-path") == "<>":
        return False
    if _FORBIDS_ANSWER.search(facts.says("x-auto-response-suppress")):
        return False
    answered = facts.reply_to.address if facts.reply_to else facts.sender.address
    return not _is_nobody(answered)


def _other(facts: Facts) -> Kind:
    report = facts.root.params.get("report-type", "").lower()
    if report == "feedback-report" or _holds(facts.root, "message/feedback-report"):
        return Kind.REPORT
    if _is_calendar(facts.root):
        return Kind.CALENDAR
    if _RECALL_SUBJECT.match(facts.subject) and _RECALL_TEXT.search(facts.text[:2_000]):
        return Kind.RECALL
    if _is_auto_reply(facts):
        return Kind.AUTO_REPLY
    return _by_machine(facts)


def _by_machine(facts: Facts) -> Kind:
    is_list = any(name in facts.root.headers for name in _LIST_HEADERS) or facts.says("precedence") == "list"
    if is_list:
        return Kind.LIST
    is_automatic = (
        facts.says("auto-submitted") not in {"", "no"}
        or facts.says("precedence") in {"bulk", "junk"}
        or facts.says("return-path") == "<>"
        or bounces.is_machine(facts.sender.address)
    )
    return Kind.AUTOMATIC if is_automatic and not _is_gateway(facts) else Kind.SUBMISSION


def _is_gateway(facts: Facts) -> bool:
    """A form sends in a machine's name, but answers are to go to the citizen who filled it in."""
    reply_to = facts.reply_to
    return bool(
        reply_to
        and reply_to.address
        and reply_to.address != facts.sender.address
        and not _is_nobody(reply_to.address)
    )


def _is_nobody(address: str) -> bool:
    return bool(_NO_REPLY.match(address)) or bounces.is_machine(address)


def _is_auto_reply(facts: Facts) -> bool:
    submitted = facts.says("auto-submitted")
    if submitted == "auto-generated" and facts.root.header("in-reply-to"):
        return True
    if submitted == "auto-replied" or facts.says("precedence") == "auto_reply":
        return True
    if any(facts.says(name) not in {"", "no", "false"} for name in _AUTO_HEADERS):
        return True
    if _AUTO_SUBJECT.match(facts.subject):
        return True
    return "x-ms-exchange-inbox-rules-loop" in facts.root.headers and facts.says("return-path") == "<>"


def _is_receipt(facts: Facts) -> bool:
    report = facts.root.params.get("report-type", "").lower()
    if report == "disposition-notification" or _holds(facts.root, "message/disposition-notification"):
        return True
    return bool(_READ_SUBJECT.match(facts.subject) and _READ_TEXT.match(facts.text))


def _is_calendar(root: Part) -> bool:
    """An invitation has its method in the part; a calendar file that somebody encloses has not."""
    return any(
        part.content_type == "text/calendar" and "method" in part.params and part.disposition != "attachment"
        for part in root.walk()
    )


def _holds(root: Part, content_type: str) -> bool:
    return any(part.content_type == content_type for part in root.walk())
