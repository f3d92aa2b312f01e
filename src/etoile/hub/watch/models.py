"""What the hub watches, kept: its scheduled jobs, its alarms, who was told, the usual rhythms, the figures."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Where a scheduled job stands. `due`: when it may start; while it runs, `lease_until` says until when it is alive.

    A job whose lease has ended was cut short: it is taken up again, under a greater `token`.
    """

    name = models.CharField(max_length=60, primary_key=True)
    enrolled_at = models.DateTimeField()
    due = models.DateTimeField()
    token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.TextField(blank=True)
    last_started = models.DateTimeField(null=True)
    last_succeeded = models.DateTimeField(null=True)
    last_failed = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    duration_ms = models.BigIntegerField(null=True)
    said = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class AlarmKind(models.TextChoices):
    DEAD = "dead", _("essais épuisés")
    REJECTED = "rejected", _("envois refusés")
    DOUBTFUL = "doubtful", _("filtre en erreur")
    CIRCUIT = "circuit", _("application coupée")
    OLDEST = "oldest", _("envois en retard")
    UNROUTED = "unrouted", _("sans destinataire")
    QUARANTINE = "quarantine", _("réponses en quarantaine")
    UNREADABLE = "unreadable", _("fichiers illisibles")
    POLL = "poll", _("application impossible à interroger")
    LOOKUP = "lookup", _("consultation sans réponse")
    CERTIFICATE = "certificate", _("certificat à renouveler")
    SILENT = "silent", _("application silencieuse")
    RECONCILIATION = "reconciliation", _("comptes qui ne tombent pas juste")
    JOB = "job", _("tâche programmée en retard")
    SEAL = "seal", _("journal non scellé")
    NOTICE = "notice", _("alertes qui ne partent pas")
    BLIND = "blind", _("surveillance en panne")


class Alarm(models.Model):
    """One cause of trouble, from when it was first seen to when it was gone. A cause has one open alarm at most.

    `opened_at` is empty while it is only suspected; `gone_at` is when it was no longer seen, and it closes a little
    later, so that it does not come and go. `count`: how many cases it keeps waiting. `words`: French, as last seen.
    """

    kind = models.CharField(max_length=20, choices=AlarmKind.choices)
    cause = models.CharField(max_length=160)
    words = models.TextField()
    detail = models.JSONField(default=dict)
    count = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint("cause", condition=models.Q(closed_at=None), name="watch_alarm_one_open"),
        ]
        indexes: ClassVar = [models.Index(fields=["-closed_at"], name="watch_alarm_closed")]

    def __str__(self) -> str:
        return self.words


class Channel(models.TextChoices):
    EMAIL = "email", _("courriel")
    WEBHOOK = "webhook", _("appel HTTP")


class Notice(models.Model):
    """One message to one recipient: that an alarm opened, still stands or closed, or the daily digest.

    Written with what it tells, in the same transaction; sent after, at least once. `key`: the same at each try, so
    that a receiver knows a repeat. `recipient`: an address of HUB_ALARM_EMAILS; empty for the webhook.
    """

    key = models.CharField(max_length=120, unique=True)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="notices", null=True)
    what = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.TextField(blank=True)
    content = models.JSONField()
    created_at = models.DateTimeField()
    due = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="watch_notice_due")
        ]

    def __str__(self) -> str:
        return self.key


class Hour(models.Model):
    """An hour (UTC) that was counted, when, and how many of its deliveries were not over then."""

    hour = models.DateTimeField(primary_key=True)
    counted_at = models.DateTimeField()
    open = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["hour"]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}"


class Figure(models.Model):
    """An application and an hour (UTC): what it published then, and what became of what was accepted for it then.

    `latencies`: how many deliveries took how long from acceptance to acknowledgement, by step (see `figures`).
    """

    hour = models.DateTimeField()
    application_id = models.BigIntegerField()
    published = models.BigIntegerField(default=0)
    statuses = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    retried = models.BigIntegerField(default=0)
    dead = models.BigIntegerField(default=0)
    latencies = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["hour", "application_id"]
        constraints: ClassVar = [models.UniqueConstraint("hour", "application_id", name="watch_figure_once")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.application_id}"


class Rhythm(models.Model):
    """What is usual of an application, in seconds of working time, over the last ninety days.

    `first_*`: from a delivery it acknowledged to its first status about the case; `next_*`: from one status to the
    next of the same case; `status_gap`, `event_gap`: the longest usual silence between two hours with a status, or
    with anything. Empty when there were too few to say. `silent_since`: empty unless it is silent now.
    """

    application_id = models.BigIntegerField(primary_key=True)
    learned_at = models.DateTimeField()
    first_sample = models.IntegerField(default=0)
    first_usual = models.FloatField(null=True)
    first_late = models.FloatField(null=True)
    next_sample = models.IntegerField(default=0)
    next_usual = models.FloatField(null=True)
    next_late = models.FloatField(null=True)
    status_gap = models.FloatField(null=True)
    event_gap = models.FloatField(null=True)
    looked_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    silent_of = models.CharField(max_length=10, blank=True)
    waiting = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["application_id"]

    def __str__(self) -> str:
        return str(self.application_id)
