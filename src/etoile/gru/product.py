from etoile.runtime.products import Product

PRODUCT = Product(
    name="gru",
    settings="etoile.gru.settings",
    wsgi="etoile.gru.wsgi:application",
    worker="etoile.gru.worker",
    port_variable="GRU_PORT",
    default_port=8000,
    append_only=("cases_history", "people_history"),
    checks=("gru_antivirus", "gru_directory", "gru_given_keys", "gru_passwords", "gru_sealing"),
)
