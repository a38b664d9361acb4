"""Pages of the shop, the cart, the checkout and the orders."""
