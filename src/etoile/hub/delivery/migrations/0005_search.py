"""What makes every question of the console an index look-up, however many deliveries there are.

`place` answers by subscription and state in the order of the keys, which is that of time. It holds what does not move by
itself, so a delivery that goes well enters it once, received; what moves is found in the index of lanes, which the
claims need anyway: an index of everything would be written again by each claim and each result. The words of an error are searched on the attempts that failed: what goes well, nearly
all, costs nothing there. 'simple' splits words and changes none, and needs no extension; what French typography puts
between words is a letter to a database without a locale, so it is taken away first.
"""

from django.db import migrations

SEPARATED = "translate(detail, '’«»…\u00a0\u202f', '      ')"

INDEXES = f"""
CREATE INDEX delivery_delivery_place ON delivery_delivery (subscription_id, state, id)
    WHERE state IN ('sent', 'acknowledged', 'rejected', 'dead', 'held', 'cancelled');
CREATE INDEX delivery_delivery_external ON delivery_delivery (external_id, id) WHERE external_id IS NOT NULL;
CREATE INDEX delivery_attempt_words ON delivery_attempt USING gin (to_tsvector('simple', {SEPARATED}))
    WHERE outcome NOT IN ('acknowledged', 'accepted');
"""

DROP = "DROP INDEX delivery_attempt_words, delivery_delivery_external, delivery_delivery_place;"


class Migration(migrations.Migration):
    dependencies = [("delivery", "0004_offers")]

    operations = [migrations.RunSQL(INDEXES, DROP)]
