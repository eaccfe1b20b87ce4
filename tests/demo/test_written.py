"""The dates of the demo fit any day it is played."""

import csv
import io
import tomllib
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.mails import mails
from bot.demo.material import hearing
from bot.demo.written import WRITTEN_FOR, moved, written
from handlers.hearing.file import HearingPlan, read

days = st.dates(date(2020, 1, 1), date(2090, 1, 1))


@given(days)
def test_the_hearing_file_is_accepted_on_any_day_with_its_deadline_tomorrow_night(today: date) -> None:
    text = hearing(today)
    assert isinstance(read(text, file="hearing.toml"), HearingPlan)
    raw = tomllib.loads(text)
    assert raw["deadline"] == datetime.combine(today + timedelta(days=1), datetime.min.time()).replace(
        hour=23, minute=59
    )
    assert raw["opens"] < today


@given(days)
def test_just_one_portal_row_is_after_the_deadline_and_the_others_are_before_today(today: date) -> None:
    deadline = tomllib.loads(hearing(today))["deadline"]
    rows = csv.DictReader(io.StringIO(written("portal.csv", today=today), newline=""), delimiter=";")
    received = [datetime.strptime(row["dato"], "%Y-%m-%d %H:%M") for row in rows]  # noqa: DTZ007 - a wall clock
    assert [when for when in received if when > deadline] == [received[-1]]
    assert all(when.date() < today for when in received[:-1])
    assert received == sorted(received)


def test_a_date_in_braces_comes_out_in_danish_words() -> None:
    assert moved("Fra {dato: 2026-09-30} til 2026-10-01", today=date(2027, 2, 28)) == (
        "Fra 28. februar 2027 til 2027-03-01"
    )


def test_a_case_number_is_no_date() -> None:
    assert moved("2026-0018402", today=date(2030, 1, 1)) == "2026-0018402"


def test_on_the_day_it_was_written_for_nothing_moves() -> None:
    assert moved("2026-08-19", today=WRITTEN_FOR) == "2026-08-19"


def test_the_same_day_gives_the_same_bytes(today: date) -> None:
    assert mails(today) == mails(today)
