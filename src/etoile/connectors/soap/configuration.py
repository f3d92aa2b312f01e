"""The settings of the connector: how to speak to one SOAP application, as data.

An *expression* is CEL. A *request* is a tree like that of a mapping, whose texts beginning with `=` are expressions.
What each sees is said beside. The contract (WSDL and its XSD) is read when the settings are: an operation that it does
not have, or a request that does not fit, is a fault of the settings and is said there.
"""

from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from etoile.connectors.soap.contract import Contract, ContractError, Operation, Version
from etoile.connectors.soap.freezing import Files, from_files, from_folder
from etoile.sdk import Mapping, access, declared, formulas, places
from etoile.sdk.access import Access, SecretName
from etoile.sdk.progress import Progress
from etoile.sdk.settings import Part


class Frozen(Part):
    """The contract as the vendor gave it: nothing of it is ever fetched from the network."""

    wsdl: str = Field(
        title="Nom du fichier WSDL", description="Le fichier principal, parmi ceux que l’éditeur a remis."
    )
    files: dict[str, str] = Field(
        default_factory=dict,
        title="Fichiers WSDL et XSD : nom, contenu",
        description="Tous ceux que l’éditeur a remis, sous le nom par lequel ils s’appellent l’un l’autre.",
    )
    folder: str | None = Field(
        default=None,
        title="Dossier du serveur qui contient les fichiers, à défaut",
        description="Sous un dossier que l’exploitant a ouvert aux connecteurs (HUB_ALLOWED_FOLDERS).",
    )
    fingerprint: str | None = Field(
        default=None,
        title="Empreinte du contrat ; s’il change, plus rien n’est envoyé",
        description="La vérification la donne. Vide : le contrat peut changer sans qu’on le dise.",
    )
    _found: Files = PrivateAttr()

    @model_validator(mode="after")
    def its_files_are_read(self, info: ValidationInfo) -> Self:
        try:
            self._found = from_files(self.files) if self.files else from_folder(self.folder, places.opened(info))
        except ContractError as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def content(self) -> Files:
        """Its files, as they were when the settings were read."""
        return self._found


class UsernameToken(Part):
    """WS-Security UsernameToken: in the envelope, apart from how the connection itself is opened."""

    kind: Literal["username_token"] = "username_token"
    username: str = Field(title="Identifiant", description="Celui que l’éditeur a donné à la ville.")
    secret: SecretName = Field(
        default="password", title="Secret du mot de passe", description="Nom du secret qui porte le mot de passe."
    )
    digest: bool = Field(
        default=True,
        title="Envoyer l’empreinte du mot de passe plutôt que le mot de passe",
        description="À décocher pour une application qui veut le mot de passe en clair (PasswordText).",
    )
    must_understand: bool = Field(
        default=True,
        title="Exiger que l’application lise cet en-tête",
        description="À décocher pour une application qui refuse l’attribut mustUnderstand.",
    )


class Success(declared.Success):
    """No condition is not a choice: an answer that says nothing proves nothing."""

    refusal: str | None = Field(
        default=None,
        title="Explication de l’application quand elle n’a pas enregistré",
        description="Expression ; vide si elle n’en donne pas.",
    )


class ErrorRule(declared.ErrorRule):
    """All its conditions hold.

    `fault_code` and `fault_text` read a SOAP fault, `*` standing for anything, whatever the case; `when` sees
    `response` and `event`.
    """

    fault_code: str | None = Field(
        default=None,
        title="Code de l’erreur SOAP ; « * » remplace n’importe quoi",
        description="Le faultcode que donne l’application ; vide : n’importe lequel.",
    )
    fault_text: str | None = Field(
        default=None,
        title="Texte de l’erreur SOAP ; « * » remplace n’importe quoi",
        description="Le faultstring que donne l’application ; vide : n’importe lequel.",
    )
    when: str | None = Field(
        default=None,
        title="Condition sur la réponse",
        description="Expression sur `response` et `event` ; vide : l’erreur SOAP suffit.",
    )

    @model_validator(mode="after")
    def it_reads_something(self) -> Self:
        if self.fault_code is None and self.fault_text is None and self.when is None:
            raise ValueError("une ligne de la table des erreurs demande « fault_code », « fault_text » ou « when »")
        return self


class Absent(Part):
    """The fault by which some applications say that they found nothing."""

    fault_code: str | None = Field(
        default=None,
        title="Code de l’erreur SOAP",
        description="Le faultcode que donne l’application ; « * » remplace n’importe quoi.",
    )
    fault_text: str | None = Field(
        default=None,
        title="Texte de l’erreur SOAP",
        description="Le faultstring que donne l’application ; « * » remplace n’importe quoi.",
    )

    @model_validator(mode="after")
    def it_reads_something(self) -> Self:
        if self.fault_code is None and self.fault_text is None:
            raise ValueError("« absent » demande « fault_code » ou « fault_text »")
        return self


class Lookup(declared.Lookup):
    """`request` sees `event`."""

    operation: str = Field(
        title="Opération qui cherche par notre référence",
        description="Son nom dans le contrat ; elle lit et ne change rien.",
    )
    request: dict[str, Any] = Field(
        title="Demande de cette opération",
        description="Ce qui lui est envoyé ; un texte qui commence par « = » est une expression.",
    )
    absent: Absent | None = Field(
        default=None,
        title="Erreur SOAP qui veut dire « rien trouvé »",
        description="Vide : l’application répond sans erreur quand elle n’a rien trouvé.",
    )


class Documents(Part):
    """How the documents that the mapping puts in the request travel. Sizes in bytes."""

    mtom: bool = Field(
        default=False,
        title="Envoyer les pièces à côté du message (MTOM) plutôt que dedans",
        description="À cocher si l’éditeur le demande ; sinon elles sont dans le message, en base64.",
    )
    largest: int = Field(
        default=10 * 2**20,
        gt=0,
        title="Taille la plus grande d’une pièce (octets)",
        description="Au-delà, rien ne part et l’agent apprend quelle pièce est trop lourde.",
    )
    total: int = Field(
        default=25 * 2**20,
        gt=0,
        title="Taille la plus grande de toutes les pièces (octets)",
        description="Au-delà, rien ne part et l’agent l’apprend.",
    )


class Poll(Progress):
    """Asking for what changed. `request` sees `since`."""

    operation: str = Field(title="Opération qui donne ce qui a changé", description="Son nom dans le contrat.")
    request: dict[str, Any] = Field(
        title="Demande de cette opération",
        description="Ce qui lui est envoyé ; un texte qui commence par « = » est une expression.",
    )


class Check(Part):
    operation: str = Field(
        title="Opération de lecture, sans effet",
        description="Son nom dans le contrat ; elle ne change rien dans l’application.",
    )
    request: dict[str, Any] = Field(
        default_factory=dict,
        title="Demande de cette opération",
        description="Ce qui lui est envoyé ; un texte qui commence par « = » est une expression.",
    )


class Configuration(Part):
    """What the town sets once per subscription; what is sent is the subscription's mapping."""

    url: str = Field(
        title="Adresse du service",
        description="Celle que donne l’éditeur ; celle qui est écrite dans le WSDL ne sert pas.",
        pattern=r"^https?://[^\s]+$",
    )
    contract: Frozen = Field(
        title="Contrat de l’application (WSDL et XSD)",
        description="Les fichiers remis par l’éditeur, gardés tels quels : rien n’est relu sur le réseau.",
    )
    version: Version = Field(
        default="1.1", title="Version de SOAP", description="1.1 le plus souvent ; l’éditeur dit s’il veut 1.2."
    )
    timeout: float = Field(
        default=20,
        gt=0,
        le=120,
        title="Délai de réponse (secondes)",
        description="Au-delà, le hub n’attend plus et réessaie plus tard.",
    )
    authentication: Access | None = access.field()
    security: UsernameToken | None = Field(
        default=None,
        title="WS-Security, dans l’enveloppe",
        description="En plus de l’authentification de la connexion, pour une application qui le demande.",
    )
    operation: str = Field(
        title="Opération qui enregistre la demande",
        description="Son nom dans le contrat ; son contenu vient de la correspondance.",
    )
    success: Success = Field(
        title="Réussite, lue dans le corps de la réponse",
        description="À quoi le hub reconnaît que la demande est enregistrée, et sous quel numéro.",
    )
    errors: tuple[ErrorRule, ...] = Field(
        default=(),
        title="Table des erreurs de l’application",
        description="Ce que veulent dire ses erreurs SOAP et ses refus ; la première ligne vraie l’emporte.",
    )
    lookup: Lookup | None = Field(
        default=None,
        title="Recherche avant d’enregistrer",
        description="Pour ne jamais créer deux fois la même demande après une réponse perdue.",
    )
    repeatable: bool = Field(
        default=False,
        title="L’application reconnaît une demande déjà reçue et n’en crée pas une seconde",
        description="À cocher si l’éditeur le garantit : le hub réessaie alors de lui-même après une réponse perdue.",
    )
    documents: Documents = Field(
        default=Documents(),
        title="Pièces",
        description="Comment partent les pièces que la correspondance met dans la demande.",
    )
    poll: Poll | None = Field(
        default=None,
        title="Lecture de l’avancement",
        description="Vide : l’application ne dit pas l’avancement, ou le dit autrement.",
    )
    check: Check | None = Field(
        default=None,
        title="Opération d’essai, sans effet",
        description="Celle que fait « Vérifier » : elle lit et ne change rien. Vide : rien n’est demandé.",
    )

    @cached_property
    def read_contract(self) -> Contract:
        """The contract, read once. ContractError says in French what is wrong with it."""
        given = self.contract
        return Contract.read(given.content, given.wsdl, given.fingerprint)

    def find(self, operation: str) -> Operation:
        """An operation of the contract, in the version of SOAP that was chosen. ContractError."""
        return self.read_contract.operation(operation, self.version)

    @model_validator(mode="after")
    def it_fits_the_contract(self) -> Self:
        try:
            self.find(self.operation)
            for name in ("lookup", "poll", "check"):
                if asked := getattr(self, name):
                    violations = Mapping.examine(asked.request, formulas.VARIABLES).violations
                    faults = [f"{each.pointer} : {each.detail}" for each in violations]
                    faults += self.find(asked.operation).faults_of(asked.request)
                    if faults:
                        raise ValueError(f"« {name}.request » : " + " ; ".join(faults))
        except ContractError as error:
            raise ValueError(str(error)) from None
        return self
