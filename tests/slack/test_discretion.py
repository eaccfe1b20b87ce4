"""What goes to Slack of a private person, seen in every call; and that a citizen's words do nothing there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import Message
from handlers.annex.shape import READER
from storage import blobs
from storage.models import FileText
from storage.words import Outcome
from tests.slack.bench import ABOUT_BIKES, VAGUE, Bench, bench
from tests.world import KOORD, TEKNIK, mail, plan, shown

NAME, ADDRESS, PHONE = "Ole Bøgh Hansen", "ole.boegh@privat.example", "22 33 44 55"
SIGNED = f"Med venlig hilsen\n{NAME}\nSkovvej 12, 8000 Lillerup\nTlf. {PHONE} / {ADDRESS}"
TRAP = "<!channel> @here <@U0TOVE> <https://ondt.example|klik> *fed* `kode`"
LETTER = f"{NAME}\nSkovvej 12\n8000 Lillerup\n\nStien er for smal ved broen.\n\n{SIGNED}"
SECRETS = ("Bøgh", "boegh", PHONE, "Skovvej 12")


def _letters() -> Iterator[bytes]:
    """A submission, a later mail, one that nobody can place, and one that may be none."""
    texts = (f"{ABOUT_BIKES} {TRAP}\n\n{SIGNED}", f"{VAGUE}\n\n{SIGNED}")
    for number, text in enumerate(texts, 1):
        sender = ADDRESS if number == 1 else f"2.{ADDRESS}"
        subject = f"Svar fra {NAME}, {ADDRESS}"
        files = ((f"{NAME} - kort.pdf", b"%PDF-1.4 kort"), ("brev.txt", LETTER.encode()))
        yield mail(text, name=NAME, sender=sender, number=number, subject=subject, files=files).as_bytes()
    more = f"Jeg vil gerne tilføje noget om belysning.\n\n{SIGNED}\n\n> {NAME} skrev:\n> Tlf. {PHONE}"
    yield mail(more, name=NAME, sender=ADDRESS, number=3, subject=f"Re: {NAME}").as_bytes()
    spam = f"Om parkering på vejen. {SIGNED}"
    yield mail(spam, name=NAME, sender=f"3.{ADDRESS}", number=4, X_Spam_Flag="YES").as_bytes()


async def _journey(town: Bench) -> None:
    raw = LETTER.encode()
    async with town.database.begin() as store:
        await blobs.keep([raw], session=store.session)
        read = FileText(
            blob_sha256=hashlib.sha256(raw).hexdigest(), outcome=Outcome.TEXT, text=LETTER, reader=READER
        )
        await store.files.keep_texts([read])
    for raw in _letters():
        await town.keep(raw)
        await town.settle()
    karen = town.person("karen")
    for asked in ("mangler", "status", "resumé 1", "part 1"):
        await karen.command("/hoering", asked, channel=KOORD)
        await town.heard()
    for message in town.sandbox.channel(KOORD).messages:
        if "show_rest" in repr(message.blocks):
            await karen.click(message, "show_rest")
            await town.heard()


def _sent(town: Bench) -> str:
    """All that Slack was ever given, with the bytes of files."""
    texts = [each.content.decode("utf-8", "replace") for each in town.sandbox.space.files.values()]
    return "\n".join(
        [*texts, *(json.dumps(call, ensure_ascii=False, default=str) for call in town.sandbox.calls)]
    )


async def test_nothing_that_slack_is_given_tells_how_to_reach_a_private_person(database_url: str) -> None:
    async with bench(database_url) as town:
        await _journey(town)
        sent = _sent(town)
        assert [secret for secret in SECRETS if secret in sent] == []
        assert "[e-mailadresse skjult]" in sent
        assert "Filen »[navn skjult] - kort.pdf« (13 bytes) er ikke lagt op" in sent
        assert "Stien er for smal ved broen." in sent
        assert ABOUT_BIKES in sent
        async with town.database.begin() as store:
            kept = await store.submissions.by_number(town.hearing.id, 1)
            assert kept is not None
            assert SIGNED in kept.text


async def test_a_hearing_may_show_it(database_url: str) -> None:
    async with bench(database_url, wanted=replace(plan(), show_private_contacts=True)) as town:
        await _journey(town)
        sent = _sent(town)
        assert [secret for secret in SECRETS if secret not in sent] == []
        assert "skjult]" not in sent


def _strings(what: Any, *, inert: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield every text, and whether Slack shows it as it is written."""
    if isinstance(what, dict):
        raw = what.get("type") == "plain_text" or (what.get("type") == "text" and "text" in what)
        for each in what.values():
            yield from _strings(each, inert=raw)
    elif isinstance(what, list):
        for each in what:
            yield from _strings(each)
    elif isinstance(what, str):
        yield what, inert


async def test_what_a_citizen_writes_is_text_and_nothing_else(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.keep(mail(f"{ABOUT_BIKES} {TRAP}", subject=TRAP, name=f"Foreningen {TRAP}").as_bytes())
        await town.settle()
        given = [found for _, told in town.sandbox.calls for found in _strings(dict(told))]
        assert any("<!channel>" in text for text, inert in given if inert)
        alive = ("<!channel", "<@U0TOVE", "<https")
        assert [text for text, inert in given if not inert and any(sign in text for sign in alive)] == []


async def test_no_link_is_unfolded_and_metadata_holds_our_key_alone(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(f"{ABOUT_BIKES} {TRAP}", VAGUE)
        posts = [dict(told) for method, told in town.sandbox.calls if method == "chat.postMessage"]
        assert posts
        for told in posts:
            assert (told["unfurl_links"], told["unfurl_media"]) in {(False, False), ("false", "false")}
            assert set(told["metadata"]["event_payload"]) == {"key"}  # type: ignore[index]


@pytest.mark.parametrize("shows", [True, False])
async def test_who_turns_out_to_be_private_is_hidden_where_it_stood_open(
    database_url: str, *, shows: bool
) -> None:
    async with bench(database_url, wanted=replace(plan(), show_private_contacts=shows)) as town:
        files = (("kort.pdf", b"%PDF-1.4 kort"),)
        letter = mail(f"{ABOUT_BIKES}\n\n{SIGNED}", name="Foreningen Stien", files=files)
        await town.keep(letter.as_bytes())
        await town.settle()
        [card] = town.cards(TEKNIK)
        assert PHONE in repr(town.ours(card, "text")[0].blocks)
        assert await town.until(lambda: _shared(town)) == ["kort.pdf"]
        await _identify(town, "borger")
        assert (PHONE in repr(town.ours(card, "text")[0].blocks)) == shows
        assert _shared(town) == (["kort.pdf"] if shows else [])
        assert len(_withheld(town)) == (0 if shows else 1)
        await _identify(town, "forening")
        assert await town.until(lambda: _shared(town)) == ["kort.pdf"]
        assert _withheld(town) == []


async def _identify(town: Bench, kind: str) -> None:
    karen = town.person("karen")
    await karen.command("/hoering", "part 1", channel=KOORD)
    filled: dict[str | tuple[str, str], Any] = {
        ("kind", "choice"): kind, ("list_name", "text"): "Foreningen Stien",
    }  # fmt: skip
    await karen.submit(await town.window(karen), filled)
    await town.settle()
    await town.settle()  # what was taken away is owed again


def _shared(town: Bench) -> list[str]:
    """The names of the files that stand under the card."""
    [card] = town.cards(TEKNIK)
    return [file.name for each in town.thread(card) for file in each.files]


def _withheld(town: Bench) -> list[Message]:
    [card] = town.cards(TEKNIK)
    return [each for each in town.thread(card) if "er ikke lagt op" in shown(each)]
