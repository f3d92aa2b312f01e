from django.contrib.auth.hashers import PBKDF2PasswordHasher


class MachineSecretHasher(PBKDF2PasswordHasher):
    """For secrets of applications: random and at least 32 characters long, they need no slow hash against guessing."""

    algorithm = "machine_secret"
    iterations = 10_000
