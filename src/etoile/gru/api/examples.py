"""Examples of the description: by operation, what is asked (`request`) and what is answered (`response`). A test holds
each of them to its schema."""

from typing import Any

from etoile.gru.api.examples_of_acts import AGENT, OF_ACTS, OTHER
from etoile.gru.api.examples_of_lists import OF_LISTS

CASE = "0198f0a2-7c1e-7d3b-9a54-1f2e3d4c5b6a"
DRAFT = "0198f0a2-9b2f-7c4d-8e65-2a3b4c5d6e7f"

_procedure: dict[str, Any] = {
    "slug": "acte-naissance",
    "title": {"fr": "Demander un acte de naissance"},
    "summary": {"fr": "Une copie ou un extrait, envoyé chez vous."},
    "version": 3,
    "state": "published",
}
_field: dict[str, Any] = {
    "id": "motif",
    "type": "text",
    "label": {"fr": "Motif"},
    "required": True,
    "page": "demande",
    "sensitive": False,
    "options": [],
    "fields": [],
}
_case: dict[str, Any] = {
    "id": CASE,
    "reference": "2026-7KQ4-M",
    "procedure": "acte-naissance",
    "procedure_version": 3,
    "state": "in_progress",
    "waiting_for": "",
    "business_status": None,
    "channel": "api",
    "team": "etat-civil",
    "assignee": AGENT,
    "submitted_at": "2026-11-02T09:30:00Z",
    "updated_at": "2026-11-03T08:12:44Z",
    "decided_at": None,
    "silence_regime": "reject",
    "silence_date": "2027-01-02",
    "version": 3,
}
_document: dict[str, Any] = {
    "id": "5b0c9a52-6f5e-4d53-9f3b-0c9b1c7a4e21",
    "field": "justificatif",
    "name": "justificatif.pdf",
    "media_type": "application/pdf",
    "size": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "state": "clean",
}
_asked: dict[str, Any] = {"name": "Justificatif de domicile", "indispensable": True, "to_translate": False}
_message: dict[str, Any] = {
    "id": "0198f0b1-2d3e-7a4b-8c5d-6e7f8091a2b3",
    "author": "agent",
    "author_name": "Nadia Leroy (Borne)",
    "body": "Votre acte part demain par la poste.",
    "sent_at": "2026-11-03T08:12:44Z",
    "read_at": None,
}
_note: dict[str, Any] = {
    "id": "0198f0b1-4f50-7b6c-9d7e-8f90a1b2c3d4",
    "author_name": "Nadia Leroy (Borne)",
    "body": "Rappeler mardi matin.",
    "written_at": "2026-11-03T08:15:00Z",
    "withdrawn_at": None,
}

_export: dict[str, Any] = {
    "id": "0198f0b5-7283-7d9e-8f01-b2c3d4e5f607",
    "state": "done",
    "format": "csv",
    "done": 1204,
    "total": 1204,
    "problem": "",
    "size": 184320,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "created_at": "2026-11-03T08:20:00Z",
    "expires_at": "2026-11-04T16:20:12Z",
}

PERSON = "3kq9ZQ0v8s2mXw1bYc7dNf5gHj6lPr4tUa-_E0iOxSA"
_email: dict[str, Any] = {
    "value": "camille@example.org",
    "level": 200,
    "source": "Borne",
    "certified_on": "2026-11-03",
    "expires_on": None,
}

EXAMPLES: dict[str, dict[str, Any]] = {
    **OF_ACTS,
    **OF_LISTS,
    "list_contracts": {
        "response": {
            "items": [
                {
                    "id": 4,
                    "state": "in_force",
                    "purpose": "Prévenir les personnes que leur acte est prêt à la borne",
                    "legal_basis": "Mission d’intérêt public (RGPD, art. 6.1.e)",
                    "procedures": ["acte-naissance"],
                    "sectors": [],
                    "read": {"family_name": 100, "email": 200},
                    "write": {"email": 200},
                    "answers": {},
                    "retention_months": 6,
                    "begins_on": "2026-01-01",
                    "ends_on": None,
                    "suspended_why": "",
                }
            ]
        }
    },
    "read_person": {"response": {"person": PERSON, "kind": "natural", "attributes": {"email": _email}}},
    "write_attribute": {"request": {"value": "camille@example.org", "level": 200}, "response": _email},
    "list_procedures": {"response": {"items": [_procedure]}},
    "read_procedure": {"response": {**_procedure, "fields": [_field], "declarations": []}},
    "read_definition": {
        "response": {
            "procedure": "acte-naissance",
            "version": 3,
            "definition": {"slug": "acte-naissance", "title": {"fr": "Demander un acte de naissance"}},
            "yaml": "slug: acte-naissance\ntitle: {fr: Demander un acte de naissance}\n",
        }
    },
    "read_schemas": {
        "response": {
            "procedure": "acte-naissance",
            "version": 3,
            "accepted": {"type": "object", "properties": {"motif": {"type": "string"}}},
            "published": {"type": "object", "properties": {"motif": {"type": "string"}}},
        }
    },
    "create_link": {
        "request": {"answers": {"numero": "A-12"}, "days": 30},
        "response": {
            "url": "https://demarches.ville.example/demarches/acte-naissance/?avec=…",
            "expires_at": "2026-12-03T08:12:44Z",
        },
    },
    "list_cases": {"response": {"items": [_case], "next": None}},
    "create_case": {
        "request": {
            "procedure": "acte-naissance",
            "answers": {"nom": "Martin", "courriel": "camille@example.org", "motif": "Mariage"},
            "declarations": {},
            "language": "fr",
            "mandate": None,
            "draft": None,
        },
        "response": {**_case, "state": "submitted", "assignee": None, "version": 1},
    },
    "read_case": {
        "response": {
            **_case,
            "answers": {"motif": "Mariage"},
            "sensitive": [],
            "mandate": {},
            "applicant": {
                "kind": "natural",
                "person": "3kq9ZQ0v8s2mXw1bYc7dNf5gHj6lPr4tUa-_E0iOxSA",
                "family_name": "Martin",
                "email": "camille@example.org",
            },
            "applicant_withheld": "",
            "documents": [_document],
            "handoffs": [{"application": "etat-civil", "state": "acknowledged", "external_id": "EC-2026-118"}],
            "history": [
                {
                    "at": "2026-11-02T09:30:00Z",
                    "verb": "submit",
                    "actor": "application",
                    "from": "submitted",
                    "to": "submitted",
                }
            ],
        }
    },
    "list_related": {
        "response": {
            "is_duplicate": False,
            "kept": None,
            "duplicates": [],
            "linked": [{"case": {**_case, "id": OTHER, "reference": "2026-9MQ2-T"}, "why": "Même mariage"}],
            "alike": [],
            "others": [],
        }
    },
    "mark_duplicate": {
        **OF_ACTS["mark_duplicate"],
        "response": {**_case, "state": "closed", "decided_at": "2026-11-03T08:12:44Z"},
    },
    "unmark_duplicate": {"response": _case},
    "list_changes": {
        "response": {
            "items": [
                {
                    "case": CASE,
                    "procedure": "acte-naissance",
                    "gone": False,
                    "version": 3,
                    "changed_at": "2026-11-03T08:12:44Z",
                }
            ],
            "next": "Y2hhbmdlcyAxMjA",
            "more": False,
        }
    },
    "list_transitions": {
        "response": {
            "items": [
                {"id": "accept", "verb": "accept", "label": {}, "reason_required": False},
                {"id": "refuse", "verb": "refuse", "label": {}, "reason_required": True},
            ]
        }
    },
    "move_case": {"request": {"transition": "start", "agent": AGENT, "reason": ""}, "response": _case},
    "assign_case": {
        "request": {"agent": AGENT, "assignee": AGENT, "team": None, "reason": ""},
        "response": _case,
    },
    "ask_documents": {
        "request": {"agent": AGENT, "documents": [_asked], "deadline": "2026-12-15", "comment": ""},
        "response": {
            "id": "0198f0b2-6172-7c8d-9e0f-a1b2c3d4e5f6",
            "documents": [_asked],
            "deadline": "2026-12-15",
            "state": "open",
            "asked_at": "2026-11-03T08:12:44Z",
            "answered_at": None,
        },
    },
    "list_messages": {"response": {"items": [_message]}},
    "post_message": {"request": {"body": _message["body"], "agent": AGENT}, "response": _message},
    "list_notes": {"response": {"items": [_note]}},
    "write_note": {"request": {"body": _note["body"], "agent": AGENT}, "response": _note},
    "create_export": {
        "request": {"agent": AGENT, "query": "onglet=a-traiter&demarche=acte-naissance", "format": "csv"},
        "response": {**_export, "state": "waiting", "done": 0, "total": 0, "size": 0, "sha256": "", "expires_at": None},
    },
    "read_export": {"response": _export},
    "create_draft": {
        "request": {"procedure": "acte-naissance"},
        "response": {
            "id": DRAFT,
            "key": "Kq2v8mZ0pYt4Jx6bN1cR3w",
            "expires_at": "2026-11-10T08:12:44Z",
        },
    },
    "attach_document": {"response": _document},
    "add_document": {"response": {**_document, "field": "complement"}},
}
