"""XML that nobody can vouch for: parsed without its DTD, its entities and the network."""

from lxml import etree

from rag.errors import SeedUnreadable

XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_xml(data: bytes, name: str, part: str = "") -> etree._Element:
    """The root element of an XML document.

    No entity is resolved, internal or external: it comes out as an entity node, which holds no
    text of the document. Comments and processing instructions are left out.

    Args:
        data: the bytes of the document.
        name: the name of the file, for messages.
        part: which part of the file it is, for messages.

    Raises:
        SeedUnreadable: it is not well-formed, or nested deeper than libxml2 allows (256).
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        place = f"{name}: its part {part}" if part else f"{name}: it"
        raise SeedUnreadable(
            f"{place} is damaged ({error})",
            "Open it in the program that made it and save it again.",
        ) from error


def tag_of(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for an entity that was not resolved."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
