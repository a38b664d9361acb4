"""Aliases, redirections, the auto-reply, the test of a password, and mails about passwords (MAIL-1)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.users.models import User
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.operations import describe_entry
from products.modules.mail.passwords import is_password
from products.modules.mail.periodic import drain_mail
from tests.factories.cast import make_person
from tests.factories.mail import PASSWORD, make_mailbox

NEW_PASSWORD = "seven-lantern-orchid-bridge"
ROUTES = MailRoute.objects.using("system")


def page_of(product: Product, *more: object) -> str:
    path = "".join(f"{part}/" for part in more)
    return f"/o/{product.organization_id}/products/{product.pk}/mail/{path}"


def redirect(client: Client, product: Product, name: str, targets: str, **more: str) -> int:
    fields = {"name": name, "targets": targets, **more}
    return client.post(page_of(product, "routes", "redirection"), fields).status_code


def test_aliases_and_redirections_are_made_shown_and_deleted(
    alice: Client, mail: Product, at: datetime
) -> None:
    """MAIL-1: an alias leads into a mailbox, a redirection anywhere; both are carried out and go again."""
    make_mailbox(mail, at=at)
    alias = {"name": "info", "mailbox": "Anna@example.ch"}
    assert alice.post(page_of(mail, "routes", "alias"), alias).status_code == 302
    assert redirect(alice, mail, "team", "a@example.org\nb@example.net") == 302
    assert drain_mail(at=at + timedelta(minutes=1)) == 3
    shown = alice.get(page_of(mail, "routes")).content.decode()
    assert "info@example.ch" in shown
    assert "a@example.org, b@example.net" in shown
    assert [
        describe_entry(route)["targets"] for route in ROUTES.select_related("mailbox").order_by("pk")
    ] == [
        ["anna@example.ch"],
        ["a@example.org", "b@example.net"],
    ]
    only = alice.get(page_of(mail, "routes"), {"kind": "alias", "q": "nn"}).content.decode()
    assert "info@example.ch" in only
    assert "team@" not in only
    route = ROUTES.get(kind="alias")
    assert (
        "Delete info@example.ch?" in alice.get(page_of(mail, "routes", route.pk, "delete")).content.decode()
    )
    alice.post(page_of(mail, "routes", route.pk, "delete"))
    assert drain_mail(at=at + timedelta(minutes=2)) == 1
    assert list(ROUTES.values_list("address", flat=True)) == ["team@example.ch"]


def test_mail_never_goes_round(alice: Client, mail: Product, at: datetime) -> None:
    """MAIL-1: neither to itself nor by way of others, aliases among them."""
    make_mailbox(mail, at=at)
    alice.post(page_of(mail, "routes", "alias"), {"name": "info", "mailbox": "anna@example.ch"})
    assert redirect(alice, mail, "self", "self@example.ch") == 422
    assert redirect(alice, mail, "one", "two@example.ch") == 302
    assert redirect(alice, mail, "two", "three@example.ch") == 302
    assert redirect(alice, mail, "three", "out@example.org one@example.ch") == 422
    assert redirect(alice, mail, "anna", "info@example.ch") == 422
    assert redirect(alice, mail, "three", "out@example.org") == 302


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "x", "targets": "nonsense"}, "is no e-mail address"),
        ({"name": "x", "targets": " "}, "required"),
        ({"name": "x", "targets": "a@example.org", "keeps_copy": "on"}, "no mailbox of this address"),
        ({"name": "anna", "targets": "\n".join(f"u{n}@example.org" for n in range(21))}, "letters"),
    ],
    ids=["no-address", "empty", "copy", "many"],
)
def test_refuses_a_redirection_that_cannot_be(
    alice: Client, mail: Product, at: datetime, fields: dict[str, str], told: str
) -> None:
    """INC-5: 422 beside the field."""
    make_mailbox(mail, at=at)
    answer = alice.post(page_of(mail, "routes", "redirection"), fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ROUTES.exists()
    assert redirect(alice, mail, "anna", "a@example.org", keeps_copy="on") == 302


def test_the_auto_reply_is_set_checked_and_kept_for_the_next_time(
    alice: Client, mail: Product, at: datetime
) -> None:
    """MAIL-1: dates, subject and text reach the driver; off keeps the text."""
    box = make_mailbox(mail, at=at)
    fields = {"subject": "Away", "text": "Back soon.", "starts_on": "2027-01-10", "ends_on": "2027-01-20"}
    wrong = alice.post(page_of(mail, box.pk, "reply"), {**fields, "is_on": "on", "ends_on": "2027-01-01"})
    assert wrong.status_code == 422
    assert alice.post(page_of(mail, box.pk, "reply"), {"is_on": "on"}).status_code == 422
    assert alice.post(page_of(mail, box.pk, "reply"), {**fields, "is_on": "on"}).status_code == 302
    told = describe_entry(Mailbox.objects.using("system").get())["reply"]
    assert told == {"from": "2027-01-10", "until": "2027-01-20", "subject": "Away", "text": "Back soon."}
    assert "Away" in alice.get(page_of(mail, box.pk)).content.decode()
    alice.post(page_of(mail, box.pk, "reply"), fields)
    off = Mailbox.objects.using("system").get()
    assert (off.has_reply, describe_entry(off)["reply"], off.reply_subject) == (False, None, "Away")


def test_a_password_is_tested_ten_times_and_each_is_logged(
    alice: Client, mail: Product, at: datetime
) -> None:
    """MAIL-1, ACC-17: right or wrong, every try counts; no way to guess."""
    box = make_mailbox(mail, at=at)
    page = page_of(mail, box.pk, "test")
    assert alice.post(page, {"password": PASSWORD}).status_code == 302
    wrong = alice.post(page, {"password": "not this one at all"})
    assert "This is not the password of the mailbox." in wrong.content.decode()
    for _ in range(8):
        alice.post(page, {"password": "not this one at all"})
    assert "Too many attempts" in alice.post(page, {"password": PASSWORD}).content.decode()
    tested = AuditEvent.objects.using("system").filter(name="mailbox.tested").order_by("pk")
    assert [event.data["is_right"] for event in tested] == [True] + [False] * 9


def test_the_reader_hears_of_a_password_that_somebody_else_changed(
    alice: Client, mail: Product, at: datetime
) -> None:
    """MAIL-1: by the recovery address, as the mailbox may be closed to him or her now."""
    reader = make_person("Ben Rossi", recovery_email="ben@example.org")
    User.objects.filter(pk=reader.pk).update(email="ben@example.ch")
    box = make_mailbox(mail, "ben", at=at)
    weak = alice.post(page_of(mail, box.pk, "password"), {"password": "short"})
    assert weak.status_code == 422
    alice.post(page_of(mail, box.pk, "password"), {"password": NEW_PASSWORD})
    assert is_password(NEW_PASSWORD, Mailbox.objects.using("system").get().password_hash)
    drain_outbox(at=at + timedelta(minutes=1))
    mails = OutgoingMail.objects.using("system").filter(recipient="ben@example.org")
    told = mails.get(subject__contains="password of ben@example.ch").text
    assert "Alice Meier of" in told
    assert NEW_PASSWORD not in told


def test_an_alias_and_a_redirection_are_led_elsewhere(alice: Client, mail: Product, at: datetime) -> None:
    """MAIL-1: what cannot be is said beside the field."""
    make_mailbox(mail, at=at)
    make_mailbox(mail, name="bruno", at=at)
    alice.post(page_of(mail, "routes", "alias"), {"name": "info", "mailbox": "anna@example.ch"})
    redirect(alice, mail, "team", "a@example.org")
    drain_mail(at=at + timedelta(minutes=1))
    alias, team = ROUTES.get(kind="alias"), ROUTES.get(kind="redirection")
    assert "a@example.org" in alice.get(page_of(mail, "routes", team.pk, "change")).content.decode()

    def change(route: MailRoute, **fields: str) -> int:
        return alice.post(page_of(mail, "routes", route.pk, "change"), fields).status_code

    assert change(team, targets="nonsense") == 422
    assert change(team, targets="team@example.ch") == 422
    assert change(alias, mailbox="nobody@example.ch") == 422
    assert change(team, targets="b@example.org\nc@example.net") == 302
    assert change(alias, mailbox="bruno@example.ch") == 302
    assert drain_mail(at=at + timedelta(minutes=2)) == 2
    told = {row.address: describe_entry(row)["targets"] for row in ROUTES.select_related("mailbox")}
    assert told == {
        "info@example.ch": ["bruno@example.ch"],
        "team@example.ch": ["b@example.org", "c@example.net"],
    }
