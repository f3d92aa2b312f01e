import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from etoile.gru.access.management.named import authority_named, takes_authority
from etoile.gru.access.models import Account, Authority
from etoile.gru.archive import attachments, holds, leaving, proofs, queries, removing, rules, slips
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Slip
from etoile.gru.archive.seda import package
from etoile.gru.archive.seda.manifest import VERSIONS, InvalidManifest
from etoile.gru.cases.models import Case
from etoile.gru.forms.models import Procedure
from etoile.gru.papers.render import PaperError


class Command(BaseCommand):
    help = "What becomes of ended cases: what goes and when, lists for the departmental archives, proofs of removal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        preview = verbs.add_parser("preview")
        preview.add_argument("--days", type=int, default=90)
        verbs.add_parser("run")
        verbs.add_parser("lists")
        propose = verbs.add_parser("propose")
        propose.add_argument("procedure")
        propose.add_argument("--transfer", action="store_true")
        agree = verbs.add_parser("agree")
        agree.add_argument("number")
        agree.add_argument("--agreement", required=True)
        agree.add_argument("--by", required=True)
        agree.add_argument("--on", required=True)
        proof = verbs.add_parser("proof")
        proof.add_argument("number")
        packed = verbs.add_parser("package")
        packed.add_argument("number")
        packed.add_argument("file")
        packed.add_argument("--seda", default="2.2", choices=VERSIONS)
        verify = verbs.add_parser("verify")
        verify.add_argument("file")
        hold = verbs.add_parser("hold")
        hold.add_argument("reference")
        hold.add_argument("--reason", default="")
        hold.add_argument("--lift", action="store_true")
        for each in (preview, propose, agree, proof, packed, hold):
            takes_authority(each)
        for each in (propose, agree, hold):
            each.add_argument("--as", dest="agent", required=True, help="e-mail of the agent who does it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except (ArchiveRefused, InvalidManifest, PaperError, proofs.BadProof) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _preview(self, options: dict[str, Any]) -> None:
        authority = authority_named(options["authority"])
        scope, found = leaving.whole(authority), rules.rules_of(authority)
        for line in queries.outlooks(scope, found, timezone.now(), days=options["days"]):
            told = line.rule
            self.stdout.write(
                f"{told.slug}: {told.active} then {told.intermediate}, {told.fate};"
                f" leaving within {options['days']} days {line.leaving}, archived {line.archived},"
                f" to list {line.to_list}, held {line.held}"
            )
        self.stdout.write(f"Each number is counted up to {queries.MOST}.")

    def _run(self, options: dict[str, Any]) -> None:
        done = leaving.run()
        files, cases = attachments.run(), removing.run()
        self.stdout.write(f"told {done['told']}, archived {done['archived']}, files removed {files}, cases {cases}")

    def _lists(self, options: dict[str, Any]) -> None:
        for slip in Slip.objects.select_related("procedure", "authority")[:200]:
            self.stdout.write(
                f"{slip.authority.slug} {slip.number}: {slip.kind} of {slip.procedure.slug}, {slip.state}"
            )

    def _propose(self, options: dict[str, Any]) -> None:
        authority = authority_named(options["authority"])
        procedure = Procedure.objects.filter(authority=authority, slug=options["procedure"]).first()
        if procedure is None:
            raise CommandError(f"no procedure « {options['procedure']} » in {authority.slug}")
        kind = Slip.Kind.TRANSFER if options["transfer"] else Slip.Kind.ELIMINATION
        slip = slips.propose(procedure, kind, _agent(authority, options["agent"]))
        self.stdout.write(f"list {slip.number}: {slip.lines.count()} cases, to be signed")

    def _agree(self, options: dict[str, Any]) -> None:
        slip = _slip(options)
        try:
            on = date.fromisoformat(options["on"])
        except ValueError as error:
            raise CommandError("--on is a day, such as 2027-01-31") from error
        agent = _agent(slip.authority, options["agent"])
        slips.agree(slip.pk, agent, agreement=options["agreement"], by=options["by"], on=on)
        self.stdout.write(f"list {slip.number} is agreed to: the worker removes its cases")

    def _proof(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(proofs.proof_of(_slip(options)), ensure_ascii=False, indent=1))

    def _package(self, options: dict[str, Any]) -> None:
        target = Path(options["file"])
        try:
            with target.open("xb") as out:
                number = package.write(_slip(options), options["seda"], out)
        except FileExistsError as error:
            raise CommandError(f"{target} is there already: give another name") from error
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        self.stdout.write(f"{target}: {number} cases, SEDA {options['seda']}")

    def _verify(self, options: dict[str, Any]) -> None:
        try:
            proof = json.loads(Path(options["file"]).read_text())
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read as a proof: {error}") from error
        number = proofs.verify(proof)
        if not proofs.is_ours(proof):
            raise CommandError("the file is whole, but another key than this system's signed it")
        left = proofs.still_here(proof)
        if left:
            raise CommandError(f"still here, against what the file says: {', '.join(left[:20])}")
        self.stdout.write(f"{number} removals proven: signature right, lines whole, nothing left here")

    def _hold(self, options: dict[str, Any]) -> None:
        authority = authority_named(options["authority"])
        case = Case.objects.filter(authority=authority, reference=options["reference"]).first()
        if case is None:
            raise CommandError(f"no case {options['reference']} in {authority.slug}")
        agent = _agent(authority, options["agent"])
        if options["lift"]:
            holds.lift(case.pk, agent)
        else:
            holds.place(case.pk, agent, options["reason"])
        self.stdout.write(f"{case.reference}: {'released' if options['lift'] else 'held'}")


def _agent(authority: Authority, email: str) -> Account:
    agent = Account.objects.of_email(email).filter(authority=authority, is_active=True).first()
    if agent is None:
        raise CommandError(f"no active agent « {email} » in {authority.slug}")
    return agent


def _slip(options: dict[str, Any]) -> Slip:
    found = Slip.objects.select_related("authority").filter(
        authority=authority_named(options["authority"]), number=options["number"]
    )
    slip = found.first()
    if slip is None:
        raise CommandError(f"no list {options['number']}")
    return slip
