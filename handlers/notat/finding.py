"""One thing that a notat lacks before it is whole, or that somebody should look at once more."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from storage.asked import About
from storage.words import Barred


class Lack(StrEnum):
    """A kind of finding; its Danish sentence stands in templates/findings.j2."""

    NOT_REFERRED = "not_referred"
    NO_SUMMARY = "no_summary"
    NO_REMARK = "no_remark"
    NOT_APPROVED = "not_approved"
    CHANGE_NOT_APPROVED = "change_not_approved"
    """Nobody has said yes to what an answer is said to change in the proposal."""
    HANDED_BACK = "handed_back"
    """A department says that it is not its own, and nobody has said whose it is."""
    CHANGED = "changed"
    SUMMARY_BEFORE_FOLLOW_UP = "summary_before_follow_up"
    """What the party has said since is not in the summary."""
    ANSWER_BEFORE_FOLLOW_UP = "answer_before_follow_up"
    """A department has answered without what the party has said since."""
    UNCONFIRMED_PARTY = "unconfirmed_party"
    UNDECIDED = "undecided"
    """A coordinator was asked something, and nobody has answered."""
    UNREAD = "unread"
    SET_ASIDE = "set_aside"
    ACTS_UNREAD = "acts_unread"
    """Somebody did something in Slack, such as taking an approval back, and nobody has read it."""
    ACTS_SET_ASIDE = "acts_set_aside"
    NOT_POSTED = "not_posted"
    BARRED = "barred"
    """Slack keeps us out of a channel."""
    UNLOOKED = "unlooked"
    """What was approved could not be seen once more in Slack, where people may have changed it."""
    NUMBER_GAP = "number_gap"
    """A number was given, and there is no submission with it."""
    BRACKETS = "brackets"
    """Something in square brackets was never filled in."""
    CPR = "cpr"

    # What may be right as it is, and does not keep a notat from being final.
    CONTACT = "contact"
    """A mail address or a phone number would be printed."""
    DEPARTMENT_SPELT = "department_spelt"
    PARTY_SPELT = "party_spelt"
    NAMES_ALIKE = "names_alike"
    TYPED_NUMBER = "typed_number"
    """Somebody wrote another number of submissions, or of heard parties, than there is."""
    CHANGE_AFTER_TEXT = "change_after_text"
    """A change was agreed on after somebody wrote the text that tells of the changes."""
    NEAR_COPY = "near_copy"
    UNANSWERED = "unanswered"
    """Nobody whom it was laid before has said anything to it."""
    POINT_UNANSWERED = "point_unanswered"
    """Others have, but nobody who was asked for this."""


_NEVER_WAIVED = {
    Lack.UNDECIDED, Lack.UNREAD, Lack.SET_ASIDE, Lack.UNLOOKED, Lack.NUMBER_GAP, Lack.HANDED_BACK,
    Lack.NOT_REFERRED, Lack.ACTS_UNREAD, Lack.ACTS_SET_ASIDE,
}  # fmt: skip


def mark_of(*facts: object) -> str:
    """A short sign for these facts, another for any others."""
    told = json.dumps([str(fact) for fact in facts])
    return hashlib.sha256(told.encode("ascii")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: of which submission (0 for the hearing), and from which department.

    `number` is the journal's, which Slack speaks of; `printed` the one that the notat gives it. `about` is
    what is undecided, `why` what keeps us out of a channel, each None for other lacks. `theme` is set where a
    department answers in several threads. `where` names the text, or the place, that it is found in (empty: a
    remark), and `words` what was found, with `other` for what it is compared with. `mark` tells one state of
    the facts from the next (`mark_of` them).
    """

    lack: Lack
    number: int = 0
    printed: int = 0
    party: str = ""
    department: str = ""
    count: int = 0
    about: About | None = None
    why: Barred | None = None
    theme: str = ""
    where: str = ""
    words: str = ""
    other: str = ""
    mark: str = ""

    @property
    def key(self) -> str:
        """The same as long as the same is missing: a waiver of it holds no longer than that."""
        told = (
            self.lack, str(self.number), self.department, self.theme, self.about or "", self.why or "",
            str(self.count), self.where, self.mark,
        )  # fmt: skip
        return "|".join(told)

    @property
    def waivable(self) -> bool:
        """Whether a coordinator may let it pass; never where a submission could be forgotten."""
        return self.lack not in _NEVER_WAIVED
