"""What can be verified before the first request: the contract, the mapping, the address, the credentials."""

from etoile.connectors.soap import exchange
from etoile.connectors.soap.classification import outcome_of
from etoile.connectors.soap.configuration import Configuration
from etoile.connectors.soap.contract import ContractError
from etoile.sdk import Check, Context, DoorError, MappingError, OutcomeKind, access, formulas
from etoile.sdk.answers import without_answer
from etoile.sdk.declared import Stopped, way_back_check
from etoile.sdk.mapping import sent_by

# Checked against the contract when the settings are read.
TREES = {"contract": True, "lookup": {"request"}, "poll": {"request"}, "check": {"request"}}


async def run(context: Context) -> list[Check]:
    """Each line stands alone; the network is asked only when the contract can be read."""
    configuration: Configuration = context.configuration
    try:
        configuration.find(configuration.operation)
    except ContractError as error:
        return [Check("contract", False, str(error))]
    written = [_contract(configuration), _settings(configuration), _mapping(context)]
    written += way_back_check(context)
    return [*written, *access.checks(context, configuration.authentication), *await _network(context)]


def _contract(configuration: Configuration) -> Check:
    contract = configuration.read_contract
    words = f"Le contrat est lisible ({len(contract.files)} fichier(s), empreinte {contract.fingerprint})"
    if not contract.validator.ready:
        words += " ; son XSD n’est pas assez régulier pour vérifier les valeurs avant l’envoi"
    return Check("contract", True, words + ".")


def _settings(configuration: Configuration) -> Check:
    faults = formulas.all_of(configuration, TREES)
    return Check("settings", not faults, " ; ".join(faults) or "Les réglages sont lisibles.")


def _mapping(context: Context) -> Check:
    configuration: Configuration = context.configuration
    if context.mapping is None:
        return Check("mapping", False, "La correspondance des champs manque.")
    faults = configuration.find(configuration.operation).faults_of(sent_by(context.mapping))
    words = f"La correspondance convient à l’opération « {configuration.operation} »."
    return Check("mapping", not faults, " ; ".join(faults) or words)


async def _network(context: Context) -> list[Check]:
    configuration: Configuration = context.configuration
    if configuration.check is None:
        return [await _reached(context)]
    asked = configuration.check
    try:
        reply = await exchange.call(context, asked.operation, exchange.render(asked.request))
    except DoorError as error:
        return [access.failed(error, without_answer(error).message)]
    except Stopped as stopped:
        return [Check("credentials", False, stopped.outcome.message)]
    except (ContractError, MappingError, formulas.FormulaError) as error:
        return [Check("settings", False, f"Opération d’essai : {error}")]
    refusal = outcome_of((), reply, None)
    if refusal is None:
        taken = Check("credentials", True, "L’application accepte nos identifiants.")
        return [Check("reachability", True, "L’application répond."), taken]
    ours = refusal.kind is OutcomeKind.FIX_CONFIGURATION and (reply.fault or reply.answer.status in (401, 403))
    if ours:
        refused = Check("credentials", False, refusal.message)
        return [Check("reachability", True, "L’application répond."), refused]
    return [Check("reachability", False, refusal.message)]


async def _reached(context: Context) -> Check:
    """Without an operation to try, any answer at all shows that the address leads somewhere."""
    try:
        await access.request(
            context, context.configuration.authentication, "GET", context.configuration.url, timeout=10.0
        )
    except DoorError as error:
        return access.failed(error, without_answer(error).message)
    return Check("reachability", True, "Une machine répond à cette adresse ; aucune opération d’essai n’est réglée.")
