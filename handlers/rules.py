"""Who may do what, and why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """The reason of a no; its Danish sentence stands in templates/slack/refusals.j2."""

    NOT_AN_APPROVER = "not_an_approver"
    NOT_A_COORDINATOR = "not_a_coordinator"
    OWN_REMARK = "own_remark"
    NOTHING_TO_APPROVE = "nothing_to_approve"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ONE_OF_SEVERAL = "one_of_several"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"
    MAY_NOT_WITHDRAW = "may_not_withdraw"
    NOT_STANDING = "not_standing"
    TOO_MANY_PARTS = "too_many_parts"
    NOT_EDITABLE = "not_editable"
    NEWER_TEXT = "newer_text"
    NOTHING_WRITTEN = "nothing_written"
    TEXT_TOO_LONG = "text_too_long"
    NO_NAME = "no_name"
    ALREADY_APPROVED = "already_approved"
    EMPTY_REMARK = "empty_remark"
    ONLY_A_FILE = "only_a_file"
    ALREADY_ATTACHED = "already_attached"
    NOBODYS_WORDS = "nobodys_words"
    TICKED_COPY = "ticked_copy"
    NOT_IN_A_THREAD = "not_in_a_thread"
    NO_HEARING_HERE = "no_hearing_here"
    SEVERAL_HEARINGS = "several_hearings"
    NO_SUCH_SUBMISSION = "no_such_submission"
    NO_DEPARTMENT_CHOSEN = "no_department_chosen"
    ALREADY_REFERRED = "already_referred"
    UNKNOWN_COMMAND = "unknown_command"
    NO_SUCH_CHOICE = "no_such_choice"
    ALREADY_DECIDED = "already_decided"
    SENT_ON = "sent_on"
    APPROVED_STANDS = "approved_stands"
    ALREADY_DECLINED = "already_declined"
    DECLINE_WAITS = "decline_waits"
    NOT_ENDED = "not_ended"
    NO_REASON = "no_reason"
    NO_THEME = "no_theme"
    THEME_TAKEN = "theme_taken"
    NOTHING_TOLD = "nothing_told"
    ALREADY_NOTED = "already_noted"
    PRIVATE_MAIL = "private_mail"
    NO_MAIL = "no_mail"
    MAIL_IS_THERE = "mail_is_there"
    NO_SUCH_PLACE = "no_such_place"
    NO_SUCH_TEXT = "no_such_text"
    HEADING_TOO_LONG = "heading_too_long"
    NOT_FOUND_ANY_MORE = "not_found_any_more"
    NEVER_WAIVED = "never_waived"
    NO_SUCH_VERSION = "no_such_version"
    NO_WORD_FILE = "no_word_file"
    OTHER_HEARINGS_FILE = "other_hearings_file"
    FILE_OUT_OF_REACH = "file_out_of_reach"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no, an ordinary outcome that the person is told; `by` is who stood in the way, if anybody.

    `hearings` are the key and title of each hearing that could have been meant.
    """

    why: Why
    by: str = ""
    number: int = 0
    hearings: tuple[tuple[str, str], ...] = ()


Groups = Mapping[str, Collection[str] | Exception]
"""Who is in the user groups that hearings name, by the group's id, or why that cannot be told now."""

NO_GROUPS: Groups = {}


def people(ids: Collection[str], groups: Groups) -> frozenset[str]:
    """Everybody among people's and groups' ids; a group that nobody knows is nobody.

    Raises:
        Exception: of a group among them it cannot be told now; who is in it may not be taken for nobody.
    """
    found = set(ids).difference(groups)
    for each in ids:
        told = groups.get(each, ())
        if isinstance(told, Exception):
            raise told
        found.update(told)
    return frozenset(found)


def told(groups: Groups) -> Groups:
    """Without those of which it cannot be told who is in them: to show, never to judge by."""
    return {group: members for group, members in groups.items() if not isinstance(members, Exception)}


OPERATOR = "command line"
"""Who runs our commands on the machine that the service runs on; no Slack id looks like this."""


def may_coordinate(person: str, coordinators: Collection[str]) -> Refusal | None:
    """Only the hearing's coordinators, and operators, place, summarise, put in order and compile."""
    return None if person == OPERATOR or person in coordinators else Refusal(Why.NOT_A_COORDINATOR)


def may_approve(
    person: str, *, approvers: Collection[str], authors: Collection[str], four_eyes: bool
) -> Refusal | None:
    """An approver of the department says yes; with four eyes, to what somebody else wrote."""
    if person not in approvers:
        return Refusal(Why.NOT_AN_APPROVER)
    if four_eyes and person in authors:
        return Refusal(Why.OWN_REMARK)
    return None


def may_withdraw(
    person: str, *, approver: str, approvers: Collection[str], coordinators: Collection[str]
) -> Refusal | None:
    """Who said yes takes it back, or who else may say it, or a coordinator."""
    if person == approver or person in approvers or person in coordinators:
        return None
    return Refusal(Why.MAY_NOT_WITHDRAW)


def may_decline(person: str, *, approvers: Collection[str], four_eyes: bool) -> bool:
    """Whether it is settled that a department has no remarks when this person says so.

    It ends the matter as an approval does, so with four eyes an approver says it, or confirms what a
    colleague proposed. There is no text of their own that anybody else would have to look over.
    """
    return not four_eyes or person in approvers
