"""What people put on lists of products: tags, kept filters, chosen columns; and their calendar's address."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from manager.kit.fields import refuse_control_characters
from organizations.teams.models import Color
from organizations.tenancy.models import OrganizationOwned


class Tag(OrganizationOwned):
    """A word with a colour that an organization puts on its products."""

    name = models.CharField(max_length=40, validators=[refuse_control_characters])
    color = models.CharField(max_length=8, choices=Color.choices, default=Color.INDIGO)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def hue(self) -> int:
        """The number of the tag's tint."""
        return Color(self.color).hue


class ProductTag(OrganizationOwned):
    """A tag on a product."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="places")
    product = models.ForeignKey("products.Product", on_delete=models.CASCADE, related_name="tag_places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "tag"], name="product_tag_once")]
        indexes = [models.Index(fields=["organization", "tag", "product"], name="product_by_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.product_id}"


class SavedFilter(OrganizationOwned):
    """A member's filter of a list under a name; `query` is the checked address' query.

    `family` is the list that it belongs to, empty for the list of all. The default one applies when the
    member opens that list without any filter.
    """

    membership = models.ForeignKey("organizations.Membership", on_delete=models.CASCADE, related_name="+")
    family = models.SlugField(blank=True)
    name = models.CharField(max_length=60, validators=[refuse_control_characters])
    query = models.CharField(max_length=1000, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("membership", "family", Lower("name"), name="saved_filter_name_unique"),
            models.UniqueConstraint(
                fields=["membership", "family"], condition=Q(is_default=True), name="saved_filter_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListColumns(OrganizationOwned):
    """The columns that a member sees in lists of products, as names of `products.lists.columns`."""

    membership = models.OneToOneField("organizations.Membership", on_delete=models.CASCADE, related_name="+")
    names = models.JSONField(default=list)

    def __str__(self) -> str:
        return ", ".join(self.names)


class ExpiryFeed(OrganizationOwned):
    """A member's calendar of expiries at a secret address, of which only the digest is kept."""

    membership = models.OneToOneField("organizations.Membership", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Calendar of {self.membership_id}"
