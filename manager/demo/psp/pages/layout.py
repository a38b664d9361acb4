"""The frame of the sandbox's pages: one column, own style, light and dark."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

STYLE = """
:root { color-scheme: light dark; --ink: #16202c; --soft: #5b6876; --line: #d5dce4; --paper: #ffffff;
  --ground: #eef2f6; --accent: #1d4ed8; --on-accent: #ffffff; --bad: #b42318; --bad-ground: #fef3f2;
  --note: #7a4a00; --note-ground: #fff7e6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9eef4; --soft: #9fadbc; --line: #34414f;
  --paper: #18212b; --ground: #0f161d; --accent: #86a8ff; --on-accent: #0b1220; --bad: #ff9b90;
  --bad-ground: #37191a; --note: #ffd48a; --note-ground: #33260d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.note { background: var(--note-ground); color: var(--note); text-align: center; padding: .55rem 1rem;
  font-size: .875rem; }
main { max-width: 58rem; margin: 0 auto; padding: 2.5rem 1rem 4rem; display: grid; gap: 2rem; }
main.narrow { max-width: 27rem; }
@media (min-width: 46rem) { main.wide { grid-template-columns: 1fr 1.15fr; align-items: start; } }
.panel { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: 1.75rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(0 0 0 / 6%); }
h1 { font-size: 1.05rem; font-weight: 600; margin: 0 0 .35rem; color: var(--soft); }
h2 { font-size: 1.15rem; margin: 0 0 1rem; }
.amount { font-size: 2.4rem; font-weight: 700; letter-spacing: -.02em; margin: 0 0 1.5rem;
  font-variant-numeric: tabular-nums; }
ul.lines { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
ul.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .8rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
ul.lines span:last-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; }
legend, label.field { font-weight: 600; font-size: .9rem; padding: 0; margin-bottom: .5rem; display: block; }
.choice { display: flex; gap: .75rem; align-items: center; padding: .85rem 1rem; cursor: pointer;
  border: 1px solid var(--line); border-radius: .7rem; margin-top: .5rem; }
.choice:has(input:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
input[type=radio] { accent-color: var(--accent); width: 1.1rem; height: 1.1rem; margin: 0; }
form:has(input[type=radio]:not([value=card]):checked) .card-fields { display: none; }
.card-fields label { display: block; font-size: .85rem; color: var(--soft); margin-top: .9rem; }
.card-fields input { display: block; width: 100%; margin-top: .3rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem; }
input[type=text] { font: inherit; font-size: 1rem; color: var(--ink); background: transparent;
  border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .8rem; min-height: 2.9rem;
  font-variant-numeric: tabular-nums; }
button, .button { font: inherit; font-weight: 600; display: block; width: 100%; min-height: 3rem; border: 0;
  border-radius: .7rem; padding: .75rem 1rem; cursor: pointer; background: var(--accent);
  color: var(--on-accent); text-align: center; text-decoration: none; }
button.quiet { background: transparent; color: var(--ink); border: 1px solid var(--line);
  margin-top: .75rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
.problem { background: var(--bad-ground); color: var(--bad); border-radius: .7rem; padding: .8rem 1rem;
  margin: 0 0 1.25rem; }
.hint { color: var(--soft); font-size: .85rem; margin: 1rem 0 0; }
.cards { list-style: none; margin: .5rem 0 0; padding: 0; font-size: .85rem; }
.cards li { display: grid; grid-template-columns: auto 1fr; gap: 0 1rem; padding: .3rem 0; }
.cards span { color: var(--soft); text-align: right; }
.cards a { font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge { display: inline-block; border-radius: .5rem; padding: .2rem .7rem; font-weight: 700;
  margin-bottom: 1rem; color: #fff; background: #1b2a3a; }
.badge.twint { background: #262626; }
.badge.paypal { background: #003087; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.25rem; margin: 0 0 1.5rem; }
dt { color: var(--soft); } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
"""
NAMES = {"card": "Card", "twint": "TWINT", "paypal": "PayPal"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page or, with `location`, a redirect."""

    status: int = 200
    html: str = ""
    location: str = ""


def frame(title: str, content: str, *, width: str = "narrow", status: int = 200) -> Page:
    """Return a whole page; `content` is HTML already."""
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<div class="note" role="note">Payments sandbox: no money moves here. Use test cards only.</div>
<main class="{width}">
{content}
</main>
</body>
</html>
"""
    return Page(status=status, html=html)


def not_found() -> Page:
    """Return the page for an address that leads nowhere."""
    text = "<h2>This page does not exist</h2><p>Please go back and try again.</p>"
    return frame("Not found", f'<section class="panel">{text}</section>', status=404)


def closed(status: str, back: str) -> Page:
    """Return the page for a payment that is over."""
    word = "was completed" if status == "complete" else "has expired"
    text = (
        f'<section class="panel"><h2>This page {word}</h2><p>There is nothing more to do here.</p>'
        f'<p><a class="button" href="{escape(back)}">Back</a></p></section>'
    )
    return frame("Closed", text, status=410)


def redirect(address: str) -> Page:
    """Return a redirect after a form was sent."""
    return Page(status=303, location=address)


def with_query(address: str, **values: str) -> str:
    """Return an address with more query parameters."""
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, urlencode(values)]))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def money(amount: int | None, currency: str) -> str:
    """Return an amount for people: `CHF 1'234.50`."""
    whole, cents = divmod(amount or 0, 100)
    return f"{currency.upper()} {whole:,}.{cents:02}".replace(",", "\N{RIGHT SINGLE QUOTATION MARK}")
