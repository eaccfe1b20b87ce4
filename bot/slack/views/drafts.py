"""The draft of a remark: what would stand in the notat, in one message or, when it is long, in several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.slack.api.board import Picture
from bot.slack.views import elements, files
from bot.slack.views.blocks import APPROVE, EDIT, WITHDRAW, words
from handlers.richtext.paging import pages
from handlers.talk.enclosed import Enclosed
from handlers.talk.progress import Standing
from handlers.talk.show import page_of
from storage.talk import SlackPost

Json = dict[str, Any]

DIGEST, SINCE = "digest", "since"
_NOTHING = Enclosed()


def draft(remark: Standing, *, parts: int, shown: bool = True, carried: Enclosed = _NOTHING) -> Picture:
    """The first message of a remark of so many parts; it can be approved once all of it is `shown`.

    What its messages `carried` besides words is named, since the notat does not hold it.
    """
    told, person = _verdict(remark)
    content = pages(remark.content)
    buttons = elements.rows(list(_buttons(remark, editable=parts > 0, approvable=shown)))
    if not content:
        return Picture(told, [elements.told(told, person), *buttons])
    summary = words("draft_summary", approved=not remark.waits)
    foot = [elements.context(words("draft_parts", count=parts))] if parts > 1 else []
    if len(content) > 1:
        foot.append(elements.context(words("draft_pages", count=len(content), shown=shown)))
    foot += [elements.context(sentence) for sentence in files.left_out(carried)]
    return Picture(summary, [elements.told(told, person), content[0], *foot, *buttons])


def further(remark: Standing, *, page: int) -> Picture:
    """A later message of a long remark (pages count from 1)."""
    content = pages(remark.content)
    if page > len(content):
        return elements.bare(words("draft_page_empty"))
    lead = words("draft_page", page=page, count=len(content))
    return Picture(lead, [elements.context(lead), content[page - 1]])


def is_shown(remark: Standing, posts: Sequence[SlackPost]) -> bool:
    """Whether all messages after the first are known to show what the remark says now."""
    count = len(pages(remark.content))
    current = {page_of(post) for post in posts if _shows(post, remark.digest)}
    return current.issuperset(range(2, count + 1))


def shown_at(posts: Sequence[SlackPost], moment: datetime) -> str | None:
    """The digest of what all messages of a draft have shown since before a moment; None when any did not."""
    first = next((post for post in posts if page_of(post) == 1), None)
    if first is None or any(_since(post) > moment.timestamp() for post in posts):
        return None
    digests = {str(post.detail[DIGEST]) for post in posts}
    return digests.pop() if len(digests) == 1 else None


def _shows(post: SlackPost, digest: str) -> bool:
    return post.ts is not None and post.detail.get(DIGEST) == digest and post.detail.get(SINCE) is not None


def _since(post: SlackPost) -> float:
    since = post.detail.get(SINCE)
    return float("inf") if since is None else float(since)


def _verdict(remark: Standing) -> tuple[str, str]:
    """How a remark stands, and whose name belongs to that."""
    approver = remark.approval.approver if remark.approval else ""
    if not remark.content:
        return words("draft_void_approved" if approver else "draft_void"), approver
    if remark.changed:
        return words("draft_changed"), approver
    if approver:
        return words("draft_approved"), approver
    return words("draft_reopened" if remark.taken_back_by else "draft_waiting"), remark.taken_back_by


def _buttons(remark: Standing, *, editable: bool, approvable: bool) -> Iterator[Json]:
    if remark.content and remark.waits and approvable:
        value = f"{remark.remark_id}:{remark.digest}"
        yield elements.button(APPROVE, words("approve_button"), value, style="primary")
    if editable:
        yield elements.button(EDIT, words("edit_button"), str(remark.remark_id))
    if remark.approval is not None:
        sure = elements.confirmation(
            words("withdraw_title"), words("withdraw_text"), yes=words("withdraw_yes"), no=words("cancel")
        )
        yield elements.button(WITHDRAW, words("withdraw_button"), str(remark.approval.id), confirm=sure)
