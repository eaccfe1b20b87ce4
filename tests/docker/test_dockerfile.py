"""The image: what goes in, who runs it, and how it says that it is well."""

from __future__ import annotations

import asyncio
import fnmatch
import json
import os
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.settings import PREFIX, Settings

Instructions = list[tuple[str, str]]


def _last_stage(instructions: Instructions) -> Instructions:
    start = max(place for place, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[start:]


def _only(instructions: Instructions, word: str) -> str:
    (rest,) = [rest for each, rest in _last_stage(instructions) if each == word]
    return rest


def _sources(instructions: Instructions) -> list[str]:
    copies = [shlex.split(rest) for word, rest in instructions if word == "COPY"]
    return [source for words in copies if not words[0].startswith("--from") for source in words[:-1]]


def test_whatever_the_image_copies_is_there(instructions: Instructions, top: Path) -> None:
    sources = _sources(instructions)
    assert sources
    assert [source for source in sources if not (top / source).exists()] == []


def test_whatever_the_image_copies_reaches_the_builder_and_nothing_else(
    instructions: Instructions, docker: Path
) -> None:
    rules = [
        line
        for line in (docker / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert let_in == set(_sources(instructions))


@pytest.mark.parametrize("private", ["data", ".git", ".venv", "docker/own/secrets/hoering_slack_bot_token"])
def test_data_and_secrets_stay_out_of_the_image(docker: Path, private: str) -> None:
    rules = (docker / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    assert not [rule for rule in let_in if fnmatch.fnmatch(private, rule) or private.startswith(f"{rule}/")]


def test_every_dependency_is_installed_by_its_hash(instructions: Instructions) -> None:
    installs = [rest for word, rest in instructions if word == "RUN" and "pip install" in rest]
    assert "--require-hashes --requirement requirements.lock" in installs[0]
    assert all("--require-hashes" in each or "--no-deps" in each for each in installs)


def test_the_service_runs_as_an_ordinary_user_with_a_fixed_number(instructions: Instructions) -> None:
    user, _, group = _only(instructions, "USER").partition(":")
    assert int(user) == int(group) > 1000
    made = [rest for word, rest in _last_stage(instructions) if word == "RUN"]
    assert any(f"--uid {user}" in each for each in made)


def test_the_service_itself_hears_the_signal_to_stop(instructions: Instructions) -> None:
    assert json.loads(_only(instructions, "ENTRYPOINT")) == ["hoeringsbot"]
    assert json.loads(_only(instructions, "CMD")) == ["run"]
    assert _only(instructions, "STOPSIGNAL") == "SIGTERM"


def test_the_image_sets_only_settings_that_there_are(image_environment: dict[str, str]) -> None:
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in image_environment.items()
        if name.startswith(PREFIX)
    }
    settings = Settings.model_validate(given)
    assert given.keys() == settings.model_fields_set
    assert settings.smtp_host == settings.http_host == "0.0.0.0"  # noqa: S104  inside the container


def test_the_doors_and_the_data_folder_are_the_ones_declared(
    instructions: Instructions, image_environment: dict[str, str]
) -> None:
    ports = {image_environment["HOERING_SMTP_PORT"], image_environment["HOERING_HTTP_PORT"]}
    assert set(_only(instructions, "EXPOSE").split()) == ports
    assert _only(instructions, "VOLUME") == image_environment["HOERING_DATA_DIR"]


@asynccontextmanager
async def _answering(status: int) -> AsyncIterator[int]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def _healthy(instructions: Instructions, port: int) -> bool:
    check = _only(instructions, "HEALTHCHECK").partition("CMD ")[2]
    python, *words = json.loads(check)
    assert python == "python"
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "HOERING_HTTP_PORT": str(port), "http_proxy": "http://127.0.0.1:9"},
    )  # fmt: skip
    return await process.wait() == 0


async def test_a_container_is_healthy_while_the_service_says_so(instructions: Instructions) -> None:
    async with _answering(200) as port:
        assert await _healthy(instructions, port)
    assert not await _healthy(instructions, port)


async def test_a_container_is_not_healthy_without_its_database(instructions: Instructions) -> None:
    async with _answering(503) as port:
        assert not await _healthy(instructions, port)
