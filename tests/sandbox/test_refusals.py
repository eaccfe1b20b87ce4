"""What the Web API says no to, in Slack's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, FormData

from bot.sandbox import Sandbox
from tests.sandbox.building import modal, plain, section
from tests.sandbox.world import CONFIG, Api

if TYPE_CHECKING:
    from bot.sandbox import Message

Json = dict[str, Any]
TEKNIK = {"channel": "C1TEKNIK"}
TOO_MANY = [{"type": "divider"}] * 51
SUM = section("x" * 2900) * 4

CASES: list[tuple[str, Json, str]] = [
    ("made.up", {}, "unknown_method"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
    ("team.info", {}, "missing_scope"),
    ("chat.postMessage", {"channel": "C9", "text": "a"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "G1LUKKET", "text": "a"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C2BOERN", "text": "a"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C3GAMMEL", "text": "a"}, "is_archived"),
    ("chat.postMessage", {**TEKNIK, "text": " "}, "no_text"),
    ("chat.postMessage", {**TEKNIK, "text": "a", "thread_ts": "1.000000"}, "thread_not_found"),
    ("chat.postMessage", {**TEKNIK, "blocks": TOO_MANY}, "invalid_blocks"),
    ("chat.postMessage", {**TEKNIK, "blocks": "[}"}, "invalid_blocks_format"),
    ("chat.postMessage", {**TEKNIK, "blocks": SUM}, "msg_blocks_too_long"),
    ("chat.postMessage", {**TEKNIK, "text": "a", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
    ("chat.update", {**TEKNIK, "ts": "1.000000", "text": "a"}, "message_not_found"),
    ("chat.postEphemeral", {"channel": "C1TEKNIK", "user": "U9", "text": "a"}, "user_not_in_channel"),
    ("chat.getPermalink", {**TEKNIK, "message_ts": "1.000000"}, "message_not_found"),
    ("conversations.history", {"channel": "C2BOERN"}, "not_in_channel"),
    ("conversations.history", {**TEKNIK, "latest": "i går"}, "invalid_ts_latest"),
    ("conversations.history", {**TEKNIK, "oldest": "i går"}, "invalid_ts_oldest"),
    ("conversations.history", {**TEKNIK, "cursor": "næste"}, "invalid_cursor"),
    ("conversations.history", {**TEKNIK, "limit": 0}, "ok"),
    ("conversations.history", {**TEKNIK, "limit": -1}, "invalid_limit"),
    ("conversations.replies", {**TEKNIK, "ts": "1.000000"}, "thread_not_found"),
    ("conversations.join", {"channel": "C3GAMMEL"}, "is_archived"),
    ("conversations.list", {"types": "secret"}, "invalid_types"),
    ("conversations.list", {"types": "mpim"}, "missing_scope"),
    ("conversations.open", {"users": "U9"}, "user_not_found"),
    ("users.info", {"user": "U9"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "x@y.example"}, "users_not_found"),
    ("usergroups.users.list", {"usergroup": "S9"}, "no_such_subteam"),
    ("bots.info", {"bot": "B9"}, "bot_not_found"),
    ("reactions.add", {**TEKNIK, "timestamp": "1.000000", "name": "eyes"}, "message_not_found"),
    ("files.info", {"file": "F9"}, "file_not_found"),
    ("files.getUploadURLExternal", {"filename": "a.txt", "length": 0}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": [{"id": "F9"}]}, "file_not_found"),
    ("files.completeUploadExternal", {"files": [{"id": "F9"}], "channel_id": "#teknik"}, "invalid_channel"),
    ("views.open", {"trigger_id": "1.2", "view": modal()}, "invalid_arguments"),
    ("views.open", {"view": modal()}, "invalid_arguments"),
    ("views.update", {"view_id": "V9", "view": modal()}, "not_found"),
    ("views.publish", {"user_id": "U1ANNA", "view": modal()}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "arguments", "error"), CASES)
async def test_slack_says_no(api: Api, method: str, arguments: Json, error: str) -> None:
    body = await api(method, **arguments)
    assert body.get("error", "ok") == error
    assert body["ok"] is (error == "ok")


async def test_a_complaint_about_blocks_says_what_and_where(api: Api) -> None:
    body = await api("chat.postMessage", **TEKNIK, blocks=section("x" * 3001))
    [message] = body["response_metadata"]["messages"]
    assert message == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


async def test_a_missing_scope_is_named() -> None:
    config = replace(CONFIG, scopes=frozenset({"users:read"}))
    async with Sandbox(config).running() as poor, ClientSession() as session:
        body = await Api(poor, session)("chat.postMessage", **TEKNIK, text="a")
    assert body == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "users:read"}


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_tokens_are_looked_at(sandbox: Sandbox, token: str, error: str) -> None:
    async with ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with session.get(f"{sandbox.api_url}auth.test", headers=headers) as answer:
            assert (await answer.json())["error"] == error


async def test_arguments_come_by_query_form_multipart_and_json(sandbox: Sandbox) -> None:
    address = f"{sandbox.api_url}users.info"
    form = FormData({"user": "U1ANNA"}, quote_fields=False, default_to_multipart=True)
    token = {"token": sandbox.bot_token}
    async with ClientSession() as session:
        requests = [
            session.get(address, params={"user": "U1ANNA", **token}),
            session.post(address, params={"user": "U1ANNA"}, data=token),
            session.post(address, params=token, data=form),
            session.post(address, params=token, json={"user": "U1ANNA"}),
        ]
        for request in requests:
            async with request as answer:
                assert (await answer.json())["user"]["name"] == "anna"


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_body_that_is_no_object_is_refused(sandbox: Sandbox, body: str, error: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {sandbox.bot_token}"}
    async with (
        ClientSession() as session,
        session.post(f"{sandbox.api_url}auth.test", data=body, headers=headers) as answer,
    ):
        assert (await answer.json())["error"] == error


@pytest.fixture
async def said(sandbox: Sandbox) -> Message:
    return await sandbox.person("anna").say("teknik", "Et svar")


async def test_the_words_of_others_cannot_be_changed(api: Api, said: Message) -> None:
    assert (await api("chat.update", **TEKNIK, ts=said.ts, text="b"))["error"] == "cant_update_message"
    assert (await api("chat.delete", **TEKNIK, ts=said.ts))["error"] == "cant_delete_message"


async def test_an_update_may_not_be_too_long(api: Api) -> None:
    ts = (await api("chat.postMessage", **TEKNIK, text="a"))["ts"]
    assert (await api("chat.update", **TEKNIK, ts=ts, text="x" * 4001))["error"] == "msg_too_long"


async def test_a_reaction_is_added_and_taken_back_once(api: Api, said: Message) -> None:
    where = {**TEKNIK, "timestamp": said.ts, "name": "eyes"}
    assert (await api("reactions.add", **where))["ok"]
    assert (await api("reactions.add", **where))["error"] == "already_reacted"
    assert (await api("reactions.remove", **where))["ok"]
    assert (await api("reactions.remove", **where))["error"] == "no_reaction"
    assert (await api("reactions.add", **where | {"name": "No Such"}))["error"] == "invalid_name"


async def test_a_trigger_opens_one_modal_and_not_for_long() -> None:
    async with Sandbox(replace(CONFIG, trigger_seconds=0)).running() as sandbox, ClientSession() as session:
        api = Api(sandbox, session)
        trigger = sandbox.trigger("U1ANNA")
        assert (await api("views.open", trigger_id=trigger, view=modal()))["error"] == "expired_trigger_id"
        assert (await api("views.open", trigger_id=trigger, view=modal()))["error"] == "exchanged_trigger_id"


async def test_modals_are_stacked_three_high(api: Api) -> None:
    async def shown(method: str) -> str:
        body = await api(method, trigger_id=api.sandbox.trigger("U1ANNA"), view=modal())
        return str(body.get("error", "shown"))

    found = [await shown(each) for each in ("views.open", "views.push", "views.push", "views.push")]
    assert found == ["shown", "shown", "shown", "push_limit_reached"]


async def test_a_view_that_was_changed_meanwhile_is_not_overwritten(api: Api) -> None:
    view = (await api("views.open", trigger_id=api.sandbox.trigger("U1ANNA"), view=modal()))["view"]
    first = await api("views.update", view_id=view["id"], hash=view["hash"], view=modal(title=plain("Ny")))
    second = await api("views.update", view_id=view["id"], hash=view["hash"], view=modal())
    assert first["ok"]
    assert second["error"] == "hash_conflict"


async def test_a_complaint_about_a_view_says_what_and_where(api: Api) -> None:
    trigger = api.sandbox.trigger("U1ANNA")
    wrong = await api("views.open", trigger_id=trigger, view=modal(title=plain("x" * 25)))
    assert "json-pointer:/view/title/text" in wrong["response_metadata"]["messages"][0]
