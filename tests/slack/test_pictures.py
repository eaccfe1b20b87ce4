"""Since when a draft shows the words it shows, so that a ✅ counts only for what stood there."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from bot.slack.api.board import Picture
from bot.slack.posts.pictures import Drawn, remembered
from bot.slack.views.drafts import shown_at
from storage.models import PostKind
from storage.talk import SlackPost

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)


def _draft(*drawings: tuple[str, float | None]) -> SlackPost:
    """A draft drawn with these digests, at these seconds since 1970."""
    post = SlackPost(
        key="draft", hearing_id=uuid4(), kind=PostKind.DRAFT, channel="C0PARK", priority=1, made_at=NOW,
        detail={},
    )  # fmt: skip
    for digest, at in drawings:
        post.detail = remembered(post, Drawn(Picture("", []), {"digest": digest}), at=at)
    return post


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_draft_shows_its_words_from_when_it_was_drawn() -> None:
    draft = _draft(("ja", 10.5))
    assert shown_at([draft], _at(10.4)) is None
    assert shown_at([draft], _at(10.5)) == "ja"


def test_a_draft_drawn_again_with_the_same_words_has_shown_them_all_along() -> None:
    assert shown_at([_draft(("ja", 10), ("ja", 20))], _at(11)) == "ja"


def test_other_words_count_from_their_own_drawing_even_when_they_come_back() -> None:
    assert shown_at([_draft(("ja", 10), ("nej", 20))], _at(11)) is None
    assert shown_at([_draft(("ja", 10), ("nej", 20), ("ja", 30))], _at(21)) is None


def test_a_draft_that_may_show_something_else_counts_for_nothing_until_it_is_drawn_again() -> None:
    found_again = _draft(("ja", None))
    assert shown_at([found_again], _at(99)) is None
    assert shown_at([_draft(("ja", None), ("ja", 20))], _at(21)) == "ja"


def test_what_else_a_post_remembers_stays() -> None:
    post = _draft(("ja", 10))
    assert remembered(post, Drawn(Picture("", []), {"part": 2}), at=11) == {**post.detail, "part": 2}


def _page(number: int, digest: str, at: float) -> SlackPost:
    post = _draft((digest, at))
    post.detail |= {"page": number}
    return post


def test_a_long_draft_shows_a_text_when_all_its_messages_do() -> None:
    assert shown_at([_page(1, "ja", 10), _page(2, "ja", 12)], _at(12)) == "ja"
    assert shown_at([_page(1, "ja", 10), _page(2, "ja", 12)], _at(11)) is None
    assert shown_at([_page(1, "ja", 10), _page(2, "nej", 10)], _at(11)) is None
    assert shown_at([_page(2, "ja", 10)], _at(11)) is None
