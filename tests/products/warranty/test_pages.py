"""The back office's pages of Renewal Warranty (PRD-12, INC-15)."""

from django.test import Client
from django.utils.formats import date_format

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.warranty.models import ContactTask
from products.warranty.rights import RENEWAL_WARRANTY
from tests.factories.cast import make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.warranty import open_warranty_case


def outcome(organization: Organization, means: str) -> str:
    with tenant_scope(organization.pk):
        return ContactTask.objects.get(means=means).outcome


def staff() -> Client:
    return staff_client(make_staff(RENEWAL_WARRANTY))


def test_staff_reach_the_owner_and_renew() -> None:
    """PRD-12: from the list to each contact, its note, and the renewal."""
    organization = make_tenant(name="Domain AG")
    case = open_warranty_case(organization)
    browser = staff()
    assert "/staff/warranty/" in browser.get("/staff/").content.decode()
    page = browser.get("/staff/warranty/").content.decode()
    assert "shop.example" in page
    assert "Domain AG" in page
    assert "shop.example" not in browser.get("/staff/warranty/", {"status": "ended"}).content.decode()
    here = f"/staff/warranty/{case.pk}/"
    assert "Send the mail now" in browser.get(here).content.decode()
    assert browser.post(f"{here}contacts/mail/", {"send": "yes"}).status_code == 302
    assert outcome(organization, "mail") == "sent"
    wrong = browser.post(f"{here}contacts/phone/", {"outcome": "shouted"})
    assert wrong.status_code == 422
    assert outcome(organization, "phone") == ""
    unsaid = browser.post(f"{here}contacts/phone/", {"outcome": "", "note": "Pays today"})
    assert unsaid.status_code == 422  # nobody is noted as reached by a button alone
    noted = {"outcome": "reached", "note": "Pays today"}
    assert browser.post(f"{here}contacts/phone/", noted).status_code == 302
    assert "Pays today" in browser.get(here).content.decode()
    assert browser.post(f"{here}contacts/pigeon/", noted).status_code == 404
    assert browser.get(f"{here}renew/").status_code == 200
    assert browser.post(f"{here}renew/").status_code == 302
    shown = browser.get(here).content.decode()
    assert "Renewed at our risk" in shown
    assert date_format(now()) in shown
    assert date_format(case.renew_on) not in shown.split("Renewed by us on")[1].split("</dd>")[0]
    assert browser.post(f"{here}renew/").status_code == 409
