"""The files of a contract, frozen: given with the settings or laid in a folder, never fetched from anywhere."""

from urllib.parse import unquote, urlsplit

from etoile.connectors.soap import markup
from etoile.sdk.addresses import RefusedAddress
from etoile.sdk.places import Folders

BASE = "file:///contract/"
MOST_FILES, MOST_BYTES = 200, 8 * 2**20


class ContractError(ValueError):
    """What is wrong with the contract or with what is asked of it, in French, for who sets the connector up."""


class UnfitError(ContractError):
    """What is asked is not what the contract has, whatever the event: a setting or the mapping is to be mended."""


class Files:
    """The files by name. It is also all the network that the WSDL reader gets: `load` knows these and refuses others.

    A name may be a path ("schemas/types.xsd") or the whole address that an import gives.
    """

    def __init__(self, contents: dict[str, bytes]) -> None:
        if not contents:
            raise ContractError("Le contrat ne contient aucun fichier WSDL ni XSD.")
        if len(contents) > MOST_FILES or sum(map(len, contents.values())) > MOST_BYTES:
            raise ContractError(f"Le contrat dépasse {MOST_FILES} fichiers ou {MOST_BYTES // 2**20} Mo.")
        self.contents = dict(sorted(contents.items()))
        for name, content in self.contents.items():
            try:
                markup.read(content)
            except markup.Unreadable as error:
                raise ContractError(f"Le fichier « {name} » du contrat n’est pas lisible : {error}.") from None

    def load(self, url: str) -> bytes:
        """The content of one file. ContractError when it was not given."""
        asked = str(url)
        name = unquote(asked.removeprefix(BASE)) if asked.startswith(BASE) else asked
        if name in self.contents:
            return self.contents[name]
        last = unquote(urlsplit(asked).path).rpartition("/")[2]
        alike = [content for known, content in self.contents.items() if last and known.rpartition("/")[2] == last]
        if len(alike) == 1:
            return alike[0]
        raise ContractError(
            f"Le contrat cite « {name} », qui n’est pas parmi ses fichiers : demandez ce fichier à l’éditeur et"
            " ajoutez-le sous ce nom. Rien n’est jamais téléchargé."
        )


def from_files(files: dict[str, str]) -> Files:
    return Files({name: content.encode() for name, content in files.items()})


def from_folder(folder: str | None, opened: Folders) -> Files:
    """Every WSDL and XSD below a folder of the server that is `opened`, by its path from there. ContractError."""
    if folder is None:
        raise ContractError("Le contrat demande « files » (les fichiers) ou « folder » (leur dossier).")
    try:
        root = opened.find(folder)
    except RefusedAddress:
        words = f"Le dossier « {folder} » du contrat n’est pas ouvert aux connecteurs : l’exploitant l’ajoute à "
        raise ContractError(f"{words}HUB_ALLOWED_FOLDERS.") from None
    if not root.is_dir():
        raise ContractError(f"Le dossier « {folder} » du contrat n’existe pas sur ce serveur.")
    found = [
        path
        for path in sorted(root.rglob("*"))
        # A link may not lead out of the folder.
        if path.suffix.lower() in (".wsdl", ".xsd") and path.is_file() and path.resolve().is_relative_to(root)
    ]
    if sum(path.stat().st_size for path in found) > MOST_BYTES:
        raise ContractError(f"Le contrat dépasse {MOST_BYTES // 2**20} Mo.")
    try:
        return Files({path.relative_to(root).as_posix(): path.read_bytes() for path in found})
    except OSError:
        raise ContractError(f"Un fichier du dossier « {folder} » ne peut pas être lu.") from None
