"""What the workspace remembers of channels, threads and reactions, and how it is read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox import Sandbox, SlackError
from tests.sandbox.building import section
from tests.sandbox.world import CONFIG, Api

Json = dict[str, Any]
TEKNIK = {"channel": "C1TEKNIK"}


async def test_timestamps_are_unique_and_rise(sandbox: Sandbox) -> None:
    anna = sandbox.person("anna")
    stamps = [(await anna.say("teknik", str(n))).ts for n in range(200)]
    assert stamps == sorted(set(stamps))
    assert all(len(each.partition(".")[2]) == 6 for each in stamps)


async def test_history_is_newest_first_and_comes_in_pages(api: Api) -> None:
    anna = api.sandbox.person("anna")
    said = [(await anna.say("teknik", str(n))).ts for n in range(5)]
    found: list[str] = []
    cursor = ""
    for more in (True, True, False):
        body = await api("conversations.history", **TEKNIK, limit=2, cursor=cursor)
        found += [each["ts"] for each in body["messages"]]
        assert body["has_more"] is more
        cursor = body.get("response_metadata", {}).get("next_cursor", "")
    assert found == said[::-1]


async def test_what_is_said_between_two_pages_moves_nothing(api: Api) -> None:
    anna = api.sandbox.person("anna")
    said = [await anna.say("teknik", str(n)) for n in range(4)]
    first = await api("conversations.history", **TEKNIK, limit=2)
    await anna.say("teknik", "nyt")
    await anna.delete(said[2])
    cursor = first["response_metadata"]["next_cursor"]
    second = await api("conversations.history", **TEKNIK, limit=2, cursor=cursor)
    assert [each["text"] for each in second["messages"]] == ["1", "0"]


async def test_a_thread_of_many_pages_begins_each_with_its_first_message(api: Api) -> None:
    root = await api("chat.postMessage", **TEKNIK, text="kort")
    for n in range(1100):
        await api.sandbox.person("bo").say("teknik", str(n), thread=root["ts"])
    found: list[str] = []
    pages, cursor = 0, ""
    while pages == 0 or cursor:
        body = await api("conversations.replies", **TEKNIK, ts=root["ts"], limit=200, cursor=cursor)
        assert body["messages"][0]["text"] == "kort"
        assert len(body["messages"]) <= 200
        found += [each["text"] for each in body["messages"][1:]]
        pages, cursor = pages + 1, body.get("response_metadata", {}).get("next_cursor", "")
    assert found == [str(n) for n in range(1100)]
    assert pages == 6


async def test_pages_may_be_as_short_as_for_apps_that_slack_takes_for_commercial() -> None:
    async with Sandbox(replace(CONFIG, most_per_page=15)).running() as sandbox, ClientSession() as session:
        root = await sandbox.person("bo").say("teknik", "kort")
        for n in range(20):
            await sandbox.person("bo").say("teknik", str(n), thread=root)
        body = await Api(sandbox, session)("conversations.replies", **TEKNIK, ts=root.ts, limit=200)
    assert (len(body["messages"]), body["has_more"]) == (15, True)


async def test_the_ends_of_a_stretch_of_history_count_only_when_asked(api: Api) -> None:
    anna = api.sandbox.person("anna")
    first, _middle, last = [(await anna.say("teknik", str(n))).ts for n in range(3)]
    without = await api("conversations.history", **TEKNIK, oldest=first, latest=last)
    within = await api("conversations.history", **TEKNIK, oldest=first, latest=last, inclusive=True)
    assert [each["text"] for each in without["messages"]] == ["1"]
    assert [each["text"] for each in within["messages"]] == ["2", "1", "0"]


async def test_a_thread_stands_under_its_first_message_only(api: Api) -> None:
    root = await api("chat.postMessage", **TEKNIK, text="kort")
    reply = await api.sandbox.person("bo").say("teknik", "svar", thread=root["ts"])
    await api.sandbox.person("anna").say("teknik", "svar på svar", thread=reply)
    [first] = (await api("conversations.history", **TEKNIK))["messages"]
    assert (first["reply_count"], first["reply_users"]) == (2, ["U2BO", "U1ANNA"])
    thread = (await api("conversations.replies", **TEKNIK, ts=root["ts"]))["messages"]
    assert [each["text"] for each in thread] == ["kort", "svar", "svar på svar"]
    assert first["latest_reply"] == thread[-1]["ts"]
    assert {each["thread_ts"] for each in thread} == {root["ts"]}
    assert thread[1]["parent_user_id"] == "U0SANDBOX"


async def test_one_reply_can_be_fetched_by_its_own_time(api: Api) -> None:
    root = await api("chat.postMessage", **TEKNIK, text="kort")
    for n in range(3):
        await api.sandbox.person("bo").say("teknik", f"svar {n}", thread=root["ts"])
    wanted = api.sandbox.channel("teknik").thread(root["ts"])[2].ts
    found = await api(
        "conversations.replies", **TEKNIK, ts=root["ts"], oldest=wanted, latest=wanted, inclusive=True
    )
    assert [each["text"] for each in found["messages"]] == ["kort", "svar 1"]


async def test_a_deleted_first_message_leaves_a_tombstone(api: Api) -> None:
    root = await api("chat.postMessage", **TEKNIK, text="kort")
    await api.sandbox.person("bo").say("teknik", "svar", thread=root["ts"])
    await api("chat.delete", **TEKNIK, ts=root["ts"])
    [stone] = (await api("conversations.history", **TEKNIK))["messages"]
    assert (stone["subtype"], stone["user"], stone["reply_count"]) == ("tombstone", "USLACKBOT", 1)
    assert (await api("chat.update", **TEKNIK, ts=root["ts"], text="a"))["error"] == "cant_update_message"


async def test_a_deleted_reply_is_gone(api: Api) -> None:
    root = await api("chat.postMessage", **TEKNIK, text="kort")
    reply = await api.sandbox.person("bo").say("teknik", "svar", thread=root["ts"])
    await api.sandbox.person("bo").delete(reply)
    [first] = (await api("conversations.replies", **TEKNIK, ts=root["ts"]))["messages"]
    assert "reply_count" not in first


async def test_an_update_replaces_the_blocks_and_keeps_metadata(api: Api) -> None:
    metadata = {"event_type": "job", "event_payload": {"key": "k"}}
    root = await api("chat.postMessage", **TEKNIK, text="a", blocks=section("før"), metadata=metadata)
    changed = await api("chat.update", **TEKNIK, ts=root["ts"], text="b", blocks=section("efter"))
    assert changed["message"]["blocks"][0]["text"]["text"] == "efter"
    assert changed["message"]["edited"]["user"] == "U0SANDBOX"
    found = await api("conversations.history", **TEKNIK, include_all_metadata=True)
    assert found["messages"][0]["metadata"] == metadata


async def test_reactions_say_who_and_how_many(api: Api) -> None:
    said = await api.sandbox.person("bo").say("teknik", "svar")
    for name in ("anna", "bo"):
        await api.sandbox.person(name).react(said, "white_check_mark")
    body = await api("reactions.get", **TEKNIK, timestamp=said.ts, full=True)
    assert body["message"]["reactions"] == [
        {"name": "white_check_mark", "users": ["U1ANNA", "U2BO"], "count": 2}
    ]


async def test_only_who_asks_for_all_is_told_everybody_who_reacted() -> None:
    async with Sandbox(replace(CONFIG, most_reactors=1)).running() as sandbox, ClientSession() as session:
        api = Api(sandbox, session)
        said = await sandbox.person("bo").say("teknik", "svar")
        for name in ("anna", "bo"):
            await sandbox.person(name).react(said, "eyes")
        found = []
        for full in (False, True):
            body = await api("reactions.get", **TEKNIK, timestamp=said.ts, full=full)
            [reaction] = body["message"]["reactions"]
            found.append((reaction["users"], reaction["count"]))
    assert found == [(["U1ANNA"], 2), (["U1ANNA", "U2BO"], 2)]


async def test_joining_twice_is_a_warning(api: Api) -> None:
    assert "warning" not in await api("conversations.join", channel="C2BOERN")
    assert (await api("conversations.join", channel="C2BOERN"))["warning"] == "already_in_channel"


async def test_private_channels_are_listed_only_to_members(api: Api) -> None:
    async def listed() -> set[str]:
        body = await api("conversations.list", types="public_channel,private_channel", exclude_archived=True)
        return {each["name"] for each in body["channels"]}

    assert await listed() == {"teknik", "boern"}
    await api.sandbox.person("anna").invite("U0SANDBOX", "lukket")
    assert await listed() == {"teknik", "boern", "lukket"}


async def test_people_and_groups_are_found(api: Api) -> None:
    assert (await api("users.lookupByEmail", email="ANNA@lillerup.example"))["user"]["id"] == "U1ANNA"
    assert (await api("usergroups.users.list", usergroup="S1GODKEND"))["users"] == ["U1ANNA"]
    assert (await api("conversations.members", **TEKNIK))["members"] == ["U1ANNA", "U2BO", "U0SANDBOX"]
    assert len((await api("users.list"))["members"]) == 3


async def test_a_direct_message_is_one_and_the_same(api: Api) -> None:
    channel = (await api("conversations.open", users="U1ANNA"))["channel"]["id"]
    posted = await api("chat.postMessage", channel="U1ANNA", text="hej Anna")
    assert posted["channel"] == channel
    assert [each.text for each in api.sandbox.direct("U1ANNA").messages] == ["hej Anna"]


async def test_a_permalink_names_channel_and_thread(api: Api) -> None:
    root = await api("chat.postMessage", **TEKNIK, text="kort")
    reply = await api("chat.postMessage", **TEKNIK, text="svar", thread_ts=root["ts"])
    link = (await api("chat.getPermalink", **TEKNIK, message_ts=reply["ts"]))["permalink"]
    assert f"/archives/C1TEKNIK/p{reply['ts'].replace('.', '')}?thread_ts={root['ts']}" in link


async def test_people_are_refused_what_slack_refuses_them(sandbox: Sandbox) -> None:
    anna, bo = sandbox.person("anna"), sandbox.person("bo")
    said = await bo.say("teknik", "Bos ord")
    for deed, error in (
        (anna.say("boern", "udefra"), "not_in_channel"),
        (anna.say("gammel", "for sent"), "is_archived"),
        (anna.say("teknik", "  "), "no_text"),
        (anna.edit(said, "rettet"), "cant_update_message"),
        (anna.delete(said), "cant_update_message"),
    ):
        with pytest.raises(SlackError, match=error):
            await deed
