"""Links in mails are made from PUBLIC_BASE_URL alone, whatever the headers say (INC-20)."""

import re

import pytest
from django.conf import settings

from tests.factories.people import PASSWORD, browser, give_password, mails, register, with_recovery

EVIL = "evil.example"
HEADERS = {
    "Host": {"host": EVIL},
    "Host with a port": {"host": f"{EVIL}:8443"},
    "Host with credentials": {"host": f"testserver@{EVIL}"},
    "Host with a path": {"host": f"{EVIL}/testserver"},
    "two hosts": {"host": f"testserver, {EVIL}"},
    "X-Forwarded-Host": {"x-forwarded-host": EVIL},
    "X-Forwarded-Server": {"x-forwarded-server": EVIL},
    "X-Host": {"x-host": EVIL},
    "X-Original-Host": {"x-original-host": EVIL},
    "X-HTTP-Host-Override": {"x-http-host-override": EVIL},
    "Forwarded": {"forwarded": f"for=192.0.2.1;host={EVIL};proto=https"},
    "X-Forwarded-Proto": {"x-forwarded-proto": f"https://{EVIL}/?"},
    "X-Original-URL": {"x-original-url": f"https://{EVIL}/"},
    "Origin and Referer": {"origin": f"https://{EVIL}", "referer": f"https://{EVIL}/"},
}
ANYWHERE = re.compile(r"https?://([^\s/\"'<>]+)")


def ask_for_everything(headers: dict[str, str]) -> set[int]:
    """Ask for each mail with a link that a request can cause; return the statuses."""
    user = with_recovery(register(phone="+41791234567"))
    mails()
    client = browser(**headers)
    new = {"first_name": "Eva", "last_name": "Meier", "email": "eva@example.org", "phone": "+41791110011"}
    seen = {
        client.post("/password-forgotten/", {"email": user.email}).status_code,
        client.post("/login-forgotten/", {"phone": user.phone, "channel": "email"}).status_code,
        client.post(
            "/register/", {**new, "password": PASSWORD, "kind": "private", "country": "CH", "terms": "on"}
        ).status_code,
    }
    answer = give_password(client, user)
    seen.add(answer.status_code)
    wanted = {"address": "carla.new@example.net", "password": PASSWORD}
    seen.add(client.post("/profile/security/login/", wanted).status_code)
    seen.add(client.post("/profile/security/recovery-email/", {"address": "b@example.net"}).status_code)
    return seen


@pytest.mark.parametrize("variant", HEADERS)
def test_a_header_gets_400_or_changes_no_link(variant: str) -> None:
    """INC-20: for every mail that somebody can ask for."""
    assert len(HEADERS) >= 12
    statuses = ask_for_everything(HEADERS[variant])
    assert statuses <= {302, 400, 403}
    canonical = re.match(ANYWHERE, settings.PUBLIC_BASE_URL).group(1)
    for mail in mails():
        hosts = set(ANYWHERE.findall(mail.text)) | set(ANYWHERE.findall(mail.html))
        assert hosts <= {canonical}, (variant, mail.template, hosts)
        assert EVIL not in mail.text + mail.html


def test_without_such_headers_the_mails_are_sent() -> None:
    """INC-20: the test above looks at mails that there are."""
    assert ask_for_everything({}) == {302}
    wanted = {"password_reset", "login_reminder", "email_confirmation", "login_confirmation"}
    assert wanted <= {mail.template for mail in mails()}
