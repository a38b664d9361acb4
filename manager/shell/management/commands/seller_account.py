"""`manage.py seller_account CODE CURRENCY --iban …`: where a company that sells takes transfers; its logo."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.documents.logo import remove_logo, set_logo
from billing.profiles.models import LegalEntity
from billing.transfer.models import SellerAccount
from billing.transfer.services import remove_seller_account, set_seller_account
from manager.kit.errors import DomainError
from manager.kit.fields import CURRENCIES


class Command(BaseCommand):
    """Write, remove or list the accounts that customers transfer to, and the logo of documents."""

    help = "Say on which account a company that sells takes transfers; without a code it lists all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the company, the currency, and the account or the logo."""
        parser.add_argument("code", nargs="?", help="the company's code; see the list without any")
        parser.add_argument("currency", nargs="?", choices=[code for code, _name in CURRENCIES])
        parser.add_argument("--iban", default="")
        parser.add_argument("--qr-iban", default="", help="for Swiss payment parts with a QR reference")
        parser.add_argument("--bic", default="")
        parser.add_argument("--bank", default="", help="the bank's name")
        parser.add_argument("--holder", default="", help="in whose name, if not the company's own")
        parser.add_argument(
            "--remove", action="store_true", help="take no transfers in the currency any more"
        )
        parser.add_argument("--logo", type=Path, help="a PNG, JPEG or WebP for the head of documents")
        parser.add_argument("--remove-logo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then list what there is."""
        if options["code"]:
            entity = LegalEntity.objects.using("system").filter(code=options["code"]).first()
            if entity is None:
                raise CommandError(f"There is no company with the code {options['code']}.")
            try:
                self._write(entity, options)
            except (DomainError, OSError) as refused:
                raise CommandError(str(refused)) from refused
        self._list()

    def _write(self, entity: LegalEntity, options: dict[str, Any]) -> None:
        if options["logo"]:
            set_logo(legal_entity=entity, picture=options["logo"].read_bytes())
        if options["remove_logo"]:
            remove_logo(legal_entity=entity)
        if options["currency"] is None:
            return
        if options["remove"]:
            remove_seller_account(legal_entity=entity, currency=options["currency"])
            return
        if not (options["iban"] and options["bank"]):
            raise CommandError("An account needs --iban and --bank.")
        set_seller_account(
            legal_entity=entity,
            currency=options["currency"],
            iban=options["iban"],
            qr_iban=options["qr_iban"],
            bic=options["bic"],
            bank_name=options["bank"],
            account_holder=options["holder"],
        )

    def _list(self) -> None:
        accounts = SellerAccount.objects.using("system")
        entities = LegalEntity.objects.using("system").select_related("logo").order_by("code")
        for entity in entities:
            logo = ", with a logo" if hasattr(entity, "logo") else ""
            self.stdout.write(f"{entity.code}: {entity.name}{logo}")
            for account in accounts.filter(legal_entity=entity).order_by("currency"):
                qr_iban = f", QR-IBAN {account.qr_iban}" if account.qr_iban else ""
                self.stdout.write(f"  {account.currency}  {account.iban}{qr_iban}  {account.bank_name}")
