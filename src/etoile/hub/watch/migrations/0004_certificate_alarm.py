from django.db import migrations, models

KINDS = [
    ("dead", "essais épuisés"),
    ("rejected", "envois refusés"),
    ("doubtful", "filtre en erreur"),
    ("circuit", "application coupée"),
    ("oldest", "envois en retard"),
    ("unrouted", "sans destinataire"),
    ("quarantine", "réponses en quarantaine"),
    ("unreadable", "fichiers illisibles"),
    ("poll", "application impossible à interroger"),
    ("lookup", "consultation sans réponse"),
    ("certificate", "certificat à renouveler"),
    ("silent", "application silencieuse"),
    ("reconciliation", "comptes qui ne tombent pas juste"),
    ("job", "tâche programmée en retard"),
    ("seal", "journal non scellé"),
    ("notice", "alertes qui ne partent pas"),
    ("blind", "surveillance en panne"),
]


class Migration(migrations.Migration):
    dependencies = [("watch", "0003_lookup_alarm")]

    operations = [migrations.AlterField("alarm", "kind", models.CharField(choices=KINDS, max_length=20))]
