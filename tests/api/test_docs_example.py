"""What docs/examples/ shows runs as it stands there, over real HTTP (API-4)."""

import subprocess
import sys
from pathlib import Path

from accounts.tokens.scopes import Scope
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from tests.factories.billing import make_address
from tests.factories.cast import make_person, make_tenant
from tests.factories.domains import make_domain_plan
from tests.factories.payments import fill_prepaid
from tests.factories.tokens import make_api_token
from tests.fixtures.http import Site

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "order_domain.py"


def run(site: Site, secret: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the script as a customer would: with an address, a token, and Python alone."""
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), "lakeside-garden.ch"],
        cwd=folder,
        env={"MANAGER_URL": site.url, "MANAGER_TOKEN": secret, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_orders_a_domain_pays_it_and_saves_the_invoice(site: Site, tmp_path: Path) -> None:
    """API-4, BIL-9: in 40 lines; the money comes from the prepaid account."""
    assert len(SCRIPT.read_text().splitlines()) <= 40
    owner = make_person()
    organization = make_tenant(owner)
    make_address(organization, is_default=True)
    make_domain_plan(slug="domain-ch", extension=".ch")
    fill_prepaid(organization, 20_000)
    _token, secret = make_api_token(owner, scopes=tuple(Scope.values))

    done = run(site, secret, tmp_path)

    assert done.returncode == 0, done.stderr
    assert "lakeside-garden.ch for a year: 129.72 CHF with VAT" in done.stdout
    (invoice,) = tmp_path.iterdir()
    assert invoice.read_bytes().startswith(b"%PDF")
    with tenant_scope(organization.pk):
        assert Product.objects.filter(organization_id=organization.pk, name="lakeside-garden.ch").exists()
