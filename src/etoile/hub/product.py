from etoile.runtime.products import Product

PRODUCT = Product(
    name="hub",
    settings="etoile.hub.settings",
    wsgi="etoile.hub.wsgi:application",
    worker="etoile.hub.worker",
    port_variable="HUB_PORT",
    default_port=8100,
    append_only=("journal_entry", "journal_message_key", "journal_seal", "registry_change"),
    checks=("hub_engine",),
)
