"""What is searched of a case: its words, made by `cases.search`, in an index that knows no language."""

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from etoile.gru.cases.models.case import Case


class Lexemes(models.Field):
    """A set of words as PostgreSQL searches them (`tsvector`). Written and asked; never read back."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_prep_value(self, value: Collection[str]) -> list[str]:
        return sorted(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "array_to_tsvector(%s::text[])"


@Lexemes.register_lookup
class Holds(models.Lookup):
    """`words__holds=["mar", "de"]`: a word begins with « mar », and one is « de ».

    Of two signs begin too many words to be told apart."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*parameters, " & ".join(map(_quoted, self.rhs))]


def _quoted(word: str) -> str:
    bare = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{bare}'" + (":*" if len(word) > 2 else "")


class CaseWords(models.Model):
    """Beside the case, which is written often: its words seldom change, and their index is dear to write."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = Lexemes()

    class Meta:
        db_table = "cases_words"
        # Written at once, without a list of what is to be indexed later: a search never has to read that list.
        indexes = [GinIndex(name="cases_words_found", fields=["words"], fastupdate=False)]

    def __str__(self) -> str:
        return str(self.case_id)
