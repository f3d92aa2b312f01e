"""A table, its versions, their rows. A version never changes: what is read of one may be kept in memory."""

from django.db import models

from etoile.gru.access.models import Account, Authority


class Table(models.Model):
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="reference_tables")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    current = models.OneToOneField("TableVersion", on_delete=models.PROTECT, null=True, related_name="current_of")

    class Meta:
        db_table = "forms_table"
        constraints = [models.UniqueConstraint(fields=["authority", "slug"], name="forms_table_slug")]

    def __str__(self) -> str:
        return self.slug


class TableVersion(models.Model):
    """`columns`: names in the order of the file, those of the key and of the label included. `size`: rows."""

    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    key_column = models.CharField(max_length=60)
    label_column = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "forms_tableversion"
        constraints = [models.UniqueConstraint(fields=["table", "number"], name="forms_tableversion_number")]

    def __str__(self) -> str:
        return f"{self.table_id} v{self.number}"


class TableRow(models.Model):
    """`words`: what is searched, without accents, the label first; an index of it is made by the migration."""

    version = models.ForeignKey(TableVersion, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    key = models.TextField()
    label = models.TextField()
    words = models.TextField()
    cells = models.JSONField(default=dict)

    class Meta:
        db_table = "forms_tablerow"
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="forms_tablerow_key")]
        indexes = [models.Index(fields=["version", "position"], name="forms_tablerow_position")]

    def __str__(self) -> str:
        return self.label
