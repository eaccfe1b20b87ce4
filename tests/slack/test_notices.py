"""What is said once in a thread: what changed, and what a ✅ approved."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from bot.slack.views import notices
from handlers.content import Content, Para, Run, digest, dump, paragraphs
from handlers.talk.progress import Standing
from storage.models import How
from storage.talk import Approval
from tests.handlers.building import NOW
from tests.slack.bench import bench
from tests.slack.threads import ANSWER, OTHER, marked
from tests.world import shown, words


def _approval(content: Content) -> Approval:
    return Approval(
        remark_id=uuid4(), content=dump(content), digest=digest(content), approver="U0PIA", how=How.REACTION,
        approved_at=NOW,
    )  # fmt: skip


def _standing(old: Content, new: Content) -> Standing:
    return Standing(uuid4(), uuid4(), 1, new, digest(new), frozenset(), _approval(old), NOW)


def test_what_is_gone_is_struck_out_and_what_is_new_is_bold() -> None:
    picture = notices.changed(_standing(paragraphs("Vi planter lind."), paragraphs("Vi planter eg.")))
    _told, block, foot = picture.blocks
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "Vi planter "},
        {"type": "text", "text": "lind.", "style": {"strike": True}},
        {"type": "text", "text": "eg.", "style": {"bold": True}},
    ]
    assert words(foot).startswith("Overstreget er taget ud")


def test_a_change_of_looks_alone_is_said_in_words() -> None:
    picture = notices.changed(_standing((Para((Run("Ja."),)),), (Para((Run("Ja.", bold=True),)),)))
    assert "Ordene er de samme." in words(picture.blocks)


def test_a_difference_longer_than_a_message_says_that_there_is_more() -> None:
    picture = notices.changed(_standing(paragraphs("a " * 5_000), paragraphs("b " * 5_000)))
    assert "flere ændringer, end der er plads til" in words(picture.blocks)
    assert len(words(picture.blocks)) < 8_000


def test_a_remark_that_says_again_what_was_approved_has_no_difference() -> None:
    stands = _standing(paragraphs("Ja."), paragraphs("Ja."))
    assert len(notices.changed(stands).blocks) == len(notices.changed(replace(stands, approval=None)).blocks)


def test_a_long_text_that_was_approved_points_to_the_draft() -> None:
    picture = notices.approved(_approval(paragraphs("\n\n".join(["ord " * 500] * 9))))
    assert "Den står i fuld længde i udkastet." in words(picture.blocks)


async def test_an_edit_after_approval_is_shown_in_the_thread_and_approved_anew(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        tove = town.person("tove")
        await tove.react(draft, "white_check_mark")
        await town.settle()
        [told] = town.ours(card, "approved")
        assert "Denne tekst er godkendt til notatet af" in shown(told)
        assert ANSWER in shown(told)
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        [notice] = town.ours(card, "changed")
        assert "'strike': True" in repr(notice.blocks)
        assert "2031." in shown(notice)
        assert "Status:  Ændret efter godkendelse" in shown(town.cards(card.channel)[0])
        [draft] = town.ours(card, "draft")
        await tove.click(draft, "approve_remark")
        await town.settle()
        assert "Status:  Godkendt" in shown(town.cards(card.channel)[0])
