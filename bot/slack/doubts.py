"""What a question shows, gathered from the facts as they are when it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from bot.slack.views.questions import Doubt
from handlers import mail
from handlers.discretion import Veil, veil, veil_of, veiled_mail, veiled_submission
from handlers.doubt.decide import still_open
from handlers.hearing.parties import heading_name, kind_of
from handlers.intake.incoming import annexes
from storage.asked import About, Question, Verdict
from storage.models import Hearing, InboxItem, Submission
from storage.questions import Asked
from storage.store import Store
from storage.words import PartyKind
from templates import say


async def doubt(asked: Asked, *, store: Store) -> Doubt:
    """All that a question shows."""
    question = asked.question
    hearing = await store.hearings.by_id(question.hearing_id)
    bare = Doubt(
        id=str(question.id), about=question.about, came_at=question.asked_at, deadline=hearing.deadline,
        verdict=asked.verdict, by=asked.decision.decided_by if asked.decision else "",
        open=still_open(asked), why=str(question.detail.get("why") or question.detail.get("kind") or ""),
        seems=str(question.detail.get("seems", "")),
    )  # fmt: skip
    if question.submission_id is not None:
        submission = await store.submissions.by_id(question.submission_id)
        over = veil(await store.submissions.party(submission.party_id), hearing)
        bare = await _of_submission(bare, submission, hearing, over=over, store=store)
    else:
        over = None
    if question.about == About.AUTHOR:
        maybe = question.detail
        return replace(
            bare, original=_named(maybe.get(Verdict.ORIGINAL)), forwarder=_named(maybe.get(Verdict.FORWARDER))
        )
    if question.about == About.CAMPAIGN and question.submission_id is not None:
        return replace(bare, numbers=await _numbers(question, store=store))
    if question.about == About.HEARING:
        bare = replace(bare, titles=await _titles(store=store))
    return (
        bare if question.item_id is None else await _of_mail(bare, question, hearing, over=over, store=store)
    )


async def rest_of(follow_up_id: UUID, *, store: Store) -> str:
    """What was cut from a later mail."""
    later = await store.questions.follow_up(follow_up_id)
    submission = await store.submissions.by_id(later.submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    return veil(await store.submissions.party(submission.party_id), hearing).over(later.rest)


async def numbers_behind(lead: Submission, *, store: Store) -> tuple[int, ...]:
    """The numbers of the submissions that stand behind one."""
    behind = [member.submission_id for member in await store.campaigns.behind(lead.id)]
    return tuple(sorted(each.number for each in await store.submissions.among(behind))) if behind else ()


async def _of_submission(
    bare: Doubt, whole: Submission, hearing: Hearing, *, over: Veil, store: Store
) -> Doubt:
    submission = veiled_submission(whole, over)
    party = await store.submissions.party(submission.party_id)
    return replace(
        bare, came_at=submission.received_at, number=submission.number, subject=submission.subject,
        text=submission.text, party=heading_name(party, hearing.private_persons),
        is_late=submission.received_at > hearing.deadline,
    )  # fmt: skip


async def _of_mail(
    bare: Doubt, question: Question, hearing: Hearing, *, over: Veil | None, store: Store
) -> Doubt:
    """With the mail itself: a later one as it was kept, any other as it came in."""
    item = await store.session.get_one(InboxItem, question.item_id)
    letter = await asyncio.to_thread(mail.read, await store.inbox.raw(int(item.id or 0)))
    over = over or veil_of(letter.sender.name, hearing)
    files = tuple(over.over(file.name) for file in annexes(letter))
    if question.follow_up_id is None:
        subject, text = over.over(letter.subject), over.over(letter.text)
        return replace(bare, came_at=item.received_at, subject=subject, text=text, files=files)
    follow_up = veiled_mail(await store.questions.follow_up(question.follow_up_id), over)
    return replace(
        bare, came_at=follow_up.received_at, subject=follow_up.subject, text=follow_up.text, files=files,
        rest_of=str(follow_up.id) if follow_up.rest else "",
    )  # fmt: skip


def _named(who: Mapping[str, str] | None) -> str:
    """An organisation by its name, a private person as one; empty for nobody."""
    if who is None:
        return ""
    private = kind_of(who["name"]) == PartyKind.BORGER
    return say("parties.j2", "private", street="") if private else who["name"]


async def _numbers(question: Question, *, store: Store) -> tuple[int, ...]:
    if question.submission_id is None:
        raise LookupError(f"question {question.id} is about no submission")
    lead = await store.submissions.by_id(question.submission_id)
    others = [member.submission_id for member in await store.campaigns.ever_behind(lead.id)]
    return (lead.number, *sorted(each.number for each in await store.submissions.among(others)))


async def _titles(*, store: Store) -> dict[str, str]:
    return {hearing.key: hearing.title for hearing in await store.hearings.all()}
