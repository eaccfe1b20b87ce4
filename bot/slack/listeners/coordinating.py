"""A coordinator writes a summary, or says who a party is."""

from uuid import UUID

from slack_bolt.app.async_app import AsyncApp

from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand
from bot.slack.listeners.forms import Written, Wrong, on_checked_form, on_form
from bot.slack.payloads import Form, Place
from bot.slack.views import blocks
from handlers.content import clean
from handlers.hearing.identify import Identity, identify
from handlers.rules import Refusal, Why, may_coordinate
from handlers.talk.summarise import summarise
from storage.store import Store
from storage.words import PartyKind

_BODY = "body"


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    on_checked_form(app, door, blocks.SUMMARY_FORM, _summarise, check=_unsummed, where=_asked_in)
    on_form(app, door, blocks.PARTY_FORM, _identify, beside="list_name")


async def _unsummed(form: Form, written: Written, store: Store) -> Wrong:
    """Why a summary is not taken."""
    submission = await store.submissions.by_id(UUID(form.about.partition(" ")[0]))
    hearing = await store.hearings.by_id(submission.hearing_id)
    nothing = None if written[_BODY] else Refusal(Why.NOTHING_WRITTEN)
    refusal = may_coordinate(form.by, hearing.coordinators) or nothing
    return {_BODY: refusal} if refusal else {}


async def _summarise(form: Form, written: Written, hand: Hand) -> str | Refusal:
    """The sentence that says that it is kept, or why not."""
    about = UUID(form.about.partition(" ")[0])
    at = hand.received_at
    summary = await summarise(about, written[_BODY], by=form.by, store=hand.store, now=at)
    if isinstance(summary, Refusal):
        return summary
    number = (await hand.store.submissions.by_id(about)).number
    return blocks.words("summary_saved", number=number)


async def _asked_in(form: Form, _store: Store) -> Place:
    """The channel in which the form was asked for."""
    return Place(form.by, form.about.partition(" ")[2])


async def _identify(form: Form, hand: Hand) -> object:
    fields = form.fields
    identity = Identity(
        PartyKind(fields["kind"]), fields["list_name"], fields.get("heading_name", ""),
        fields.get("street", ""),
    )  # fmt: skip
    return _named(identity) or await identify(
        UUID(form.about), identity, by=form.by, store=hand.store, now=hand.now
    )


def _named(identity: Identity) -> Refusal | None:
    """A private person is never printed by name, so that none need be written."""
    is_named = identity.kind == PartyKind.BORGER or clean(identity.list_name).strip()
    return None if is_named else Refusal(Why.NO_NAME)
