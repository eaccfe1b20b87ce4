"""`hoeringsbot mail`: what we make of mails, and what they would become."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from rich.console import Console

from bot import mails
from tests.handlers.building import letter

MAILS = Path(__file__).parent / "mails"


def _consoles() -> tuple[Console, Console]:
    return Console(file=io.StringIO(), width=160), Console(file=io.StringIO(), width=160)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def _shown(*files: Path) -> list[dict[str, Any]]:
    out, err = _consoles()
    assert await mails.show(files, as_json=True, out=out, err=err)
    return [json.loads(line) for line in _said(out).splitlines()]


async def test_a_mail_is_told_in_one_line_of_json() -> None:
    bounce, files = await _shown(MAILS / "report-failed.eml", MAILS / "a-mail-attached.eml")
    assert bounce["kind"] == "bounce"
    assert bounce["bounce"]["status"].startswith("5.")
    assert files["attachments"][0]["content_type"] == "message/rfc822"
    assert set(files) >= {
        "subject", "sender_email", "sender_name", "message_id", "date", "references", "text", "reply",
        "attachments", "kind", "bounce", "forwarded_from_email", "may_ack",
    }  # fmt: skip


async def test_a_mail_is_told_to_people_with_what_was_written_now() -> None:
    out, err = _consoles()
    assert await mails.show([MAILS / "plain-utf8.eml"], as_json=False, out=out, err=err)
    assert "karen@borger.example" in _said(out)
    assert "Ødelæg ikke skyggen" in _said(out)


async def test_a_file_that_is_not_there_is_named_and_the_rest_are_told(tmp_path: Path) -> None:
    out, err = _consoles()
    there = [tmp_path / "nothing.eml", MAILS / "plain-utf8.eml"]
    assert not await mails.show(there, as_json=True, out=out, err=err)
    assert "nothing.eml: cannot be read" in _said(err)
    assert len(_said(out).splitlines()) == 1


async def test_mails_are_played_through_in_order(tmp_path: Path) -> None:
    first = letter("Vi ønsker flere bænke.", From="ane@borger.example", Message_ID="<1@borger.example>")
    again = letter("Vi ønsker flere bænke.", From="ane@borger.example", Message_ID="<2@borger.example>")
    answer = letter(
        "Og en bænk mere.", From="ane@borger.example", Subject="SV: Svar", In_Reply_To="<1@borger.example>"
    )
    other = letter("Jeg ønsker færre bænke.", From="ane@borger.example", Subject="Andet")
    neighbour = letter("Vi ønsker flere bænke.", From="bo@borger.example")
    away = letter("Jeg er på ferie.", Subject="Automatisk svar: Svar")
    files = []
    for number, each in enumerate((first, again, answer, other, neighbour, away)):
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(bytes(each))
    out, err = _consoles()
    assert await mails.replay(files, as_json=True, out=out, err=err)
    told = [json.loads(line) for line in _said(out).splitlines()]
    assert [each["verdict"] for each in told] == [
        "new", "duplicate", "follow_up", "new", "new", "auto_reply",
    ]  # fmt: skip
    assert [each["asked"] for each in told] == [False, False, False, True, False, False]
