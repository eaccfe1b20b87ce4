"""What a party's later mails added to its submission, and what was said before they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from handlers.talk.progress import ending, standing
from storage.asked import About, Decision, Verdict
from storage.dossier import Laid
from storage.questions import Asked

_ADDS = frozenset({Verdict.SUPPLEMENT, Verdict.REPLACES})


def addition(asked: Iterable[Asked]) -> Decision | None:
    """The newest decision that made a later mail part of what is answered; None when there is none."""
    adds = (
        each.decision for each in asked
        if each.decision is not None and each.question.about == About.FOLLOW_UP and each.verdict in _ADDS
    )  # fmt: skip
    return max(adds, key=lambda decision: decision.decided_at, default=None)


def answered_before(laid: Laid, added: Decision | None) -> bool:
    """Whether anything that counts of a department's answer was said before this was decided."""
    return added is not None and any(said < added.decided_at for said in _said(laid))


def _said(laid: Laid) -> Iterator[datetime]:
    """Yield when each yes to a remark was given, or when it was settled that there are none."""
    remarks = [standing(facts) for facts in laid.remarks]
    yield from (each.approval.approved_at for each in remarks if each.approval is not None)
    none = ending(laid.ends, remarks).no_remarks
    if none is not None and none.settled:
        yield none.said_at
