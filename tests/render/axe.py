"""The web's own accessibility checker, axe-core, run on a page in headless Chromium."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import axe_core_python  # type: ignore[import-untyped]  # its JavaScript is what we want

_AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_ASK = """
axe.run({resultTypes: ["violations"]}).then(found => {
  const told = document.createElement("pre");
  told.id = "axe";
  told.textContent = JSON.stringify({passes: found.passes.length, violations: found.violations.map(
    each => [each.id, each.help, each.nodes.map(node => node.html.slice(0, 200))])});
  document.body.append(told);
});
"""
_PATIENCE = 100  # seconds

MISSING = "Chromium is not on this machine"


def browser() -> str | None:
    """Where it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def checked(page: str, *, folder: Path, width: int = 1200) -> tuple[int, list[Any]]:
    """How many of axe's rules the page passes, and each that it breaks, at a width in pixels."""
    scripts = f"<script>{_AXE}</script><script>{_ASK}</script></body>"
    asking = _POLICY.sub("", page).replace("</body>", scripts)
    (folder / "page.html").write_text(asking, encoding="utf-8")
    command = [
        str(browser()), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--virtual-time-budget=60000",
        "--dump-dom", f"file://{folder / 'page.html'}",
    ]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=True)  # noqa: S603
    found = re.search(r'<pre id="axe">(.*?)</pre>', told.stdout, re.DOTALL)
    if found is None:
        raise RuntimeError(f"axe did not come to an end: {told.stderr[-2000:]}")
    said = json.loads(html.unescape(found[1]))
    return said["passes"], said["violations"]
