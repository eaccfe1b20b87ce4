"""Decide what the coordinators were asked; what was decided before stays in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from handlers.doubt.ask import show_question
from handlers.doubt.carry_out import Decided, carry_out
from handlers.referral.refer import BOT
from handlers.rules import Refusal, Why, may_coordinate
from storage.asked import About, Decision, Question, Verdict
from storage.models import Hearing
from storage.questions import Asked
from storage.store import Store

# Once a person has said so, the mail goes its own way, and nothing brings it back.
_DONE: Mapping[About, frozenset[Verdict]] = {
    About.FOLLOW_UP: frozenset({Verdict.NEW}),
    About.KIND: frozenset({Verdict.SUBMISSION}),
    About.CAMPAIGN: frozenset({Verdict.APART}),
}


async def decide(question_id: UUID, verdict: str, *, by: str, store: Store, now: datetime) -> Asked | Refusal:
    """Take a coordinator's word; the question with the decision that counts now.

    The same word again changes nothing. Another one counts from now on, unless what was decided is done.
    """
    question = (await store.questions.by_id(question_id)).question
    hearing = await _hearing(question, verdict, store=store)
    if hearing is None:
        return Refusal(Why.NO_SUCH_CHOICE)
    await store.hearings.hold(hearing.id)
    asked = await store.questions.hold(question_id)
    refusal = may_coordinate(by, await _deciders(asked.question, verdict, hearing, store=store))
    refusal = refusal or _settled(asked, verdict)
    if refusal is not None:
        return refusal
    if asked.decision is not None and asked.verdict == verdict and asked.decision.decided_by != BOT:
        return asked
    decision = Decision(question_id=question_id, verdict=verdict, decided_by=by, decided_at=now)
    store.add(decision)
    store.note(
        "decided", by=by, at=now, hearing_id=hearing.id, about=question.about, verdict=verdict,
        question=question_id,
    )  # fmt: skip
    await carry_out(Decided(question, verdict, hearing, by), store=store, now=now)
    await show_question(question_id, store=store)
    return Asked(question, decision)


def still_open(asked: Asked) -> tuple[str, ...]:
    """What may still be said and would change what counts, in the order of the options."""
    return tuple(
        option for option in asked.question.options
        if option != asked.verdict and _settled(asked, option) is None
    )  # fmt: skip


async def _hearing(question: Question, verdict: str, *, store: Store) -> Hearing | None:
    """Whose coordinators may say this; None when it is no answer to the question."""
    if verdict not in question.options:
        return None
    if question.about == About.HEARING and verdict != Verdict.NOTHING:
        return await store.hearings.by_key(verdict)
    return await store.hearings.by_id(question.hearing_id)


async def _deciders(question: Question, verdict: str, hearing: Hearing, *, store: Store) -> set[str]:
    """Who may say this: where it puts the mail into no hearing, the coordinators of any it may be for."""
    if question.about != About.KIND and verdict != Verdict.NOTHING:
        return set(hearing.coordinators)
    asked_in = {post.hearing_id for post in await store.posts.of_question(question.id)} | {hearing.id}
    return {person for each in await store.hearings.among(asked_in) for person in each.coordinators}


def _settled(asked: Asked, verdict: str) -> Refusal | None:
    """Why it cannot be decided otherwise any more."""
    decision, about = asked.decision, asked.question.about
    if decision is None or decision.verdict == verdict:
        return None
    done = decision.verdict in _DONE.get(about, ()) or (
        about == About.HEARING and decision.verdict != Verdict.NOTHING
    )
    return Refusal(Why.ALREADY_DECIDED, by=decision.decided_by) if done else None
