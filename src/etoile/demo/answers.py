"""What the fictional citizens of the guided journey type, by control of the page. Nobody here exists."""

import struct
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class Request:
    """One request to file: the procedure, who treats it in the fictional town, what is typed, which files are given."""

    slug: str
    application: str
    typed: dict[str, str | list[str]]
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)


def person(family: str, given: str, email: str) -> dict[str, str | list[str]]:
    return {
        "applicant_civility": "MADAME",
        "applicant_family_name": family,
        "applicant_given_names": given,
        "applicant_email": email,
        "applicant_phone": "02 41 99 00 12",
        "applicant_address.lines": "12 rue des Tilleuls",
        "applicant_address.postal_code": "49999",
        "applicant_address.city": "Valmont-sur-Loire",
    }


def day(name: str, when: date) -> dict[str, str | list[str]]:
    return {f"{name}.day": str(when.day), f"{name}.month": str(when.month), f"{name}.year": str(when.year)}


def requests(today: date) -> list[Request]:
    return [event(), birth_certificate(), room(today), roadworks(), after_school(today), planning_certificate()]


def event() -> Request:
    typed: dict[str, str | list[str]] = {
        "evenement": "reunion-plu",
        "nombre_places": "2",
        "question_prealable": "Le cheminement piéton vers l’école est-il prévu ?",
        "besoin_accessibilite": "no",
    }
    return Request(
        "inscription-evenement", "vie-locale", typed | person("Leroy", "Camille", "camille.leroy@example.org")
    )


def birth_certificate() -> Request:
    typed: dict[str, str | list[str]] = {
        "type_acte": "NAISSANCE",
        "nature_acte": "COPIE-INTEGRALE",
        "nombre_exemplaires": "1",
        "motif": "carte-identite-passeport",
        "titulaire_civilite": "MADAME",
        "titulaire_nom": "Moreau",
        "titulaire_prenoms": "Inès Louise",
        **day("titulaire_date_naissance", date(1990, 6, 14)),
        "titulaire_lieu_naissance": "Valmont-sur-Loire",
        "parent_1_nom": "Moreau",
        "parent_1_prenoms": "Denis",
        "parent_2_nom": "Garnier",
        "parent_2_prenoms": "Sylvie",
        "qualite_demandeur": "PersonneConcernee",
        "mode_livraison": "courrier",
    }
    identity = {"fichier_identite": ("piece-identite.pdf", pdf("Pièce d’identité fictive"), "application/pdf")}
    return Request("acte-etat-civil", "", typed | person("Moreau", "Inès", "ines.moreau@example.org"), identity)


def room(today: date) -> Request:
    when = today + timedelta(days=45)
    typed: dict[str, str | list[str]] = {
        "salle": "maison-des-associations",
        "creneau.date": when.isoformat(),
        **day("creneau.date", when),
        "creneau.start": "18:30",
        "creneau.end": "21:00",
        "participants": "25",
        "usage": "reunion",
        "materiel": ["tables-chaises", "videoprojecteur"],
        "buvette": "no",
        "type_demandeur": "association",
        "organisme": "Les Amis de la Loire",
        "rna": "W491234567",
    }
    return Request("reservation-salle", "services-techniques", typed | person("Petit", "Noé", "noe.petit@example.org"))


def roadworks() -> Request:
    typed: dict[str, str | list[str]] = {
        "categorie": "chaussee",
        "danger": "no",
        "description": "Trou d’environ trente centimètres au milieu de la voie, depuis lundi.",
        "lieu.text": "Devant le 3 rue du Port",
        "lieu.latitude": "47.2612",
        "lieu.longitude": "-0.0721",
    }
    photo = {"photo": ("trou.png", png(), "image/png")}
    who = person("Bernard", "Sacha", "sacha.bernard@example.org")
    return Request("signalement-voirie", "services-techniques", typed | who, photo)


def after_school(today: date) -> Request:
    typed: dict[str, str | list[str]] = {
        "lien_enfant": "parent",
        "enfant_nom": "Dubois",
        "enfant_prenoms": "Lina Rose",
        **day("enfant_date_naissance", date(today.year - 7, 3, 15)),
        "ecole": "les-tilleuls",
        "classe": "CE1",
        **day("date_debut", today + timedelta(days=30)),
        "restauration": "yes",
        "jours_restauration": ["lundi", "mardi", "jeudi", "vendredi"],
        "repas": "standard",
        "jours_soir": ["mardi", "jeudi"],
        "mercredi": "matin",
        "allergie": "yes",
        "allergie_type": ["alimentaire"],
        "allergie_precision": "Allergie à l’arachide : trousse d’urgence dans son cartable.",
        "pai": "no",
        "rentre_seul": "no",
        "autre_personne": "no",
    }
    insurance = {"fichier_assurance": ("assurance.pdf", pdf("Attestation d’assurance fictive"), "application/pdf")}
    who = person("Dubois", "Anaïs", "anais.dubois@example.org")
    return Request("inscription-periscolaire", "services-famille", typed | who, insurance)


def planning_certificate() -> Request:
    typed: dict[str, str | list[str]] = {
        "qualite": "acquereur",
        "terrain_adresse": "3 chemin des Vignes",
        "parcelles": "AB 123, AB 124",
        "superficie": "850",
    }
    plan = {"fichier_plan": ("plan-de-situation.pdf", pdf("Plan de situation fictif"), "application/pdf")}
    who = person("Lœwen", "Zoé", "zoe.loewen@example.org")
    return Request("certificat-urbanisme", "urbanisme", typed | who, plan)


def pdf(words: str) -> bytes:
    """A small valid PDF of one page."""
    text = words.encode("cp1252", "replace").replace(b"(", b"").replace(b")", b"")
    stream = b"BT /F1 18 Tf 60 760 Td (" + text + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(body),
        )
    )


def png(side: int = 64) -> bytes:
    """A small valid picture: a dark disc on a grey road."""
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            inside = (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2
            rows.extend((40, 38, 36) if inside else (150, 150, 152))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    )
