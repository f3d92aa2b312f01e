from django.db import models


class Passkey(models.Model):
    """A public key of somebody's, and how it is called by whom it belongs to.

    `kind` and `holder` say whose: `agent`, or `person`, and the number of the account. `host`: the name of the site it
    was made for, the only one where it answers. `sign_count`: how many times it has signed, 0 for ever
    when the key does not count. `synced`: it is copied between the devices of its holder. `owner`: what the key itself
    keeps of whose it is, written once; it stays when its holder becomes another account of the same human being.
    """

    kind = models.CharField(max_length=10)
    holder = models.CharField(max_length=40)
    host = models.CharField(max_length=253)
    owner = models.BinaryField(max_length=32)
    credential = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    synced = models.BooleanField(default=False)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "holder"], name="passkeys_holder")]

    def __str__(self) -> str:
        return f"{self.kind} {self.holder} {self.name}"
