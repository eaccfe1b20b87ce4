"""What people fill in, and what the app reads of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.building import actions, button, entry, modal, options, plain

if TYPE_CHECKING:
    from bot.sandbox import View
    from tests.sandbox.world import Api

Json = dict[str, Any]
CHOICES = options("ja", "nej", "måske")


async def opened(api: Api, *blocks: Json) -> View:
    """Open a modal before Anna."""
    await api("views.open", trigger_id=api.sandbox.trigger("U1ANNA"), view=modal(*blocks))
    view = api.sandbox.person("anna").modal()
    assert view
    return view


CASES: list[tuple[Json, Any, Json]] = [
    ({"type": "plain_text_input"}, "tekst", {"value": "tekst"}),
    ({"type": "number_input", "is_decimal_allowed": False}, "7", {"value": "7"}),
    ({"type": "static_select", "options": CHOICES}, "nej", {"selected_option": CHOICES[1]}),
    (
        {"type": "static_select", "option_groups": [{"label": plain("Svar"), "options": CHOICES}]},
        "ja",
        {"selected_option": CHOICES[0]},
    ),
    ({"type": "radio_buttons", "options": CHOICES}, "ja", {"selected_option": CHOICES[0]}),
    ({"type": "checkboxes", "options": CHOICES}, ["ja", "nej"], {"selected_options": CHOICES[:2]}),
    ({"type": "multi_static_select", "options": CHOICES}, ["nej"], {"selected_options": [CHOICES[1]]}),
    ({"type": "users_select"}, "U2BO", {"selected_user": "U2BO"}),
    ({"type": "multi_users_select"}, ("U2BO",), {"selected_users": ["U2BO"]}),
    ({"type": "channels_select"}, "C1TEKNIK", {"selected_channel": "C1TEKNIK"}),
    ({"type": "datepicker"}, "2026-12-04", {"selected_date": "2026-12-04"}),
    ({"type": "external_select"}, CHOICES[0], {"selected_option": CHOICES[0]}),
]


@pytest.mark.parametrize(("element", "value", "state"), CASES)
async def test_every_input_has_its_own_place_in_the_state(
    api: Api, element: Json, value: Any, state: Json
) -> None:
    view = await opened(api, entry("b", element))
    anna = api.sandbox.person("anna")
    anna.fill(view, {("b", "a"): value})
    assert view.values["b"]["a"] == {"type": element["type"], **state}
    assert [anna.filled_in(view, "a")] == list(state.values())


@pytest.mark.parametrize("blank", [" ", "\n", " \n\t "])
async def test_an_input_for_rich_text_holds_blanks_as_they_were_typed(api: Api, blank: str) -> None:
    view = await opened(api, entry("b", {"type": "rich_text_input"}))
    api.sandbox.person("anna").fill(view, {("b", "a"): blank})
    [section] = view.values["b"]["a"]["rich_text_value"]["elements"]
    assert section["elements"] == [{"type": "text", "text": blank}]


async def test_what_the_app_filled_in_stands_until_it_is_changed(api: Api) -> None:
    view = await opened(
        api,
        entry("text", {"type": "plain_text_input", "initial_value": "før"}),
        entry("choice", {"type": "radio_buttons", "options": CHOICES, "initial_option": CHOICES[2]}),
    )
    assert view.values["text"]["a"]["value"] == "før"
    assert view.values["choice"]["a"]["selected_option"] == CHOICES[2]


async def test_what_was_filled_in_survives_an_update(api: Api) -> None:
    view = await opened(api, entry("b", {"type": "plain_text_input"}))
    anna = api.sandbox.person("anna")
    anna.fill(view, {"a": "skrevet"})
    longer = modal(entry("b", {"type": "plain_text_input"}), entry("c", {"type": "plain_text_input"}))
    await api("views.update", view_id=view.id, view=longer)
    assert anna.filled_in(view, ("b", "a")) == "skrevet"
    assert anna.filled_in(view, ("c", "a")) is None


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        ({"type": "plain_text_input"}, "", "Please complete this required field."),
        ({"type": "plain_text_input", "max_length": 3}, "fire", "Must be 3 characters or fewer."),
        ({"type": "plain_text_input", "min_length": 3}, "to", "Must be at least 3 characters."),
        ({"type": "checkboxes", "options": CHOICES}, [], "Please complete this required field."),
    ],
)
async def test_the_client_itself_sends_no_form_that_is_wrong(
    api: Api, element: Json, value: Any, error: str
) -> None:
    view = await opened(api, entry("b", element))
    assert (await api.sandbox.person("anna").submit(view, {"a": value})).errors == {"b": error}


async def test_what_is_not_there_can_be_neither_chosen_nor_clicked(api: Api) -> None:
    view = await opened(api, entry("b", {"type": "static_select", "options": CHOICES}))
    anna = api.sandbox.person("anna")
    with pytest.raises(ValueError, match="no option 'kanske'"):
        anna.fill(view, {"a": "kanske"})
    with pytest.raises(LookupError, match="nothing to click"):
        await anna.click(view, "missing")


async def test_one_of_several_buttons_is_found_by_its_value(api: Api) -> None:
    blocks = actions(button("open", "1")) + actions(button("open", "2"))
    await api("chat.postMessage", channel="C1TEKNIK", text="kort", blocks=blocks)
    card = api.sandbox.channel("teknik").messages[0]
    with pytest.raises(LookupError, match="value '3'"):
        await api.sandbox.person("anna").click(card, "open", value="3")
