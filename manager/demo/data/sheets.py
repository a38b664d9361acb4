"""What stands on the sheets of the demonstration's organizations: VAT numbers, a logo, a product on offer."""

import io
from datetime import datetime

from PIL import Image, ImageDraw, ImageFont

from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from organizations.profile.services import edit_organization, set_logo
from products.inventory.models import Product
from products.inventory.status import RUNNING
from products.transfer.blockers import why_not_transferable
from products.transfer.services import offer_transfer

# The register of the demonstration knows the first; there is none to ask about the second.
VAT_NUMBERS = (("dupont", "claire", "FR83404833048"), ("alpina", "anna", "CHE-107.787.577 MWST"))
INK, SNOW = "#1f5f8b", "#5fb3a1"


def fill_in_sheets(*, organizations: dict[str, Organization], users: dict[str, User], at: datetime) -> None:
    """Give two organizations a VAT number and one a logo, and offer one product to who has the link."""
    for key, person, number in VAT_NUMBERS:
        edit_organization(
            organization=organizations[key],
            values={"vat_number": number},
            actor=acting(users[person]),
            at=at,
        )
    alpina, anna = organizations["alpina"], users["anna"]
    set_logo(organization=alpina, data=draw_logo("Alpina Web"), actor=acting(anna), at=at)
    with tenant_scope(alpina.pk):
        running = Product.objects.filter(
            organization_id=alpina.pk, status__in=RUNNING, auto_renew=False
        ).select_related("plan", "organization")
        free = (product for product in running.order_by("-expires_on", "pk") if _can_go(product, at))
        if product := next(free, None):
            offer_transfer(product=product, recipient=None, user_id=anna.pk, actor=acting(anna), at=at)


def draw_logo(name: str) -> bytes:
    """Return two mountains with `name` beside them, as PNG without a ground."""
    picture = Image.new("RGBA", (480, 96), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(4, 84), (48, 12), (92, 84)], fill=INK)
    pen.polygon([(56, 84), (92, 36), (124, 84)], fill=SNOW)
    pen.text((140, 48), name, fill=INK, font=ImageFont.load_default(58), anchor="lm")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _can_go(product: Product, at: datetime) -> bool:
    return why_not_transferable(product, at=at, now=False) is None
