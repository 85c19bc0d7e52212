"""Print what the bot consists of, for programs: CycloneDX 1.5, made of the lock and its list of licences."""

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from bot import __version__

ROOT: Final = Path(__file__).parents[1]
_PINNED: Final = re.compile(r"^([A-Za-z0-9_.-]+)==([^ \\;]+)", re.MULTILINE)
_LICENCE: Final = re.compile(r"^\| ([A-Za-z0-9_.-]+) \| ([^|]+) \|", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill_of_materials() -> dict[str, Any]:
    """Return each package that is shipped: its version, its licence, the hashes of its files."""
    licences = dict(_LICENCE.findall((ROOT / "docs" / "dependencies.md").read_text("utf-8")))
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    components = []
    for block in re.split(r"\n(?=\S)", lock):
        if match := _PINNED.match(block):
            name, version = match.groups()
            hashes = [{"alg": "SHA-256", "content": each} for each in _HASH.findall(block)]
            components.append(
                {
                    "type": "library",
                    "name": name,
                    "version": version,
                    "purl": f"pkg:pypi/{name}@{version}",
                    "licenses": [{"expression": licences[name].strip()}],
                    "externalReferences": [
                        {"type": "distribution", "url": f"pkg:pypi/{name}@{version}", "hashes": hashes}
                    ],
                }
            )
    bot = {"type": "application", "name": "article-digest-bot", "version": __version__}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**bot, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": components,
    }


if __name__ == "__main__":
    json.dump(bill_of_materials(), sys.stdout, indent=2)
    print()
