"""What `/hoering` answers, read from the facts when it is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from itertools import groupby
from math import ceil
from operator import attrgetter
from typing import Any
from uuid import UUID

from bot.slack.api.pace import Pace
from bot.slack.payloads import Command
from bot.slack.views import blocks
from bot.slack.views.split import cut
from handlers.content import load, paragraphs
from handlers.discretion import veil
from handlers.hearing.parties import heading_name
from handlers.notat.counting import counted, is_left_out, is_withdrawn
from handlers.notat.finding import Finding
from handlers.notat.findings import findings, lack_of, state_of
from handlers.rules import Refusal, Why
from handlers.talk.progress import State
from storage.dossier import Dossier, dossier
from storage.models import Hearing, Submission
from storage.store import Store
from storage.words import PartyKind
from templates import say

_ANSWERS, _FINDINGS = "slack/answers.j2", "findings.j2"
_LINES_AT_MOST = 40
_OPENING = 600  # characters of a submission that a summary starts from


async def hearing_of(command: Command, *, here: Collection[UUID], store: Store) -> Hearing | Refusal:
    """The hearing of those that work `here`; where none does, the only one that the person coordinates.

    Of several, the one whose key is among the command's words.
    """
    hearings = await store.hearings.all()
    meant = [hearing for hearing in hearings if hearing.id in here] or [
        hearing for hearing in hearings if command.by in hearing.coordinators
    ]
    if len(meant) > 1:
        meant = [hearing for hearing in meant if hearing.key in command.words] or meant
    if not meant:
        return Refusal(Why.NO_HEARING_HERE)
    several = Refusal(Why.SEVERAL_HEARINGS, hearings=tuple((each.key, each.title) for each in meant))
    return meant[0] if len(meant) == 1 else several


async def status(hearing: Hearing, *, store: Store) -> str:
    """How far the hearing is, a line for each department."""
    read = await dossier(hearing, store=store)
    return say(
        _ANSWERS, "status", hearing=hearing, total=len(read.submissions), departments=_departments(read),
        referred=sum(1 for filed in read.submissions if filed.referrals),
        behind=sum(1 for filed in counted(read) if filed.lead_id),
        withdrawn=sum(1 for filed in read.submissions if is_withdrawn(filed)),
        left_out=sum(1 for filed in read.submissions if is_left_out(filed, hearing)),
    )  # fmt: skip


async def notat_coming(hearing: Hearing, *, store: Store, reads: Pace) -> str:
    """That the notat is on its way, and when: threads with approvals are read first, at Slack's pace."""
    threads = await store.threads.at_risk(hearing.id)
    return blocks.words("notat_coming", threads=threads, minutes=ceil(reads.takes(threads) / 60))


async def missing(hearing: Hearing, *, store: Store) -> str:
    """What is missing, and from whom: a line for each submission, then what concerns the hearing."""
    read = await dossier(hearing, store=store)
    found = sorted(await asyncio.to_thread(findings, read), key=_journal_number)
    lines = [_missing(list(of_one)) for _, of_one in groupby(found, key=attrgetter("number"))]
    left_out = max(0, len(lines) - _LINES_AT_MOST)
    return say(_ANSWERS, "missing", groups=lines[:_LINES_AT_MOST], total=len(found), left_out=left_out)


def _journal_number(finding: Finding) -> tuple[bool, int]:
    """In the journal's order, as Slack numbers them; what concerns the hearing comes last."""
    return finding.number == 0, finding.number


def _missing(found: list[Finding]) -> str:
    first = found[0]
    if first.number:
        return say(_FINDINGS, "of_submission", number=first.number, party=first.party, findings=found)
    return " ".join(say(_FINDINGS, finding.lack, finding=finding) for finding in found)


async def summary_form(
    submission: Submission, hearing: Hearing, *, channel: str, store: Store
) -> dict[str, Any]:
    """The modal for a submission's summary: the newest one, else the opening of its text.

    `channel` is where it was asked for, and where the person is told that it is saved.
    """
    newest = await store.submissions.summary(submission.id)
    who = await store.submissions.party(submission.party_id)
    party, opening = heading_name(who, hearing.private_persons), _opening(submission.text)
    field = blocks.rich_field(
        blocks.words("summary_modal_label", number=submission.number, party=party),
        hint=blocks.words("summary_modal_hint"),
        content=load(newest.content) if newest else paragraphs(veil(who, hearing).over(opening)),
    )
    title = blocks.words("summary_modal_title")
    return blocks.modal(blocks.SUMMARY_FORM, title, [field], about=f"{submission.id} {channel}")


async def party_form(submission: Submission, hearing: Hearing, *, store: Store) -> dict[str, Any]:
    """The modal that says who a submission's party is; the name of a private person may be hidden in it."""
    party = await store.submissions.party(submission.party_id)
    hidden = not veil(party, hearing).lifted
    kinds = {kind.value: blocks.words("party_kind", kind=kind.value) for kind in PartyKind}
    fields = [
        blocks.choice_field("kind", blocks.words("party_kind_label"), kinds, value=party.kind.value),
        blocks.text_field(
            "list_name",
            blocks.words("party_list_label"),
            value="" if hidden else party.list_name,
            optional=hidden,
        ),
        blocks.text_field(
            "heading_name",
            blocks.words("party_heading_label"),
            value="" if hidden else party.heading_name,
            optional=True,
        ),
        blocks.text_field("street", blocks.words("party_street_label"), value=party.street, optional=True),
    ]
    title = blocks.words("party_modal_title", number=submission.number)
    return blocks.modal(blocks.PARTY_FORM, title, fields, about=str(submission.id))


def _opening(text: str) -> str:
    """The first paragraphs of a text, up to some 600 characters, never cut within one."""
    taken = ""
    for block in text.split("\n\n"):
        if taken and len(taken) + len(block) > _OPENING:
            break
        taken += f"{block}\n\n"
    return taken if len(taken) <= 4 * _OPENING else taken[: cut(taken, 4 * _OPENING)].rstrip() + " …"


def _departments(read: Dossier) -> list[dict[str, Any]]:
    far: dict[str, Counter[State]] = {seat.name: Counter() for seat in read.seats if not seat.retired}
    for filed in counted(read):
        for laid in filed.referrals:
            reached = state_of(laid)
            if reached != State.SENT_ON or lack_of(laid) is not None:
                far.setdefault(laid.seat.name, Counter())[reached] += 1
    return [
        {
            "name": name, "total": states.total(), "approved": states[State.APPROVED],
            "new": states[State.NEW], "in_progress": states[State.IN_PROGRESS],
            "waiting": states[State.TO_APPROVE] + states[State.REOPENED],
            "changed": states[State.CHANGED], "given_back": states[State.SENT_ON],
            "no_remarks": states[State.NO_REMARKS],
        }
        for name, states in far.items()
    ]  # fmt: skip
