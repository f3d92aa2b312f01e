"""The door by which the hub delivers to us, as it does to any application: CloudEvents signed by Standard Webhooks."""
