"""What a question shows, gathered from the facts as they are when it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.slack.questions import Doubt
from handlers import mail
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
        bare = await _of_submission(bare, submission, hearing, store=store)
    if question.about == About.AUTHOR:
        maybe = question.detail
        return replace(
            bare, original=_named(maybe.get(Verdict.ORIGINAL)), forwarder=_named(maybe.get(Verdict.FORWARDER))
        )
    if question.about == About.CAMPAIGN and question.submission_id is not None:
        return replace(bare, numbers=await _numbers(question, store=store))
    if question.about == About.HEARING:
        bare = replace(bare, titles=await _titles(store=store))
    return bare if question.item_id is None else await _of_mail(bare, question, store=store)


async def numbers_behind(lead: Submission, *, store: Store) -> tuple[int, ...]:
    """The numbers of the submissions that stand behind one."""
    behind = [member.submission_id for member in await store.campaigns.behind(lead.id)]
    return tuple(sorted(each.number for each in await store.submissions.among(behind))) if behind else ()


async def _of_submission(bare: Doubt, submission: Submission, hearing: Hearing, *, store: Store) -> Doubt:
    party = await store.submissions.party(submission.party_id)
    return replace(
        bare, came_at=submission.received_at, number=submission.number, subject=submission.subject,
        text=submission.text, party=heading_name(party, hearing.private_persons),
        is_late=submission.received_at > hearing.deadline,
    )  # fmt: skip


async def _of_mail(bare: Doubt, question: Question, *, store: Store) -> Doubt:
    """With the mail itself: a later one as it was kept, any other as it came in."""
    item = await store.session.get_one(InboxItem, question.item_id)
    letter = await asyncio.to_thread(mail.read, await store.inbox.raw(int(item.id or 0)))
    files = tuple(file.name for file in annexes(letter))
    if question.follow_up_id is None:
        return replace(bare, came_at=item.received_at, subject=letter.subject, text=letter.text, files=files)
    follow_up = await store.questions.follow_up(question.follow_up_id)
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
