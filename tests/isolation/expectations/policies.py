"""Policies beside the tenant's and the operator's, each with its reason. A policy without a line fails."""

# Each lets a person read, and nobody write; it names who asks by `app.user`.
PERSON: dict[str, str] = {
    "organizations_organization": "people see the organizations that they are members of, to choose one",
    "organizations_membership": "people see their own memberships, to choose an organization",
    "organizations_organizationsummary": "people see the alerts of their own organizations in the switcher",
}
