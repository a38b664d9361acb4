"""The tag with which the list of products draws its rows, with the icons of the house."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from manager.shell.templatetags.ui import icon
from products.lists.markup import RowMarkup

register = template.Library()


@register.simple_tag(takes_context=True)
def product_rows(context: Context) -> SafeString:
    """Return `rows` of the page as rows of its table."""
    columns = context["columns"]
    families = context["shell"].families if "family" in columns else ()
    markup = RowMarkup(
        organization_id=context["request"].organization.pk,
        columns=columns,
        rights={name: context[name] for name in ("may_select", "may_renew", "may_terminate")},
        families={family.slug: family.name for family in families},
        icon=icon,
    )
    return markup.draw(context["rows"])
