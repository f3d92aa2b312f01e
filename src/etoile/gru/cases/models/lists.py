"""Lists kept under a name."""

from django.db import models


class SavedList(models.Model):
    """What one agent asks of the list of cases, as the address of the page says it: it is shared by giving it."""

    NAME = 60

    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME)
    query = models.TextField()

    class Meta:
        db_table = "cases_saved_list"
        constraints = [models.UniqueConstraint(name="cases_saved_list_once", fields=["account", "name"])]

    def __str__(self) -> str:
        return self.name
