"""What becomes of mails does not hang on their order, on how many are read at once, or on how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import SQLModel

from handlers.rules import Refusal
from storage.database import Database
from storage.inbox import Arrival
from tests.handlers.building import PLAN, applied, known, letter, mailed, received
from tests.handlers.correspondence import (
    ANE,
    BO,
    ROADS,
    asked,
    doubled,
    forwarded,
    items,
    read_all,
    said,
    unread_again,
    with_file,
)
from tests.handlers.doubting import SAME, same

Written = tuple[str, str, bool]
"""Who wrote, what, and whether with a file."""

WRITTEN = st.tuples(
    st.sampled_from(("Ane", "Bo", "Carl")), st.sampled_from(("Plant en lind.", SAME)), st.booleans()
)
SIZES = st.lists(st.integers(1, 3), min_size=6, max_size=6)
SOME = settings(
    phases=[Phase.generate],
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

TWO = (
    mailed(letter("Plant en lind.", From=ANE, Subject="[plan]", Message_ID="<1@borger.example>")),
    mailed(letter("Og en bænk.", From=ANE, In_Reply_To="<1@borger.example>")),
)
VARIED: tuple[Arrival, ...] = (
    *TWO,
    mailed(letter("Hegn.", From=ANE, Subject="[plan] Mere")),
    mailed(letter("Jeg er glad for forslaget.", From="Dan <dan@borger.example>")),
    mailed(letter("Det er godt.", From=BO, X_Spam_Flag="YES")),
    mailed(same("Eva Ny"), to="plan+plan@ternevig.example"),
    mailed(same("Finn Om"), to="plan+plan@ternevig.example"),
    mailed(forwarded("Flere træer.", original="Gry Ask", Subject="VS: [plan]")),
    replace(mailed(letter("For sent.", From=BO, Subject="[plan]")), received_at=PLAN.deadline + timedelta(1)),
    mailed(letter("Ude.", Subject="Automatisk svar: Plan")),
)
"""A mail of each sort that people are asked about, and of some that they are not."""


def _mail(written: Written, copy: int) -> EmailMessage:
    """Copies differ in what tells mails apart, and not in what they say."""
    name, words, has_file = written
    mail = letter(
        words, From=f"{name} <{name.lower()}@borger.example>", Subject=f"Brev {copy}",
        Message_ID=f"<{name}{len(words)}{has_file:d}{copy}@borger.example>",
    )  # fmt: skip
    return with_file(mail) if has_file else mail


async def _emptied(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in SQLModel.metadata.tables:
            await connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608  our own tables


async def _rows(database: Database) -> dict[str, int]:
    """How much we remember, but for the inbox and the journal."""
    names = sorted(SQLModel.metadata.tables.keys() - {"inbox_item", "journal_entry"})
    counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)  # noqa: S608
    async with database.engine.connect() as connection:
        return {row[0]: row[1] for row in await connection.execute(text(counted))}


@given(st.lists(WRITTEN, min_size=1, max_size=6), SIZES)
@SOME
async def test_in_whatever_order_and_batches_mails_come_each_content_is_kept_once(
    database: Database, mails: list[Written], sizes: list[int]
) -> None:
    await _emptied(database)
    await applied(database)
    for copy, (written, most) in enumerate(zip(mails, sizes, strict=False)):
        await received(database, mailed(_mail(written, copy)), reads=False)
        if most > 1:  # else it waits for the next
            await read_all(database, most=most)
    await read_all(database)
    filed = (await known(database)).submissions
    kept = Counter(
        (each.party.list_name, words.strip())
        for each in filed
        for words in (each.submission.text, *(later.follow_up.text for later in each.followed))
    )
    assert kept == Counter((name, words) for name, words, _ in set(mails))
    assert sorted(each.party.list_name for each in filed) == sorted({name for name, _, _ in mails})
    assert [each.submission.number for each in filed] == list(range(1, len(filed) + 1))
    assert all(item.submission_id for item in await items(database))


@given(st.permutations(VARIED), st.integers(1, 11), st.randoms(use_true_random=False))
@SOME
async def test_reading_everything_again_changes_nothing_whatever_was_decided(
    database: Database, mails: list[Arrival], most: int, chance: Random
) -> None:
    await _emptied(database)
    await applied(database)
    await applied(database, replace(ROADS, coordinators=PLAN.coordinators))
    await received(database, *mails, reads=False)
    await read_all(database, most=most)
    for each in await asked(database):
        verdict = chance.choice([*each.question.options, ""])
        if verdict:
            assert not isinstance(await said(database, each.question.id, verdict), Refusal)
            await read_all(database, most=most)
    before, told = await _rows(database), repr((await known(database)).submissions)
    await unread_again(database)
    await read_all(database, most=most)
    assert (await _rows(database)).items() - before.items() == set()
    assert repr((await known(database)).submissions) == told
    await doubled(database)
    await read_all(database, most=most)
    assert [item.set_aside for item in await items(database) if item.set_aside] == []
    assert (await _rows(database)).items() - before.items() == set()
