"""What Slack's refusals are about: one post, or the door to a whole channel, and then who can open it.

Reasons: https://docs.slack.dev/reference/methods/chat.postMessage#errors and the pages of the other methods.
"""

from __future__ import annotations

from storage.words import Barred

_LOGIN = "Slack does not take our bot token: set HOERING_SLACK_BOT_TOKEN to a valid one and start again."
_SCOPE = "The Slack app lacks a permission: install it again from its manifest."
_NAMED_SCOPE = "The Slack app lacks the permission {}: install it again from its manifest, which asks for it."
_MEMBER = "The bot cannot get into the channel: invite it there, or correct the channel in the hearing file."
_ARCHIVED = "The channel is archived: open it again in Slack, or name another in the hearing file."
_RULES = "The workspace's rules keep the bot out: ask an administrator of Slack to let it post there."
_SPACE = "The workspace takes no files: ask an administrator of Slack for space or for leave."

_REMEDIES = {
    _LOGIN: (
        "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
        "not_allowed_token_type", "user_is_bot", "no_auth",
    ),
    _SCOPE: ("missing_scope", "no_permission", "app_missing_action_url"),
    _MEMBER: (
        "not_in_channel", "channel_not_found", "method_not_supported_for_channel_type", "is_private",
        "channel_type_not_supported", "invalid_channel", "join_not_allowed",
    ),
    _ARCHIVED: ("is_archived",),
    _RULES: (
        "access_denied", "accesslimited", "org_login_required", "ekm_access_denied",
        "enterprise_is_restricted", "team_access_not_granted", "team_not_found", "team_added_to_org",
        "restricted_action",
        "restricted_action_read_only_channel", "restricted_action_non_threadable_channel",
        "restricted_action_thread_only_channel", "two_factor_setup_required", "not_allowed", "invalid_team",
        "posting_to_general_channel_denied", "messages_tab_disabled", "deprecated_endpoint",
        "method_deprecated",
    ),
    _SPACE: (
        "storage_limit_reached", "over_file_storage_limit", "file_uploads_disabled",
        "file_uploads_except_images_disabled",
    ),
}  # fmt: skip
_REMEDY = {reason: remedy for remedy, reasons in _REMEDIES.items() for reason in reasons}

_OF_ONE_POST = frozenset({
    "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_too_long", "msg_blocks_too_long",
    "too_many_attachments", "too_many_contact_cards", "no_text", "invalid_arguments", "invalid_argument",
    "invalid_arg_name", "missing_argument", "invalid_metadata_format", "invalid_metadata_schema",
    "metadata_too_large", "metadata_must_be_sent_from_app", "as_user_not_supported", "slack_connect_blocked",
    "cannot_reply_to_message", "thread_not_found", "message_not_found", "thread_locked",
    "restricted_action_thread_locked", "markdown_text_conflict", "file_not_found", "file_deleted",
    "file_upload_size_restricted", "blocked_file_type", "unknown_type", "cant_update_message",
    "edit_window_closed", "invalid_charset", "unknown_snippet_type", "post_contents_invalid",
})  # fmt: skip

_OF_ONE_GROUP = frozenset({"no_such_subteam", "subteam_not_found", "plan_upgrade_required"})

_BARRED = {
    _SCOPE: Barred.NO_PERMISSION, _MEMBER: Barred.NOT_A_MEMBER, _ARCHIVED: Barred.ARCHIVED,
    _RULES: Barred.RULES,
}  # fmt: skip


def remedy(reason: str, *, needed: str = "") -> str:
    """What an operator can do when the channel or the token is what Slack refuses; empty when it is not.

    `needed` are the scopes that Slack says are missing.
    """
    found = _REMEDY.get(reason, "")
    return _NAMED_SCOPE.format(needed) if needed and found == _SCOPE else found


def barrier(reason: str) -> Barred | None:
    """What keeps us out of one channel; None when it is something else that Slack refuses."""
    return _BARRED.get(remedy(reason))


def is_of_our_token(reason: str) -> bool:
    """Whether Slack refuses us everywhere, and not one channel."""
    return remedy(reason) == _LOGIN


def is_of_everything(reason: str) -> bool:
    """Whether what Slack refuses is our token, a permission, or the workspace, until somebody mends it."""
    return remedy(reason) in {_LOGIN, _SCOPE, _RULES}


def is_of_one_group(reason: str) -> bool:
    """Whether it is told for good that nobody is in a user group, since there is none such."""
    return reason in _OF_ONE_GROUP


def is_of_one_post(reason: str) -> bool:
    """Whether the refusal is about what one post says, so that saying it again would not help."""
    return reason in _OF_ONE_POST
