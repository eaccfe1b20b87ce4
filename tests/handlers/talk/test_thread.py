"""What a thread shows against what we know of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from handlers.talk.thread import Difference, Known, Shown, difference
from storage.talk import Reply

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)
NOTHING = Difference((), (), (), ())


def reply(message: str, text: str, *, version: str = "0", **more: Any) -> Reply:
    return Reply(
        referral_id=uuid4(), message=message, version=version, author="U1", content=[], digest="",
        raw={"text": text} | more, seen_at=NOW,
    )  # fmt: skip


def known(
    *replies: Reply, ticks: tuple[tuple[str, str], ...] = (), asked_at: datetime | None = None
) -> Known:
    return Known({each.message: each for each in replies}, frozenset(ticks), {}, asked_at)


def shown(text: str, *ticks: str, version: str = "0", **more: Any) -> Shown:
    return Shown(version, {"text": text} | more, frozenset(ticks))


def test_a_thread_that_says_what_we_know_tells_nothing() -> None:
    assert (
        difference(known(reply("1.0", "Ja"), ticks=(("1.0", "U2"),)), {"1.0": shown("Ja", "U2")}) == NOTHING
    )


def test_new_replies_edits_and_deletions_are_told() -> None:
    before = known(reply("1.0", "Ja"), reply("2.0", "Nej"), reply("3.0", "Væk"))
    now = {"1.0": shown("Ja"), "2.0": shown("Måske", version="9.0"), "4.0": shown("Ny")}
    assert difference(before, now) == Difference(("2.0", "4.0"), ("3.0",), (), ())


def test_a_link_that_unfolds_is_no_edit() -> None:
    now = {"1.0": shown("Se planen", version="9.0", attachments=[{"title": "Planen"}])}
    assert difference(known(reply("1.0", "Se planen")), now) == NOTHING


def test_an_older_text_than_we_know_is_no_news() -> None:
    assert (
        difference(known(reply("1.0", "Ny", version="9.0")), {"1.0": shown("Gammel", version="8.0")})
        == NOTHING
    )


def test_check_marks_that_came_and_went_are_told() -> None:
    before = known(reply("1.0", "Ja"), ticks=(("1.0", "U2"), ("1.0", "U3")))
    assert difference(before, {"1.0": shown("Ja", "U2", "U4")}) == Difference(
        (), (), (("1.0", "U4"),), (("1.0", "U3"),)
    )


def test_who_ticked_a_message_that_is_gone_has_taken_nothing_back() -> None:
    before = known(reply("1.0", "Ja"), ticks=(("1.0", "U2"),))
    assert difference(before, {}) == Difference((), ("1.0",), (), ())


def test_a_draft_of_ours_is_looked_at_for_check_marks_only() -> None:
    assert difference(known(), {"5.0": Shown("0", None, frozenset({"U2"}))}) == Difference(
        (), (), (("5.0", "U2"),), ()
    )


def test_a_check_mark_is_younger_than_its_message_the_last_look_and_its_last_removal() -> None:
    posted = datetime.fromtimestamp(1000, UTC)
    tick, looked, removed = ("1000.000000", "U2"), posted + timedelta(hours=1), posted + timedelta(hours=2)
    assert known().since(tick) == posted
    assert known(asked_at=looked).since(tick) == looked - timedelta(minutes=1)
    assert Known({}, frozenset(), {tick: removed}, looked).since(tick) > removed
