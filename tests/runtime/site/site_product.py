from etoile.runtime.products import Product

PRODUCT = Product(
    name="hub",
    settings="site_settings",
    wsgi="site_wsgi:application",
    worker="site_worker",
    port_variable="HUB_PORT",
    default_port=8100,
    checks=("check",),
)
