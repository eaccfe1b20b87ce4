"""The files of docker/, read."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def top() -> Path:
    """The top folder of the project."""
    return TOP


@pytest.fixture(scope="session")
def docker() -> Path:
    return TOP / "docker"


@pytest.fixture
def compose(docker: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((docker / "compose.yaml").read_text("utf-8"))
    return read


@pytest.fixture
def instructions(docker: Path) -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order: the word, and what follows with its lines joined."""
    lines = (docker / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    split = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(word, rest.strip()) for word, _, rest in split]


@pytest.fixture
def image_environment(instructions: list[tuple[str, str]]) -> dict[str, str]:
    """What the finished image sets."""
    given = [word for name, rest in instructions if name == "ENV" for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in given)
