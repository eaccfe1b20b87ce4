"""The files under a card: what came with a submission, its whole text, and the mail it came in."""

from __future__ import annotations

import asyncio
import hashlib
import json
from uuid import UUID

from bot.slack import doubts
from bot.slack.api.board import Upload
from bot.slack.posts.deliveries import Shared
from bot.slack.views import blocks, cards, files, questions
from handlers.discretion import Veil, veil
from handlers.referral.attach_mail import may_be_shown
from handlers.referral.follow import QUESTION
from handlers.rules import Refusal, Why
from storage import blobs
from storage.models import Attachment, FileText
from storage.store import Store
from storage.talk import SlackPost
from storage.words import Outcome
from templates import say


async def attached(post: SlackPost, *, store: Store) -> Shared:
    """The files that a post shares, or only why it shares none (any more)."""
    if QUESTION in post.detail:
        asked = await store.questions.by_id(UUID(post.detail[QUESTION]))
        name, text = questions.whole_text(await doubts.doubt(asked, store=store))
        return Shared((Upload(name, text.encode(), name),))
    if "mail" in post.detail:
        return await _mail(post, store=store)
    if post.attachment_id is None:
        return await _whole_text(post, store=store)
    file = await store.session.get_one(Attachment, post.attachment_id)
    over = await _veil(file.submission_id, store=store)
    if not over.lifted:
        return await _withheld(file, over, store=store)
    payload = await blobs.fetch(file.blob_sha256, session=store.session)
    return Shared((Upload(file.name, payload, file.name),))


async def guise(post: SlackPost, *, store: Store) -> str:
    """What tells how a post's files may be shown now from how they were: by the veil that lies over them."""
    if post.submission_id is None:
        return ""
    over = await _veil(post.submission_id, store=store)
    told = [over.lifted, [] if over.lifted else list(over.names)]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


async def _withheld(file: Attachment, over: Veil, *, store: Store) -> Shared:
    """What a private person's file says, as far as we can read it: in the file itself anything may stand."""
    name = over.over(file.name)
    read = (await store.files.read_texts([file.blob_sha256])).get(file.blob_sha256)
    if read is None or read.outcome != Outcome.TEXT or not read.text.strip():
        return Shared((), files.withheld(name, size=file.size))
    told = files.text_instead(read.text, size=file.size)
    return Shared((await _text_of(read, over, name=f"{name}.txt"),), told)


async def _text_of(read: FileText, over: Veil, *, name: str) -> Upload:
    text = await asyncio.to_thread(over.over, read.text)
    return Upload(name, text.encode(), name)


async def _mail(post: SlackPost, *, store: Store) -> Shared:
    if post.submission_id is None:
        raise LookupError(f"post {post.id} shares no mail")
    submission = await store.submissions.by_id(post.submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    if not may_be_shown(submission, await store.submissions.party(submission.party_id), hearing):
        return Shared((), say("slack/refusals.j2", Why.PRIVATE_MAIL, refusal=Refusal(Why.PRIVATE_MAIL)))
    name = cards.mail_name(submission.number)
    return Shared((Upload(name, await store.inbox.raw(int(post.detail["mail"])), name),))


async def _whole_text(post: SlackPost, *, store: Store) -> Shared:
    if post.submission_id is None:
        raise LookupError(f"post {post.id} shares no text")
    submission = await store.submissions.by_id(post.submission_id)
    over = await _veil(submission.id, store=store)
    if post.follow_up_id is not None:
        later = await store.questions.follow_up(post.follow_up_id)
        name, told = questions.whole_later_mail(later, number=submission.number)
        return Shared((Upload(name, over.over(later.text).encode(), name),), told)
    name = blocks.words("whole_text_name", number=submission.number)
    return Shared((Upload(name, over.over(submission.text).encode(), name),), blocks.words("whole_text"))


async def _veil(submission_id: UUID, *, store: Store) -> Veil:
    submission = await store.submissions.by_id(submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    return veil(await store.submissions.party(submission.party_id), hearing)
