"""An operator asks whether everything is as it must be, and reads what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from bot.doctor import examine
from bot.mailer import Security
from bot.sandbox import Sandbox
from bot.sandbox.config import SCOPES, Config, GroupSpec
from bot.settings import SlackMode
from handlers.hearing.plan import HearingPlan
from storage.database import Database
from tests.world import BOERN, CONFIG, TEKNIK, open_hearing, plan, settings

_ALL_WELL = (
    "hearings: skovvej", "a socket can be opened", "all that the manifest asks for", "the server lets us in",
    "public; the bot joins when it first posts", "active", "All is well.",
)  # fmt: skip
_BOX = {"host": "127.0.0.1", "port": 1, "security": "none", "user": "a@by.example", "password": "b"}
GROUP = GroupSpec(id="S0GODKEND", handle="godkendere", name="Godkendere", members=("U0TOVE",))


async def _told(
    database: Database,
    url: str,
    *,
    config: Config = CONFIG,
    wanted: HearingPlan | None = None,
    **changes: Any,
) -> tuple[bool, str]:
    """Whether all is well, and what is printed."""
    await open_hearing(database, wanted)
    out = Console(width=400, record=True, quiet=True)
    async with Sandbox(config).running() as sandbox:
        out.quiet = False
        with out.capture() as said:
            well = await examine(settings(sandbox, database_url=url, **changes), out=out)
    return well, said.get()


async def test_where_all_is_well_the_doctor_says_so(database: Database, database_url: str) -> None:
    well, told = await _told(database, database_url)
    assert well, told
    for said in _ALL_WELL:
        assert said in told
    assert "!!" not in told.replace("with !!", "")


@pytest.mark.parametrize(
    ("changed", "said", "todo"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "refused (invalid_auth)", "set HOERING_SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xapp-wrong"}, "refused (invalid_auth)", "connections:write"),
        ({"slack_app_token": ""}, "HOERING_SLACK_APP_TOKEN is not set", "Set it"),
        ({"slack_mode": SlackMode.HTTP, "slack_signing_secret": ""}, "SIGNING_SECRET is not set", "Set it"),
        ({"slack_api_url": "http://127.0.0.1:1/api/"}, "bot token", "Slack does not answer"),
        ({"mail_out_port": 1}, "mail out through 127.0.0.1:1", "HOERING_MAIL_OUT_"),
        ({"mail_out_encryption": Security.TLS}, "mail out through", "HOERING_MAIL_OUT_"),
        ({"mailboxes": [_BOX]}, "mailbox a@by.example", "cannot be reached"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_the_settings_is_told(
    database: Database, database_url: str, changed: dict[str, Any], said: str, todo: str
) -> None:
    well, told = await _told(database, database_url, **changed)
    assert not well
    assert said in told
    assert todo in told


async def test_what_is_wrong_in_slack_is_told_by_channel_person_and_scope(
    database: Database, database_url: str
) -> None:
    seats = plan().departments
    wanted = replace(
        plan(), coordinators=("U0KAREN", "U0VAEK"), coordination_channel="#findes-ikke",
        departments=(replace(seats[0], approvers=("S0GODKEND", "S0INGEN")), seats[1]),
    )  # fmt: skip
    channels = {each.id: each for each in CONFIG.channels}
    config = replace(
        CONFIG, scopes=SCOPES - {"reactions:read"}, groups=(GROUP,),
        channels=(replace(channels[TEKNIK], archived=True), replace(channels[BOERN], private=True)),
    )  # fmt: skip
    well, told = await _told(database, database_url, config=config, wanted=wanted)
    assert not well
    rows = [line for line in told.splitlines() if "!!" in line]
    for what, found, todo in (
        ("scopes", "missing: reactions:read", "slack manifest"),
        ("#findes-ikke (coordination of skovvej)", "channel_not_found", "Invite the bot"),
        (TEKNIK, "archived", "Open the channel again"),
        (BOERN, "channel_not_found", "Invite the bot"),
        ("U0VAEK (coordinates skovvej)", "user_not_found", "Correct the id"),
        ("S0INGEN (approves for teknik in skovvej)", "no_such_subteam", "Correct the id"),
    ):
        assert [row for row in rows if what in row and found in row and todo in row], (what, told)
    assert "a user group of 1" in told


async def test_a_database_that_is_away_is_told_and_the_rest_is_looked_at(database_url: str) -> None:
    out = Console(width=400)
    async with Sandbox(CONFIG).running() as sandbox:
        with out.capture() as said:
            away = settings(sandbox, database_url="postgresql://nobody@127.0.0.1:1/none")
            assert not await examine(away, out=out)
    assert "correct HOERING_DATABASE_URL" in said.get()
    assert "a socket can be opened" in said.get()
    assert database_url not in said.get()
