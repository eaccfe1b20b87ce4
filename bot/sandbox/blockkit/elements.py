"""Interactive elements: buttons, menus and inputs.

Limits: https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.blockkit import richtext, texts

if TYPE_CHECKING:
    from bot.sandbox.blockkit.notes import Notes
    from bot.sandbox.wire import Json

_MENU = "action_id placeholder confirm focus_on_load"
_INPUT = "action_id placeholder initial_value focus_on_load dispatch_action_config"
_LENGTHS = "min_length max_length"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one type of element needs and may have, and where it may stand."""

    needed: str = ""
    allowed: str = ""
    places: str = "actions input section"
    options: int = 0


RULES: dict[str, Rule] = {
    "button": Rule("text", "action_id url value style confirm accessibility_label", "actions section"),
    "overflow": Rule("options", "action_id confirm", "actions section", 5),
    "static_select": Rule("", f"{_MENU} options option_groups initial_option", options=100),
    "multi_static_select": Rule(
        "", f"{_MENU} options option_groups initial_options max_selected_items", "input section", 100
    ),
    "external_select": Rule("", f"{_MENU} initial_option min_query_length"),
    "multi_external_select": Rule(
        "", f"{_MENU} initial_options min_query_length max_selected_items", "input section"
    ),
    "users_select": Rule("", f"{_MENU} initial_user"),
    "multi_users_select": Rule("", f"{_MENU} initial_users max_selected_items", "input section"),
    "channels_select": Rule("", f"{_MENU} initial_channel response_url_enabled"),
    "multi_channels_select": Rule("", f"{_MENU} initial_channels max_selected_items", "input section"),
    "conversations_select": Rule(
        "", f"{_MENU} initial_conversation default_to_current_conversation response_url_enabled filter"
    ),
    "multi_conversations_select": Rule(
        "",
        f"{_MENU} initial_conversations default_to_current_conversation max_selected_items filter",
        "input section",
    ),
    "radio_buttons": Rule("options", "action_id initial_option confirm focus_on_load", options=10),
    "checkboxes": Rule("options", "action_id initial_options confirm focus_on_load", options=10),
    "datepicker": Rule("", f"{_MENU} initial_date"),
    "timepicker": Rule("", f"{_MENU} initial_time timezone"),
    "datetimepicker": Rule("", "action_id initial_date_time confirm focus_on_load", "actions input"),
    "plain_text_input": Rule("", f"{_INPUT} multiline {_LENGTHS}", "input"),
    "rich_text_input": Rule("", _INPUT, "actions input"),
    "email_text_input": Rule("", _INPUT, "input"),
    "url_text_input": Rule("", _INPUT, "input"),
    "number_input": Rule("is_decimal_allowed", f"{_INPUT} min_value max_value", "input"),
    "file_input": Rule("", "action_id filetypes max_files", "input"),
    "image": Rule("alt_text", "image_url slack_file", "section context"),
}


def element(notes: Notes, node: Any, place: str, *, where: str) -> None:
    """Check one element; `where` is the kind of block it stands in."""
    rule = RULES.get(node.get("type", "")) if isinstance(node, dict) else None
    if rule is None:
        notes.say(place, "unsupported type")
        return
    if where not in rule.places.split():
        notes.say(place, f"element type {node['type']} is not allowed in {where}")
    if notes.keys(node, place, needed=rule.needed, allowed=rule.allowed):
        _limits(notes, node, place)
        _choices(notes, node, place, rule)


def _limits(notes: Notes, node: Json, place: str) -> None:
    notes.text(node, "action_id", place, most=255)
    texts.plain_keys(notes, node, place, placeholder=150)
    if "confirm" in node:
        texts.confirm(notes, node["confirm"], f"{place}/confirm")
    if node["type"] == "button":
        _button(notes, node, place)
    if node["type"] == "plain_text_input":
        _lengths(notes, node, place)
    if node["type"] == "rich_text_input" and "initial_value" in node:
        richtext.rich_text(notes, node["initial_value"], f"{place}/initial_value")
    if node["type"] == "image":
        notes.text(node, "alt_text", place, most=2000)


def _button(notes: Notes, node: Json, place: str) -> None:
    texts.plain_keys(notes, node, place, text=75)
    notes.text(node, "value", place, most=2000, least=0)
    notes.text(node, "url", place, most=3000)
    notes.text(node, "accessibility_label", place, most=75)
    notes.choice(node, "style", place, among="primary danger")


def _lengths(notes: Notes, node: Json, place: str) -> None:
    least, most = node.get("min_length", 0), node.get("max_length", 3000)
    if not 0 <= least <= 3000:
        notes.say(f"{place}/min_length", "must be between 0 and 3000")
    if not 1 <= most <= 3000:
        notes.say(f"{place}/max_length", "must be between 1 and 3000")
    notes.text(node, "initial_value", place, most=most, least=0)


def _choices(notes: Notes, node: Json, place: str, rule: Rule) -> None:
    if not rule.options:
        return
    if "option_groups" in node:
        texts.groups(notes, node, place)
        return
    menus = {"overflow", "static_select", "multi_static_select"}
    texts.options(notes, node, place, most=rule.options, plain=node["type"] in menus)
