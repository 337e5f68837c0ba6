"""WebShop: an online shop of real products, searched and clicked through in text."""
