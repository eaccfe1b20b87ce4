"""The whole way: mails become threads, replies become approved remarks, and the notat comes out."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from email.message import EmailMessage

import docx
import pypdfium2  # type: ignore[import-untyped]
import pytest

from bot.sandbox import Message, Pace
from bot.settings import SlackMode
from tests.world import BOERN, KOORD, TEKNIK, World, key_of, mail, shown, world

CYCLISTS = "Vi ønsker en bedre cykelsti langs hele Skovvej, for den er for smal."
PARENT = "Der mangler fortov på skolevej mellem skolen og hallen. Mvh. Jens"
OWNERS = "Vi er bekymrede for parkering foran husene. Børnene savner en legeplads ved dammen."
VAGUE = "Vi har nogle tanker om det hele, som vi gerne vil uddybe på et møde."
SENDERS = ("formand@cyklister.example", "jens.olesen@post.example", "bestyrelsen@bakken.example")

INTERNAL = "Internt: det har vi vist slet ikke råd til."
CYCLE_REMARK = "Forvaltningen er enig, og cykelstien bliver tre meter bred."
WALK_REMARK = "Der anlægges fortov i 2027."
WALK_EDITED = "Der anlægges fortov i 2031."
PARK_REMARK = "Parkering bevares på den nordlige side."
PLAY_REMARK = "Legepladsen indgår i næste budget."
MEETING_REMARK = "Forvaltningen har inviteret til et møde."

QUIET = "Slack asks us to wait"


def _mails() -> tuple[EmailMessage, ...]:
    cyclists = mail(CYCLISTS, name="Cyklistforeningen Lillerup", sender=SENDERS[0], number=1)
    parent = mail(
        "", name="Jens Olesen", sender=SENDERS[1], number=2, subject="Et hjertesuk",
        html=f"<html><body><p>{PARENT}</p></body></html>",
    )  # fmt: skip
    owners = mail(
        OWNERS, name="Grundejerforeningen Bakken", sender=SENDERS[2], number=3,
        files=(("kort over bakken.pdf", b"%PDF-1.4 kortet"),),
    )  # fmt: skip
    away = mail("Jeg holder ferie til mandag.", sender="away@post.example", number=4,
                subject="Autosvar", Auto_Submitted="auto-replied")  # fmt: skip
    vague = mail(VAGUE, name="Museumsforeningen i Lillerup", sender="post@museet.example", number=5)
    return cyclists, parent, owners, away, cyclists, vague


@pytest.mark.parametrize("mode", list(SlackMode))
async def test_a_mail_becomes_a_thread_and_a_reply_an_approved_remark_in_the_notat(
    database_url: str, mode: SlackMode, caplog: pytest.LogCaptureFixture
) -> None:
    _listen(caplog)
    async with world(database_url, mode=mode, pace=Pace()) as town:
        await town.mails(*_mails())
        await _everything_lies_where_it_belongs(town)
        await _departments_answer(town)
        await _the_coordinator_is_told_what_is_missing(town)
        await town.command("karen", "notat", channel=KOORD, saying="Notatet bliver lavet")
        _is_draft(*await _notat(town, version=1))
        await _what_was_missing_is_done(town)
        await town.command("karen", "mangler", channel=KOORD, saying="Der mangler ikke noget")
        await town.command("karen", "notat", channel=KOORD, saying="Notatet bliver lavet")
        _is_whole(*await _notat(town, version=2))
        _receipts_went_out(town)
    _tells_nothing_of_citizens(caplog)


async def _everything_lies_where_it_belongs(town: World) -> None:
    cards = [
        await town.card(*at)
        for at in ((TEKNIK, 1), (BOERN, 2), (TEKNIK, 3), (BOERN, 3))
    ]  # fmt: skip
    assert all("Svarfrist" in shown(card) for card in cards)
    assert "Privatperson" in shown(cards[1])
    for card, text in zip(cards, (CYCLISTS, PARENT, OWNERS, OWNERS), strict=True):
        await town.until(lambda card=card, text=text: text in _said_under(town, card))  # type: ignore[misc]
    for card in cards[2:]:
        await town.until(lambda card=card: b"%PDF-1.4 kortet" in _files_under(town, card))  # type: ignore[misc]
    question = await town.until(lambda: _question(town))
    assert VAGUE in shown(question)


def _said_under(town: World, card: Message) -> str:
    return " ".join(shown(each) for each in town.thread(card))


def _files_under(town: World, card: Message) -> list[bytes]:
    return [file.content for each in town.thread(card) for file in each.files]


def _question(town: World) -> Message | None:
    messages = town.sandbox.channel(KOORD).messages
    return next((each for each in messages if key_of(each).startswith("placement:")), None)


async def _departments_answer(town: World) -> None:
    await asyncio.gather(_with_a_check_mark(town), _with_shortcut_and_button(town), _with_a_modal(town))
    karen = town.person("karen")
    question = await town.until(lambda: _question(town))
    await karen.click(question, "departments", choose=["boern"])
    await karen.click(question, "place")
    await town.card(BOERN, 4)
    await town.showing(question, "Fordelt til Børne- og Ungeforvaltningen")


async def _with_a_check_mark(town: World) -> None:
    """Internal talk stays internal; the approver's ✅ on the answer is a yes."""
    card = await town.card(TEKNIK, 1)
    await town.person("tim").say(TEKNIK, INTERNAL, thread=card)
    answer = await town.person("tim").say(TEKNIK, CYCLE_REMARK, thread=card)
    await town.person("tove").react(answer, "white_check_mark")
    await town.draft(card, saying="Godkendt til notatet")
    await town.showing(card, "Godkendt")


async def _with_shortcut_and_button(town: World) -> None:
    """A reply is marked by its writer, approved with the button, and edited afterwards."""
    card = await town.card(BOERN, 2)
    bent, birte = town.person("bent"), town.person("birte")
    answer = await bent.say(BOERN, WALK_REMARK, thread=card)
    await bent.shortcut(answer, "use_as_remark")
    draft = await town.draft(card, saying=WALK_REMARK)
    await birte.click(draft, "approve_remark")
    await town.draft(card, saying="Godkendt til notatet")
    await bent.edit(answer, WALK_EDITED)
    await town.draft(card, saying="Ændret efter godkendelse")
    await town.until(lambda: town.ours(card, "changed"))


async def _with_a_modal(town: World) -> None:
    """Written with the card's button in one department, approved as a message in the other."""
    tim, card = town.person("tim"), await town.card(TEKNIK, 3)
    await tim.click(card, "write_remark")
    modal = await town.window(tim)
    await tim.submit(modal, {"text": PARK_REMARK})
    draft = await town.draft(card, saying=PARK_REMARK)
    await town.person("tove").click(draft, "approve_remark")
    await town.draft(card, saying="Godkendt til notatet")
    other = await town.card(BOERN, 3)
    answer = await town.person("bent").say(BOERN, PLAY_REMARK, thread=other)
    await town.person("birte").shortcut(answer, "approve_reply")
    await town.draft(other, saying="Godkendt til notatet")


async def _the_coordinator_is_told_what_is_missing(town: World) -> None:
    status = await town.command("karen", "status", channel=KOORD, saying="4 høringssvar")
    assert "Teknik- og Miljøforvaltningen: 2 af 2 godkendt" in status.text
    assert "Børne- og Ungeforvaltningen: 2 af 3 godkendt" in status.text or "1 af 3" in status.text
    missing = await town.command("karen", "mangler", channel=KOORD, saying="udestår")
    assert "ny godkendelse i Børne- og Ungeforvaltningen, fordi teksten er ændret" in missing.text
    assert "Nr. 4, Museumsforeningen i Lillerup: bekræftelse af afsenderen (`/hoering part 4`" in missing.text
    assert "; resumé; bemærkninger fra Børne- og Ungeforvaltningen" in missing.text


async def _what_was_missing_is_done(town: World) -> None:
    bent, birte, karen = town.person("bent"), town.person("birte"), town.person("karen")
    draft = await town.draft(await town.card(BOERN, 2), saying=WALK_EDITED)
    await birte.click(draft, "approve_remark")
    card = await town.card(BOERN, 4)
    answer = await bent.say(BOERN, MEETING_REMARK, thread=card)
    await birte.react(answer, "heavy_check_mark")
    await town.draft(card, saying="Godkendt til notatet")
    await town.draft(await town.card(BOERN, 2), saying="Godkendt til notatet")
    for number in range(1, 5):
        await karen.command("/hoering", f"resume {number}", channel=KOORD)
        modal = await town.window(karen)
        await karen.submit(modal, {"text": f"Resumé nummer {number}."})
    for number in (3, 4):
        await karen.command("/hoering", f"part {number}", channel=KOORD)
        await karen.submit(await town.window(karen))


async def _notat(town: World, *, version: int) -> tuple[list[str], str]:
    word = (await town.files(KOORD, ".docx", count=version))[-1]
    pdf = (await town.files(KOORD, ".pdf", count=version))[-1]
    lines = [each.text for each in docx.Document(io.BytesIO(word)).paragraphs]
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return lines, " ".join(text.split())


def _is_draft(lines: list[str], pdf: str) -> None:
    assert any("UDKAST" in line for line in lines) or "UDKAST" in pdf
    assert "UDKAST" in pdf
    assert WALK_REMARK in lines
    assert WALK_REMARK in pdf
    _says_nothing_else(lines, pdf, INTERNAL, WALK_EDITED, "Jens Olesen")


def _is_whole(lines: list[str], pdf: str) -> None:
    expected = [
        "Høringssvar 1: Cyklistforeningen Lillerup", "Resumé nummer 1.",
        "Bemærkning fra Teknik- og Miljøforvaltningen", CYCLE_REMARK,
        "Høringssvar 2: Privatperson", "Resumé nummer 2.",
        "Bemærkning fra Børne- og Ungeforvaltningen", WALK_EDITED,
        "Høringssvar 3: Grundejerforeningen Bakken", "Resumé nummer 3.",
        "Bemærkning fra Teknik- og Miljøforvaltningen", PARK_REMARK,
        "Bemærkning fra Børne- og Ungeforvaltningen", PLAY_REMARK,
        "Høringssvar 4: Museumsforeningen i Lillerup", "Resumé nummer 4.",
        "Bemærkning fra Børne- og Ungeforvaltningen", MEETING_REMARK,
    ]  # fmt: skip
    assert lines[lines.index(expected[0]) :] == expected
    places = [pdf.rindex(line) for line in expected if not line.startswith("Bemærkning fra")]
    assert places == sorted(places)
    assert "UDKAST" not in pdf
    _says_nothing_else(lines, pdf, INTERNAL, "Jens Olesen", "UDKAST")


def _says_nothing_else(lines: list[str], pdf: str, *unwanted: str) -> None:
    assert not [each for each in unwanted if each in pdf or any(each in line for line in lines)]


def _receipts_went_out(town: World) -> None:
    mails = town.sandbox.mailbox.mails
    assert sorted(each.recipients[0] for each in mails) == sorted([*SENDERS, "post@museet.example"])
    assert {each.sender.strip("<>") for each in mails} == {""}
    assert "1" in town.sandbox.mailbox.to(SENDERS[0])[0].subject


def _listen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for name in ("bot", "handlers", "storage"):
        caplog.set_level(logging.DEBUG, logger=name)


def _tells_nothing_of_citizens(caplog: pytest.LogCaptureFixture) -> None:
    private: Sequence[str] = (*SENDERS, "museet.example", "Jens Olesen", "hjertesuk", "Høringssvar\n")
    texts = [text[:40] for text in (CYCLISTS, PARENT, OWNERS, VAGUE)]
    logged = [record for record in caplog.records if not record.name.startswith("tests")]
    told = [
        (record.name, record.getMessage()[:300])
        for record in logged
        for secret in (*private, *texts)
        if secret in _whole(record)
    ]
    assert told == []
    assert not [record for record in logged if QUIET in record.getMessage()]


def _whole(record: logging.LogRecord) -> str:
    trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return f"{record.getMessage()} {trace} {vars(record)}"
