"""Files and shared messages do not come into a notat, and whoever marks or reads a remark is told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from bot.slack import talk
from bot.slack.views import files, notices
from handlers.content import dump, paragraphs
from handlers.talk.enclosed import Enclosed, enclosed
from storage.talk import Reply
from tests.handlers.building import NOW
from tests.slack.bench import HOME, bench
from tests.slack.threads import ANSWER, approved, told
from tests.world import TEKNIK, shown, words

REPLY: dict[str, Any] = {"ts": "2.0", "thread_ts": "1.0", "user": "U0TIM", "text": "Se kortet."}
PDF = {"id": "F1", "name": "a1b2.pdf", "title": "Kort over stien.pdf", "mode": "hosted"}


def _reply(message: dict[str, Any]) -> Reply:
    spoken = talk.message_in(TEKNIK, message)
    assert spoken is not None
    return Reply(
        referral_id=uuid4(), message=spoken.ts, version="0", author=spoken.author, content=[], digest="",
        raw=spoken.body, seen_at=NOW,
    )  # fmt: skip


def test_of_files_the_names_are_kept_that_slack_shows_and_of_deleted_ones_none() -> None:
    gone, nameless = {"id": "F2", "mode": "tombstone"}, {"id": "F3", "mode": "hosted"}
    parts = [_reply(REPLY | {"files": [PDF, gone, nameless]}), _reply(REPLY | {"files": [PDF]})]
    assert enclosed(parts) == Enclosed(("Kort over stien.pdf", ""))


def test_a_message_that_is_gone_carries_nothing() -> None:
    reply = _reply(REPLY | {"files": [PDF]})
    reply.deleted = True
    assert not enclosed([reply])


def test_a_message_shared_from_elsewhere_is_told_of_and_an_unfolded_link_is_not() -> None:
    assert enclosed([_reply(REPLY | {"attachments": [{"is_share": True, "text": "Ord"}]})]).shares
    assert not enclosed([_reply(REPLY | {"attachments": [{"title": "En side"}]})])


def test_many_files_are_counted_and_nothing_is_left_unsaid() -> None:
    [one] = files.left_out(Enclosed(("kort.pdf",)))
    assert one.startswith("Filen »kort.pdf« kommer ikke med i notatet")
    [many] = files.left_out(Enclosed(tuple(f"{n}.pdf" for n in range(7))))
    assert many.startswith("Filerne »0.pdf«, »1.pdf«, »2.pdf«, »3.pdf«, »4.pdf« og 2 mere kommer ikke med")


def test_of_a_copy_it_is_said_that_its_files_stayed_in_the_channel() -> None:
    reply = _reply(REPLY | {"files": [PDF]})
    reply.content = dump(paragraphs("Se kortet."))
    assert "Filen »Kort over stien.pdf« ligger stadig kun i kanalen." in words(notices.said(reply).blocks)


async def test_a_file_on_a_message_that_is_marked_is_named_in_the_draft(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card, tim = await town.one_card(), town.person("tim")
        answer = await tim.upload(TEKNIK, "skitse.png", b"png", typed=ANSWER, thread=card)
        await tim.shortcut(answer, "use_as_remark")
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert "Filen »skitse.png« kommer ikke med i notatet" in shown(draft)
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [ANSWER]
        bare = await tim.upload(TEKNIK, "bare.png", b"png", thread=card)
        await tim.shortcut(bare, "use_as_remark")
        await town.heard()
        await town.until(lambda: any("notatet gengiver kun tekst" in each for each in told(town, "tim")))
