from django.db import migrations, models

# What was given back then: the whole, but for what differences gave back since the refund before it.
_REFUNDED = """
UPDATE fees_fee AS mine SET refunded = greatest(0, amount - (
    SELECT coalesce(sum(part.amount), 0) FROM fees_difference AS part
    WHERE part.case_id = mine.case_id AND part.state = 'given_back' AND part.decided_at <= mine.settled_at
        AND NOT EXISTS (
            SELECT FROM fees_fee AS other WHERE other.case_id = mine.case_id AND other.state = 'refunded'
                AND other.settled_at < mine.settled_at AND part.decided_at <= other.settled_at
        )
)) WHERE state = 'refunded'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("fees", "0002_differences"),
    ]

    operations = [
        migrations.AddField(model_name="fee", name="refunded", field=models.PositiveIntegerField(default=0)),
        migrations.RunSQL(_REFUNDED, migrations.RunSQL.noop),
    ]
