"""Which submissions count: what was taken back, or came too late and was left out, is not in the notat."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.referral.refer import BOT
from storage.asked import About, Verdict
from storage.dossier import Dossier, Filed
from storage.models import Hearing
from storage.questions import TELLING, Followed


def is_late(filed: Filed, hearing: Hearing) -> bool:
    """Whether we received it after the deadline as it is now."""
    return filed.submission.received_at > hearing.deadline


def is_withdrawn(filed: Filed) -> bool:
    """Whether the party took it back; the newest of its later mails that says anything counts."""
    return is_taken_back(filed.followed)


def is_taken_back(followed: Iterable[Followed]) -> bool:
    """Whether these later mails, in the order they came, take a submission back.

    What came after that brings nothing back unless a person says so: it may be no more than thanks.
    """
    told = [each.verdict for each in followed if each.verdict in TELLING and each.decided_by != BOT]
    return bool(told) and told[-1] == Verdict.WITHDRAWN


def is_left_out(filed: Filed, hearing: Hearing) -> bool:
    """Whether it is late and a coordinator has left it out."""
    if not is_late(filed, hearing):
        return False
    return any(each.question.about == About.LATE and each.verdict == Verdict.LEFT_OUT for each in filed.asked)


def counts(filed: Filed, hearing: Hearing) -> bool:
    """Whether it is in the notat."""
    return not is_withdrawn(filed) and not is_left_out(filed, hearing)


def counted(dossier: Dossier) -> tuple[Filed, ...]:
    """The submissions that are in the notat."""
    return tuple(filed for filed in dossier.submissions if counts(filed, dossier.hearing))
