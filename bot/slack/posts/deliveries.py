"""The files of a notat and of its appendix, as the coordinators get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.slack.api.board import Upload
from bot.slack.views import blocks
from handlers.notat.history import changes_before
from handlers.render.changes import changes_page
from handlers.rules import Refusal, Why
from storage import blobs
from storage.models import PostKind
from storage.posts import APART
from storage.store import Store
from storage.talk import SlackPost
from storage.words import Edition
from templates import say

_NOTAT, _CHANGES = "slack/notat.j2", "notat/changes.j2"


@dataclass(frozen=True, slots=True)
class Shared:
    """Files to share, with our own words above them; or our words alone."""

    uploads: tuple[Upload, ...]
    comment: str = ""


async def people_in(post: SlackPost, *, store: Store) -> frozenset[str]:
    """Whom the files of a post tell of, by their ids in Slack."""
    if post.kind != PostKind.NOTAT or post.notat_id is None:
        return frozenset()
    found = await changes_before(await store.posts.notat(post.notat_id), store=store)
    return frozenset(each.by for each in found.all if each.by[:1] in {"U", "W"}) if found else frozenset()


async def notat(post: SlackPost, *, names: Mapping[str, str], store: Store) -> Shared:
    """The files of a version in the formats that were asked for, and what is new in it."""
    if post.notat_id is None:
        raise LookupError(f"post {post.id} shows no notat")
    row = await store.posts.notat(post.notat_id)
    hearing = await store.hearings.by_id(row.hearing_id)
    facts = {"version": row.version, "draft": row.draft}
    title, stem = blocks.words("notat_title", **facts), blocks.words("notat_file", key=hearing.key, **facts)
    kept = {"docx": row.docx_sha256, "pdf": row.pdf_sha256, "html": row.html_sha256}
    wanted = [ending for ending in kept if ending in post.detail.get("formats", ())] or [*kept]
    uploads = [
        Upload(f"{stem}.{ending}", await blobs.fetch(kept[ending], session=store.session),
               f"{title}.{ending}")
        for ending in wanted
    ]  # fmt: skip
    changes = await changes_before(row, store=store)
    if changes is not None and changes.all:
        name, heading = (
            say(_CHANGES, "file", key=hearing.key, changes=changes),
            say(_CHANGES, "title", changes=changes),
        )
        page = changes_page(changes, hearing=hearing, names=names)
        uploads.append(Upload(f"{name}.html", page.encode(), f"{heading}.html"))
    made_of = await store.versions.makeup(row.id)
    comment = say(_NOTAT, "comment", changes=changes, made_of=made_of, title=title, draft=row.draft)
    return Shared(tuple(uploads), comment)


async def comparison(post: SlackPost, *, store: Store) -> Shared:
    """What differs, in our words, and the files that show it."""
    files = [
        Upload(name, await blobs.fetch(sha256, session=store.session), name)
        for name, sha256 in post.detail["files"]
    ]
    return Shared(tuple(files), post.detail["told"])


async def appendix(post: SlackPost, *, store: Store) -> Shared:
    """The appendix as one PDF; the internal one only for somebody who still coordinates the hearing."""
    row = await store.versions.appendix(UUID(post.detail["appendix"]))
    hearing = await store.hearings.by_id(row.hearing_id)
    public = row.edition == Edition.PUBLIC
    is_apart = post.channel.startswith(APART) and row.compiled_by in hearing.coordinators
    if not (public or is_apart):
        why = Why.NOT_A_COORDINATOR
        return Shared((), say("slack/refusals.j2", why, refusal=Refusal(why)))
    name = say(_NOTAT, "appendix_file", key=hearing.key, edition=row.edition.value, at=row.compiled_at)
    payload = await blobs.fetch(row.pdf_sha256, session=store.session)
    title, told = (
        say(_NOTAT, "appendix_title", public=public),
        say(_NOTAT, "appendix_told", row=row, public=public),
    )
    return Shared((Upload(f"{name}.pdf", payload, f"{title}.pdf"),), told)
