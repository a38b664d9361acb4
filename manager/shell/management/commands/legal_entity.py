"""`manage.py legal_entity CODE --name …`: a company of the operator that sells, with numbers of its own."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.profiles.models import LegalEntity
from billing.profiles.services import set_up_entity
from manager.kit.errors import DomainError
from organizations.profile.vat_numbers import printed_vat_number

COLUMNS = {
    "name": "its name in the commercial register",
    "street": "street and number",
    "postal_code": "postal code",
    "city": "city",
    "country": "its country, such as CH: the VAT of sales at home is the one of this country",
    "vat_number": "its VAT number",
    "number_prefix": "what the numbers of its documents begin with, such as CH in CH-2026-000001",
    "time_zone": "where its days begin, Europe/Zurich unless told",
}


class Command(BaseCommand):
    """Write or list the companies that sell."""

    help = "Set up or change a company that sells; without a code it lists all. What is left out stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the company and its columns."""
        parser.add_argument("code", nargs="?", help="a short name of your own, such as ch")
        for column, meaning in COLUMNS.items():
            parser.add_argument(f"--{column.replace('_', '-')}", help=meaning)
        parser.add_argument("--default", action="store_true", help="from now on this company sells")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then list what there is."""
        if options["code"]:
            columns = {name: options[name].strip() for name in COLUMNS if options[name] is not None}
            try:
                ZoneInfo(columns.get("time_zone", "UTC"))
                if options["default"]:
                    columns["is_default"] = True
                set_up_entity(code=options["code"], **columns)
            except ValidationError as refused:
                said = "; ".join(f"{name}: {' '.join(why)}" for name, why in refused.message_dict.items())
                raise CommandError(said) from refused
            except (DomainError, LookupError, ValueError) as refused:
                raise CommandError(str(refused)) from refused
        self._list()

    def _list(self) -> None:
        for entity in LegalEntity.objects.using("system").order_by("code"):
            sells = ", sells" if entity.is_default else ""
            number = printed_vat_number(entity.vat_number)
            place = f"{entity.street}, {entity.postal_code} {entity.city}, {entity.country}"
            self.stdout.write(f"{entity.code}: {entity.name}, {place}, {number}")
            self.stdout.write(f"  numbers {entity.number_prefix}-…, days of {entity.time_zone}{sells}")
