"""What is sent is compared with the XSD before it leaves, so that the application does not have to refuse it."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from lxml import etree

from etoile.connectors.soap import markup
from etoile.connectors.soap.freezing import BASE, ContractError, Files

XS = "http://www.w3.org/2001/XMLSchema"
NAME = re.compile(r"^(?:Element|Attribute) '(?:\{[^}]*\})?([^']+)'")


class Validator:
    """`ready` is False for the schemas that libxml2 cannot compile (some vendors' are not quite right): then the
    application alone says what it refuses."""

    def __init__(self, files: Files) -> None:
        self._schema = _compiled(files)
        self.ready = self._schema is not None

    def check(self, envelope: etree._Element) -> None:
        """ContractError names the first elements at fault, never their values."""
        content = next((each for each in envelope.iterchildren("{*}Body") for each in each), None)
        if self._schema is None or content is None or self._schema.validate(content):
            return
        faults = [_words(each) for each in self._schema.error_log if each.type_name != "SCHEMAV_CVC_ELT_1"]
        if faults:
            raise ContractError(" ; ".join(dict.fromkeys(faults[:4])) + ".")


def _words(error: etree._LogEntry) -> str:
    found = NAME.match(error.message)
    name = found[1] if found else "?"
    if error.type_name == "SCHEMAV_ELEMENT_CONTENT":
        return f"« {name} » n’est pas à sa place, ou ce qu’il doit contenir manque"
    return f"la valeur de « {name} » n’est pas de la forme que demande le contrat"


class _Resolver(etree.Resolver):
    def __init__(self, inline: dict[str, bytes], files: Files) -> None:
        self._inline, self._files = inline, files

    def resolve(self, url: str, pubid: str, context: object) -> object:
        content = self._inline.get(url) or self._files.load(url)
        return self.resolve_string(content, context, base_url=url)


def _compiled(files: Files) -> etree.XMLSchema | None:
    inline = dict(_inline(files))
    imports = "".join(
        f"<xs:import{_attribute('namespace', namespace)}{_attribute('schemaLocation', url)}/>"
        for url, (namespace, _) in inline.items()
    )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(_Resolver({url: content for url, (_, content) in inline.items()}, files))
    # A namespace of its own: without one, it could not import a schema that has none.
    wrapper = f"<xs:schema xmlns:xs='{XS}' targetNamespace='urn:etoile:all'>{imports}</xs:schema>"
    try:
        return etree.XMLSchema(etree.fromstring(wrapper, parser, base_url=BASE + "_.xsd"))
    except (etree.LxmlError, ContractError):
        return None


def _attribute(name: str, value: str) -> str:
    return f" {name}={quoteattr(value)}" if value else ""


def _inline(files: Files) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The schemas written inside the WSDL files, each under an address beside its file."""
    for name, content in files.contents.items():
        folder = name.rpartition("/")[0] + "/" if "/" in name and "://" not in name else ""
        for rank, schema in enumerate(markup.read(content).iterfind(f"{{*}}types/{{{XS}}}schema")):
            url = f"{BASE}{folder}_{rank}_{name.rpartition('/')[2]}.xsd"
            yield url, (schema.get("targetNamespace", ""), etree.tostring(schema))
