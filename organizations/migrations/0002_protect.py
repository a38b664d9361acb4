"""Row-level security on every table of the app; a person sees his or her own memberships everywhere."""

from typing import ClassVar

from django.db import migrations

from manager.kit.rowsecurity import USER, ProtectTenant

OWN_MEMBERSHIPS = f"FOR SELECT USING (user_id = {USER})"
OWN_ORGANIZATIONS = (
    "FOR SELECT USING (EXISTS (SELECT FROM organizations_membership membership "
    f"WHERE membership.organization_id = organizations_organization.id AND membership.user_id = {USER}))"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0001_initial")]

    operations: ClassVar = [
        ProtectTenant("Organization", column="id", extra=(("person", OWN_ORGANIZATIONS),)),
        ProtectTenant("Membership", extra=(("person", OWN_MEMBERSHIPS),)),
        ProtectTenant("Invitation"),
        ProtectTenant("Grant"),
        ProtectTenant("AuditEvent"),
    ]
