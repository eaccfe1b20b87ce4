"""The closed sets that the store, the hearing file and the notat share, by the names they carry in both."""

from enum import StrEnum


class Refer(StrEnum):
    """When a suggested department is asked without the coordinator's click."""

    AT_ONCE = "at_once"
    WHEN_UNSURE = "when_unsure"
    """Waits for the coordinator only when the suggestion is unsure."""
    ASK = "ask"
    """Always waits for the coordinator."""


class HeadingForm(StrEnum):
    """The house form of the heading over a remark; X is the department's name."""

    BEMAERKNINGER_FRA = "bemaerkninger_fra"
    X_BEMAERKNINGER = "x_bemaerkninger"
    X_KOMMENTARER = "x_kommentarer"


class Order(StrEnum):
    """The rule that gives the submissions of a hearing their numbers."""

    ARRIVAL = "arrival"
    PORTAL_FIRST = "portal_first"
    """What came through the portal, then the rest, each by arrival."""
    KIND = "kind"
    """By the kind of party, in the order of `PartyKind`, each by arrival."""


class Layout(StrEnum):
    """The order in which a notat tells what was said and answered."""

    BY_SUBMISSION = "by_submission"
    """Each submission with its summary and the remarks on it."""
    BY_TOPIC = "by_topic"
    """Under each department its topics: who spoke of them, what they said, the answer, the change."""
    MINISTRY = "ministry"
    """A table of those that were heard, then point by point, then what is changed."""


class Format(StrEnum):
    """A kind of file that a notat is made as; the word ends the file's name."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"


class Stage(StrEnum):
    """What somebody who asks for a notat wants it to be, whatever is missing or not."""

    DRAFT = "draft"
    FINAL = "final"


class TextName(StrEnum):
    """A text of a notat that the hearing's people write."""

    INTRO = "intro"
    PURPOSE = "purpose"
    BACKGROUND = "background"
    PUBLICATION = "publication"
    FORWARDING = "forwarding"
    ANNEXES = "annexes"
    CHANGES = "changes"
    RESUME = "resume"
    """The whole resume; without it, it is put together from the facts."""


class PrivatePersons(StrEnum):
    """How a private person is printed: never by name."""

    ANONYMOUS = "anonymous"
    STREET = "street"


class PartyKind(StrEnum):
    """What kind of party answers or was asked to."""

    LOKALUDVALG = "lokaludvalg"
    MYNDIGHED = "myndighed"
    RAAD = "raad"
    FORENING = "forening"
    VIRKSOMHED = "virksomhed"
    BORGER = "borger"
    ANDEN = "anden"


class Channel(StrEnum):
    """The way a submission came."""

    MAIL = "mail"
    PORTAL = "portal"
    LETTER = "letter"
    PHONE = "phone"
    OTHER = "other"


class Edition(StrEnum):
    """Whom a document is for."""

    INTERNAL = "internal"
    PUBLIC = "public"
    """Without what leads to a private person."""


class Barred(StrEnum):
    """Why Slack keeps us out of a channel."""

    ARCHIVED = "archived"
    NOT_A_MEMBER = "not_a_member"
    NO_PERMISSION = "no_permission"
    """The app lacks a scope."""
    RULES = "rules"
    """Of the workspace."""


class Doing(StrEnum):
    """What we cannot do in a channel; where we may not write, we may yet read."""

    POST = "post"
    READ = "read"
    UPDATE = "update"


class Outcome(StrEnum):
    """What came of reading the text of a file."""

    TEXT = "text"
    EMPTY = "empty"
    """There is no text in it: a scan, or a picture."""
    LOCKED = "locked"
    """It wants a password."""
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNKNOWN = "unknown"
    """We cannot read files of this kind."""


class Notice(StrEnum):
    """What a notice in a thread says; the post's `detail` tells which, under `NOTICE`."""

    CHANGED = "changed"
    """An approved remark says something else now."""
    APPROVED = "approved"
    UNSURE = "unsure"
    """A ✅ that cannot count."""
    SAID = "said"
    """What somebody wrote beside the thread."""
    RESTORED = "restored"
    """The card stands here anew."""
    MOVED = "moved"
    """The card stands elsewhere now."""
    HANDED_OVER = "handed_over"


NOTICE = "notice"
