"""A machine in another time zone, for what must not depend on where it is made."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def move() -> Iterator[Callable[[str], None]]:
    """Call it with a time zone to be there until the test ends."""
    home = os.environ.get("TZ")

    def there(zone: str | None) -> None:
        os.environ.pop("TZ", None)
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()

    yield there
    there(home)
