"""What a process needs to run: settings, secrets, databases, logs, health, security headers, the `etoile` command."""
