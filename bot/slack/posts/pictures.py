"""What each post shows, drawn from the facts at the moment it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.slack import doubts
from bot.slack.api.board import Picture
from bot.slack.posts import attached, deliveries
from bot.slack.posts.deliveries import Shared
from bot.slack.views import blocks, cards, drafts, elements, notices, questions, unfinished
from bot.slack.views.drafts import DIGEST, SINCE
from bot.slack.views.evidence import cited, sources
from handlers.discretion import Veil, veil, veiled, veiled_mail
from handlers.hearing.parties import heading_name
from handlers.referral.hand_over import is_waiting
from handlers.talk.enclosed import enclosed
from handlers.talk.progress import ending, standing
from handlers.talk.show import page_of
from storage.facts import Case, case
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost
from storage.words import NOTICE, Notice

_HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, what of it is to be remembered, and whether another part of the text must follow."""

    picture: Picture
    detail: dict[str, Any] = field(default_factory=dict)
    goes_on: bool = False
    overflows: bool = False


async def drawn(post: SlackPost, *, store: Store, now: datetime, url: str = "") -> Drawn:
    """The message that a post is at this moment; `url` is the workspace's, for what leads elsewhere in it."""
    if post.kind in {PostKind.NOTICE, PostKind.UNFINISHED}:
        told = _notice(post, store=store) if post.kind == PostKind.NOTICE else unfinished.again(
            post, store=store, url=url
        )  # fmt: skip
        return Drawn(await told, post.detail)
    if post.kind == PostKind.DRAFT:
        return await _draft(post, store=store)
    if post.kind == PostKind.LINE:
        return Drawn(questions.line(post.detail))
    if post.kind == PostKind.QUESTION:
        return await _question(post, store=store)
    if post.kind == PostKind.FOLLOW_UP:
        return await _later_mail(post, store=store)
    return await _of_submission(post, store=store, now=now)


async def _of_submission(post: SlackPost, *, store: Store, now: datetime) -> Drawn:
    if post.submission_id is None:
        raise LookupError(f"post {post.id} shows no submission")
    whole = await case(post.submission_id, store=store)
    shown = replace(whole, filed=veiled(whole.filed, whole.hearing))
    if post.kind == PostKind.PLACEMENT:
        back = post.detail.get(_HANDOVER)
        told = (
            await _given_back(UUID(back), shown, store=store)
            if back
            else await _placement(whole, shown, store=store)
        )
        return Drawn(told, post.detail, overflows=blocks.is_cut(shown.filed.submission.text))
    if post.kind == PostKind.TEXT:
        part, text = int(post.detail["part"]), shown.filed.submission.text
        picture, goes_on = blocks.text(text, part=part)
        return Drawn(picture, post.detail, goes_on, overflows=not goes_on and blocks.too_long(text))
    return Drawn(await _card(post, whole, shown, store=store, now=now))


async def shared(post: SlackPost, *, names: Mapping[str, str], store: Store) -> Shared:
    """The files that a post shares, or only why it shares none any more.

    `names` are those of the people whom they tell of, as far as known.
    """
    if post.kind == PostKind.NOTAT:
        return await deliveries.notat(post, names=names, store=store)
    if post.kind == PostKind.COMPARISON:
        return await deliveries.comparison(post, store=store)
    if post.kind == PostKind.APPENDIX:
        return await deliveries.appendix(post, store=store)
    return await attached.attached(post, store=store)


def remembered(post: SlackPost, drawn: Drawn, *, at: float | None) -> dict[str, Any]:
    """What a post that shows a picture `at` a moment (seconds since 1970) is to remember of it.

    `at` is None when it is not known that Slack shows just this picture. A draft drawn again with the
    same words has shown them all along.
    """
    now = post.detail | drawn.detail
    if DIGEST not in drawn.detail:
        return now
    lasts = at is not None and post.detail.get(SINCE) and post.detail.get(DIGEST) == now[DIGEST]
    return now | {SINCE: post.detail[SINCE] if lasts else at}


def unsure(post: SlackPost, drawn: Drawn) -> dict[str, Any]:
    """What a post is to remember while a picture is on its way: a draft may show these words or those."""
    is_same = drawn.detail.get(DIGEST) == post.detail.get(DIGEST)
    return post.detail if is_same else post.detail | {SINCE: None}


async def _card(post: SlackPost, whole: Case, shown: Case, *, store: Store, now: datetime) -> Picture:
    if post.referral_id is None:
        raise LookupError(f"post {post.id} shows no referral")
    laid, over = shown.laid(post.referral_id), veil(shown.filed.party, shown.hearing)
    ends = [*laid.ends.handed, *laid.ends.received]
    points = [each.passage for each in await store.submissions.points(laid.referral.id)]
    linked = {key for each in ends for key in (each.referral_id, each.to_referral_id) if key is not None}
    return cards.card(
        cards.Card(
            laid=laid, filed=shown.filed, hearing=shown.hearing, now=now,
            party=heading_name(shown.filed.party, shown.hearing.private_persons),
            points=await cited(points, whole.filed, over, store=store),
            numbers=await doubts.numbers_behind(shown.filed.submission, store=store),
            elsewhere=await store.endings.elsewhere(linked) if linked else {},
        )
    )  # fmt: skip


async def _draft(post: SlackPost, *, store: Store) -> Drawn:
    facts = await store.remarks.by_id(post.remark_id) if post.remark_id else None
    if facts is None:
        raise LookupError(f"post {post.id} shows no remark")
    remark, page, detail = standing(facts), page_of(post), {DIGEST: standing(facts).digest}
    if page > 1:
        return Drawn(drafts.further(remark, page=page), detail)
    posts = await store.posts.of_remark(remark.remark_id, [PostKind.DRAFT])
    parts = sum(not part.deleted for part in facts.parts)
    shown, carried = drafts.is_shown(remark, posts), enclosed(facts.parts)
    return Drawn(drafts.draft(remark, parts=parts, shown=shown, carried=carried), detail)


async def _handover(post: SlackPost, *, store: Store) -> Picture:
    handover = await store.endings.handover(UUID(post.detail[_HANDOVER]))
    both = filter(None, (handover.referral_id, handover.to_referral_id))
    elsewhere = await store.endings.elsewhere([*both])
    return cards.sent_on(handover, here=post.referral_id, elsewhere=elsewhere)


async def _notice(post: SlackPost, *, store: Store) -> Picture:
    match notice := Notice(post.detail[NOTICE]):
        case Notice.UNSURE:
            return notices.unsure(post.detail["person"], why=post.detail["why"])
        case Notice.RESTORED | Notice.MOVED:
            return elements.bare(notices.words(notice.value))
        case Notice.HANDED_OVER:
            return await _handover(post, store=store)
        case Notice.SAID:
            return await _said(post, store=store)
        case Notice.APPROVED:
            return await _approved(post, store=store)
        case Notice.CHANGED:
            return await _changed(post, store=store)


async def _said(post: SlackPost, *, store: Store) -> Picture:
    referral, message = post.referral_id, post.detail["said"]
    reply = await store.remarks.newest(referral, message) if referral is not None else None
    if reply is None:
        raise LookupError(f"post {post.id} shows no reply")
    return notices.said(reply)


async def _approved(post: SlackPost, *, store: Store) -> Picture:
    approval = await store.remarks.approval(UUID(post.detail["approval"]))
    if approval is None:
        raise LookupError(f"post {post.id} tells of no approval")
    return notices.approved(approval)


async def _changed(post: SlackPost, *, store: Store) -> Picture:
    facts = await store.remarks.by_id(post.remark_id) if post.remark_id else None
    if facts is None:
        raise LookupError(f"post {post.id} tells of no remark")
    return notices.changed(standing(facts))


async def _question(post: SlackPost, *, store: Store) -> Drawn:
    if post.question_id is None:
        raise LookupError(f"post {post.id} shows no question")
    asked = await store.questions.by_id(post.question_id)
    doubt = await doubts.doubt(asked, store=store)
    return Drawn(questions.question(doubt), post.detail, overflows=questions.is_cut(doubt))


async def _later_mail(post: SlackPost, *, store: Store) -> Drawn:
    if post.follow_up_id is None or post.submission_id is None:
        raise LookupError(f"post {post.id} shows no later mail")
    followed = (await store.questions.followed([post.submission_id]))[post.submission_id]
    this = next(each for each in followed if each.follow_up.id == post.follow_up_id)
    over = await _veil(post.submission_id, store=store)
    picture, overflows = questions.later_mail(veiled_mail(this.follow_up, over), this.verdict)
    return Drawn(picture, post.detail, overflows=overflows)


async def _given_back(handover_id: UUID, shown: Case, *, store: Store) -> Picture:
    handover = await store.endings.handover(handover_id)
    laid = shown.laid(handover.referral_id)
    waits = is_waiting(handover, ending(laid.ends))
    return cards.given_back(
        shown.filed, laid, handover=handover,
        party=heading_name(shown.filed.party, shown.hearing.private_persons),
        options=[blocks.option(seat) for seat in shown.seats if not seat.retired] if waits else (),
    )  # fmt: skip


async def _placement(whole: Case, shown: Case, *, store: Store) -> Picture:
    asked = [seat for seat in shown.seats if not seat.retired]
    said = await sources(whole.filed, veil(whole.filed.party, whole.hearing), store=store)
    routing = said.route(asked)
    return blocks.placement(
        shown.filed, seats=asked, sure=routing.sure,
        party=heading_name(shown.filed.party, shown.hearing.private_persons),
        passages=said.evidence(routing),
    )  # fmt: skip


async def _veil(submission_id: UUID, *, store: Store) -> Veil:
    submission = await store.submissions.by_id(submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    return veil(await store.submissions.party(submission.party_id), hearing)


__all__ = ["Drawn", "Shared", "drawn", "remembered", "shared", "unsure"]
