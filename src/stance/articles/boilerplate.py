"""What a page carries besides its article: comment forms, subscribe links, CAPTCHA notices, teasers.

The text is never changed (offsets must hold); the spans found here are ignored by attribution.
"""

from __future__ import annotations

import re

from stance.schema import Span

_WHOLE_LINE = re.compile(
    r"""^\W*(?:
        subscribe\b.{0,60} | sign\ up\b.{0,80} | (?:share|print|email|tweet|follow\ us)\b.{0,40}
      | (?:please\ )?enter\ your\ (?:comment|name|email).{0,40} | leave\ a\ (?:reply|comment).{0,40} | post\ comment
      | (?:this\ site\ is\ protected\ by\ |the\ )?recaptcha\b.*
      | save\ my\ name,\ email.* | you\ have\ entered\ an\ incorrect\ email.*
      | (?:more|related|recommended|popular|latest)\ (?:articles?|stories|news|posts)\b.{0,30}
      | (?:read\ (?:more|also|next)|see\ also|also\ read|watch|more\ on\ this|related)\s*:.*
      | advertisement | sponsored(?:\ content)? | loading\W* | click\ here\b.{0,60}
      | (?:photo|image|picture|file\ photo|getty)\s*(?:credit|by|courtesy)?\s*:.{0,120}
      | (?:all\ rights\ reserved|copyright|©).{0,100} | \d+\ (?:shares?|comments?)
      | (?:we\ use|this\ (?:site|website)\ uses)\ cookies.*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)


def boilerplate_spans(text: str) -> list[Span]:
    """Spans of the lines of ``text`` that belong to the page, not to the article."""
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        if len(line) <= 400 and _WHOLE_LINE.match(line.strip()):
            spans.append(Span(start, start + len(line)))
        start += len(line)
    return spans
