"""What every page shares: one file with its style and script inside, which may load nothing else."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files

from stance.schema import Stance

SIGN = {Stance.AFFIRM: "+", Stance.DENY: "−", Stance.NEUTRAL: "?"}
WORD = {Stance.AFFIRM: "affirms", Stance.DENY: "denies", Stance.NEUTRAL: "leaves open"}


@cache
def resource(package: str, name: str) -> str:
    """The text of a file that lies in a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def document(title: str, body: str, script: str = "") -> str:
    """A whole HTML page. ``title`` is escaped here; ``body`` must be already. Pictures must be data URIs.

    The content security policy allows the page's own style and script by their hashes and nothing else: even a page
    made of a hostile article can neither run code nor call home.
    """
    style = resource("stance", "document.css")
    allowed = _hash(script) if script else "'none'"
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {allowed}"
    code = f"<script>{script}</script>" if script else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{style}</style></head>\n<body>{body}\n{code}</body></html>\n"
    )


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def legend() -> str:
    """The key to signs and colours."""
    items = "".join(f'<li class="{s.value}"><b>{SIGN[s]}</b> {WORD[s]}</li>' for s in Stance)
    return f'<ul class="legend" aria-label="Key">{items}<li class="unsure">dashed: below the model\'s promise</li></ul>'
