"""The hosted payment page: what is paid, by which means, and the card that the panel never sees."""

import re
from datetime import UTC, datetime
from html import escape

from manager.demo.provider.store import Thing
from manager.demo.psp.cards import CARDS
from manager.demo.psp.pages.layout import NAMES, Page, closed, frame, money, not_found, redirect
from manager.demo.psp.problems import ApiProblem
from manager.demo.psp.resources import checkout_sessions, payment_intents, setup_intents
from manager.demo.psp.resources.payment_methods import card_for, new_method
from manager.demo.psp.sandbox import Call

DEFAULTS = {"method": "", "number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123", "name": ""}
EXPIRY = re.compile(r"\s*(0?[1-9]|1[0-2])\s*/\s*(?:20)?(\d{2})\s*")


def visit(call: Call, identifier: str, *, method: str, fields: dict[str, str]) -> Page:
    """Show the page, or take what was filled in."""
    session = call.store.get("checkout.session", identifier)
    if session is None:
        return not_found()
    checkout_sessions.current(call, session)
    if session["status"] != "open":
        complete = session["status"] == "complete"
        return redirect(success(session)) if complete else closed("expired", session["cancel_url"])
    if method == "POST":
        return submit(call, session, fields)
    problem, session["_problem"] = session["_problem"], ""
    return show(session, fields, problem)


def submit(call: Call, session: Thing, fields: dict[str, str]) -> Page:
    """Use the means that was chosen."""
    try:
        means = means_of(call, session, fields)
        intent = checkout_sessions.intent_of(call, session)
        back = f"{call.sandbox.public_url}/pay/{session['id']}"
        if session["mode"] == "setup":
            setup_intents.confirm_intent(call, intent, means, return_url=back)
        else:
            payment_intents.confirm_intent(call, intent, means, return_url=back)
    except ApiProblem as problem:
        return show(session, fields, problem.error["message"], status=402)
    if intent["status"] == "requires_action":
        return redirect(intent["next_action"]["redirect_to_url"]["url"])
    checkout_sessions.complete(call, session)
    return redirect(success(session))


def means_of(call: Call, session: Thing, fields: dict[str, str]) -> Thing:
    """Return a payment method for what was filled in.

    :raises ApiProblem: with what to correct.
    """
    kind = fields.get("method") or session["payment_method_types"][0]
    if kind not in session["payment_method_types"]:
        raise ApiProblem(402, "card_error", "Please choose one of the means offered.")
    if kind != "card":
        return new_method(call, kind)
    card = card_for(re.sub(r"[\s-]", "", fields.get("number", "")))
    expiry = EXPIRY.fullmatch(fields.get("expiry", ""))
    if expiry is None:
        raise ApiProblem(402, "card_error", "The expiry is a month and a year, such as 12/34.")
    month, year = int(expiry[1]), 2000 + int(expiry[2])
    today = datetime.now(tz=UTC)
    if (year, month) < (today.year, today.month):
        raise ApiProblem(402, "card_error", "Your card's expiration date is in the past.")
    if not re.fullmatch(r"\d{3,4}", fields.get("cvc", "")):
        raise ApiProblem(402, "card_error", "The security code has 3 or 4 digits.")
    return new_method(call, "card", card=card, exp_month=month, exp_year=year)


def success(session: Thing) -> str:
    """Return the address to go back to after success."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def show(session: Thing, fields: dict[str, str], problem: str, *, status: int = 200) -> Page:
    """Return the page."""
    paying = session["mode"] == "payment"
    total = money(session["amount_total"], session["currency"])
    title = f"Pay {total}" if paying else "Save a means of payment"
    alert = f'<p class="problem" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    content = f"""{summary(session, total) if paying else ""}
<section class="panel" aria-labelledby="pay-title">
<h2 id="pay-title">{"How would you like to pay?" if paying else "Save a means of payment"}</h2>
{alert}
<form method="post" action="/pay/{session["id"]}">
{choices(session, fields)}
{card_fields(fields) if "card" in session["payment_method_types"] else ""}
<button type="submit">{escape(title if paying else "Save")}</button>
</form>
<p class="hint">{future(session)}<a href="{escape(session["cancel_url"])}">Cancel and go back</a></p>
{hints(session)}
</section>"""
    return frame(title, content, width="wide" if paying else "narrow", status=status)


def summary(session: Thing, total: str) -> str:
    """Return what is paid."""
    lines = "".join(
        f"<li><span>{escape(line['name'])}{' × ' + str(line['quantity']) if line['quantity'] > 1 else ''}"
        f"</span><span>{escape(money(line['amount'], line['currency']))}</span></li>"
        for line in session["_lines"]
    )
    return (
        f'<section aria-labelledby="sum-title"><h1 id="sum-title">To pay</h1>'
        f'<p class="amount">{escape(total)}</p><ul class="lines">{lines}</ul></section>'
    )


def choices(session: Thing, fields: dict[str, str]) -> str:
    """Return the means on offer; one alone needs no choice."""
    kinds = session["payment_method_types"]
    chosen = fields.get("method") if fields.get("method") in kinds else kinds[0]
    if len(kinds) == 1:
        only = "" if kinds[0] == "card" else f"<p>{NAMES[kinds[0]]}</p>"
        return f'<input type="hidden" name="method" value="{kinds[0]}">{only}'
    options = "".join(
        f'<label class="choice"><input type="radio" name="method" value="{kind}"'
        f"{' checked' if kind == chosen else ''}><span>{NAMES[kind]}</span></label>"
        for kind in kinds
    )
    return f"<fieldset><legend>Means of payment</legend>{options}</fieldset>"


def card_fields(fields: dict[str, str]) -> str:
    """Return the fields of a card, filled in with a test card that pays."""
    value = {name: escape(fields.get(name, default)) for name, default in DEFAULTS.items()}
    return f"""<fieldset class="card-fields"><legend>Card</legend>
<label>Card number<input type="text" name="number" inputmode="numeric" autocomplete="cc-number"
 value="{value["number"]}" maxlength="24"></label>
<div class="pair">
<label>Expiry (MM/YY)<input type="text" name="expiry" inputmode="numeric" autocomplete="cc-exp"
 value="{value["expiry"]}" maxlength="9"></label>
<label>Security code<input type="text" name="cvc" inputmode="numeric" autocomplete="cc-csc"
 value="{value["cvc"]}" maxlength="4"></label>
</div>
</fieldset>"""


def future(session: Thing) -> str:
    """Return the notice that the means is kept, where it is."""
    return "The means is kept for later charges. " if session["mode"] == "setup" else ""


def hints(session: Thing) -> str:
    """Return the test cards, each a link that fills in its number."""
    if "card" not in session["payment_method_types"]:
        return ""
    rows = "".join(
        f'<li><a href="/pay/{session["id"]}?method=card&amp;number={card.number}">{spaced(card.number)}</a>'
        f"<span>{escape(card.hint)}</span></li>"
        for card in CARDS
        if card.hint
    )
    return f'<h2 class="hint">Test cards</h2><ul class="cards">{rows}</ul>'


def spaced(number: str) -> str:
    """Return a card number in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
