"""The example hearing: whole, explained, and playable in the trial."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.config import Config, read_toml
from bot.slack.listeners import shortcuts
from bot.slack.manifest import manifest
from handlers.hearing import file as hearing_file
from handlers.hearing.plan import DepartmentPlan, HeardPlan, HearingPlan

EXAMPLE = Path(__file__).parents[2] / "docker" / "hoering.example.toml"
TEXT = EXAMPLE.read_text("utf-8")


def _plan() -> HearingPlan:
    plan = hearing_file.read(TEXT, file=EXAMPLE.name)
    assert isinstance(plan, HearingPlan), plan
    return plan


def _names(kind: type[Any]) -> set[str]:
    return {field.name for field in fields(kind)}


def test_it_has_every_key_that_a_hearing_file_may_have() -> None:
    example = tomllib.loads(TEXT)
    assert set(example) == _names(HearingPlan)
    assert set(example["texts"]) == set(_plan().texts)
    assert set(example["departments"][0]) == _names(DepartmentPlan)
    assert set(example["heard"][0]) == _names(HeardPlan)


def test_every_key_is_explained_where_it_first_stands() -> None:
    lines = TEXT.splitlines()
    first: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(lines):
        if line.startswith("["):
            table = line
        elif found := re.match(r"(\w+) = ", line):
            first.setdefault((table, found[1]), number)
    assert [key for key, number in first.items() if not lines[number - 1].startswith("#")] == []


async def test_it_can_be_applied(database_url: str) -> None:
    words = ["-m", "bot", "hearing", "apply", str(EXAMPLE), "--dry-run"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HOERING_DATABASE_URL": database_url, "COLUMNS": "200"},
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert "klimaplan" in out.decode()
    assert "dry run" in out.decode()


@pytest.fixture
def workspace(docker: Path) -> Config:
    return Config(**read_toml(docker / "trial-workspace.toml"))


def test_its_people_and_channels_are_in_the_trial(workspace: Config) -> None:
    plan = _plan()
    channels = {each.id: each for each in workspace.channels}
    assert {plan.coordination_channel, *(each.channel for each in plan.departments)} == set(channels)
    assert set(plan.coordinators) <= set(channels[plan.coordination_channel].members)
    for department in plan.departments:
        assert set(department.approvers) < set(channels[department.channel].members)


def test_the_citizen_of_the_trial_writes_to_its_address(workspace: Config) -> None:
    assert workspace.hearing_addresses == _plan().addresses


def test_the_trial_offers_the_shortcuts_and_the_command(workspace: Config) -> None:
    assert {each.callback_id for each in workspace.shortcuts} == {shortcuts.USE, shortcuts.APPROVE}
    made = manifest()
    named = {each["callback_id"]: each["name"] for each in made["features"]["shortcuts"]}
    assert {each.callback_id: each.name for each in workspace.shortcuts} == named
    (command,) = made["features"]["slash_commands"]
    (offered,) = workspace.commands
    assert (offered.command, offered.usage_hint) == (command["command"], command["usage_hint"])
