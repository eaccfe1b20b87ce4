"""Time as it is asked for: whoever needs the moment is given a clock."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the moment, aware UTC."""
