"""Files with and without a token, and the citizen's mail both ways."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

import aiosmtplib
from aiohttp import ClientSession, FormData

from bot.sandbox import Sandbox
from tests.sandbox.world import CONFIG

if TYPE_CHECKING:
    from tests.sandbox.world import Api

PDF = b"%PDF-1.7 kort"


async def test_a_file_is_given_only_to_who_has_the_token(api: Api) -> None:
    said = await api.sandbox.person("anna").upload("teknik", "kort æø.pdf", PDF, typed="se her")
    file = (await api("files.info", file=said.files[0].id))["file"]
    assert file["shares"]["public"]["C1TEKNIK"][0]["ts"] == said.ts
    async with api.session.get(file["url_private"]) as stranger:
        assert (stranger.status, stranger.content_type) == (200, "text/html")
    headers = {"Authorization": f"Bearer {api.token or api.sandbox.bot_token}"}
    async with api.session.get(file["url_private_download"], headers=headers) as friend:
        assert (friend.content_type, await friend.read()) == ("application/pdf", PDF)
        assert friend.headers["Content-Disposition"].startswith("attachment")


async def test_an_upload_must_be_as_long_as_was_said(api: Api) -> None:
    place = await api("files.getUploadURLExternal", filename="a.txt", length=4)
    async with api.session.post(place["upload_url"], data=b"for langt") as answer:
        assert answer.status == 400
    async with api.session.post(place["upload_url"], data=b"fire") as answer:
        assert await answer.text() == "OK - 4"
    done = await api("files.completeUploadExternal", files=[{"id": place["file_id"], "title": "Fire"}])
    assert done["files"][0]["title"] == "Fire"


async def test_mail_to_anybody_is_kept(sandbox: Sandbox) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "hoering@lillerup.example", "borger@example.dk"
    message["Subject"] = "Kvittering for dit høringssvar"
    message.set_content("Vi har modtaget dit høringssvar.")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=sandbox.mail_port, start_tls=False)
    [mail] = sandbox.mailbox.to("Borger@example.dk")
    assert mail.subject == "Kvittering for dit høringssvar"
    assert mail.text.strip() == "Vi har modtaget dit høringssvar."


async def test_a_citizens_form_becomes_a_mail_at_the_door() -> None:
    async with Sandbox(CONFIG).running() as door:
        async with Sandbox(CONFIG).running() as sandbox, ClientSession() as session:
            sandbox.mail_to("127.0.0.1", door.mail_port, addresses=("hoering@lillerup.example",))
            form = FormData({"name": "Karen Kold", "address": "karen@example.dk", "subject": "Høringssvar"})
            form.add_field("text", "Stien er for smal.\nVenlig hilsen Karen")
            form.add_field("to", "hoering@lillerup.example")
            form.add_field("file", PDF, filename="kort.pdf", content_type="application/pdf")
            async with session.post(f"{sandbox.url}/page/mail", data=form) as answer:
                assert await answer.json() == {"ok": True}
        [mail] = door.mailbox.mails
    assert (mail.sender, mail.subject) == ("karen@example.dk", "Høringssvar")
    assert "Stien er for smal." in mail.text
    assert [each.get_filename() for each in mail.message.iter_attachments()] == ["kort.pdf"]
    assert mail.message["Message-ID"]


async def test_the_form_writes_to_no_other_address() -> None:
    async with Sandbox(CONFIG).running() as sandbox, ClientSession() as session:
        form = {"name": "a", "address": "a@b.example", "subject": "s", "text": "t", "to": "x@y.example"}
        async with session.post(f"{sandbox.url}/page/mail", data=form) as answer:
            assert (await answer.json())["error"] == "unknown_address"
