"""Examples of what is done to a case: corrections, payments, and what agents keep beside it (see `examples`)."""

from typing import Any

AGENT = "nadia.leroy@ville.example"

_payment: dict[str, Any] = {
    "id": "0198f0c1-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
    "amount_cents": 1650,
    "refunded_cents": 0,
    "state": "due",
    "how": "till",
    "words": "À la caisse de la mairie, le matin.",
    "due_on": "2026-12-15",
    "reference": "",
    "reason": "",
    "application": "",
    "asked_at": "2026-11-03T08:12:44Z",
    "asked_by": "Nadia Leroy (Borne)",
    "settled_at": None,
    "settled_by": "",
    "paid_on": None,
}
_paid: dict[str, Any] = {
    **_payment,
    "state": "paid",
    "reference": "Q-2026-0042",
    "settled_at": "2026-11-10T09:00:00Z",
    "settled_by": "Nadia Leroy (Borne)",
    "paid_on": "2026-11-09",
}
_difference: dict[str, Any] = {
    "id": "0198f0c2-2a3b-7c4d-8e5f-6a7b8c9d0e1f",
    "state": "open",
    "before_cents": 1650,
    "after_cents": 1000,
    "gap_cents": -650,
    "decisions": ["give_back", "leave"],
    "amount_cents": 0,
    "reference": "",
    "reason": "",
    "found_at": "2026-11-12T08:30:00Z",
    "decided_at": None,
    "decided_by": "",
}
_decided: dict[str, Any] = {
    **_difference,
    "state": "given_back",
    "gap_cents": None,
    "decisions": [],
    "amount_cents": 650,
    "reference": "R-2026-0007",
    "decided_at": "2026-11-13T09:00:00Z",
    "decided_by": "Nadia Leroy (Borne)",
}
_fault: dict[str, Any] = {"field": "motif", "fault": "incomplete", "sentence": "Dites pour quelle démarche."}
_corrections: dict[str, Any] = {
    "id": "0198f0b2-6172-7c8d-9e0f-a1b2c3d4e5f7",
    "documents": [{"name": "Motif", "indispensable": True, **_fault}],
    "deadline": "2026-12-15",
    "state": "open",
    "asked_at": "2026-11-03T08:12:44Z",
    "answered_at": None,
}
_revision: dict[str, Any] = {
    "id": "0198f0c4-2b3c-7d4e-9f50-6b7c8d9e0f1a",
    "at": "2026-11-03T08:30:00Z",
    "by": "agent",
    "author_name": "Nadia Leroy (Borne)",
    "reason": "Vous nous avez dit le bon motif au téléphone.",
    "changes": [{"field": "motif", "before": "Mariage", "after": "Passeport"}],
}

_opinion: dict[str, Any] = {
    "id": "0198f0c6-3c4d-7e5f-8061-7c8d9e0f1a2b",
    "name": "Architecte des Bâtiments de France",
    "email": "udap@culture.example",
    "question": "Le projet respecte-t-il les abords du château ?",
    "deadline": "2026-12-01",
    "state": "asked",
    "is_late": False,
    "asked_at": "2026-11-03T08:40:00Z",
    "outcome": "",
    "text": "",
    "author": "",
    "given_at": None,
    "documents": [],
}
_given: dict[str, Any] = {
    **_opinion,
    "state": "given",
    "outcome": "reserved",
    "text": "Favorable si les volets restent en bois.",
    "author": "Léa Morin",
    "given_at": "2026-11-20T10:00:00Z",
}
_label: dict[str, Any] = {"id": 7, "name": "À rappeler", "retired": False}
OTHER = "0198f0a2-8d2f-7e4c-8b65-2a3b4c5d6e7f"

OF_ACTS: dict[str, dict[str, Any]] = {
    "read_clock": {
        "response": {
            "regime": "reject",
            "silence_on": "2027-01-02",
            "since": "2026-11-02",
            "suspended_days": 0,
            "waiting": False,
            "implicit_on": None,
            "received_on": "2026-11-02",
            "first_received_on": None,
            "competent_on": None,
            "receipts": {"registration": "2026-11-03", "acknowledgement": "2026-11-12"},
            "due_on": "2027-01-02",
            "answer_due_at": None,
            "answered_at": None,
        }
    },
    "list_document_requests": {"response": {"items": [_corrections]}},
    "ask_corrections": {
        "request": {
            "agent": AGENT,
            "wrong": [_fault],
            "deadline": "2026-12-15",
            "indispensable": True,
            "comment": "",
        },
        "response": _corrections,
    },
    "list_revisions": {"response": {"items": [_revision]}},
    "revise_answers": {
        "request": {"agent": AGENT, "answers": {"motif": "Passeport"}, "reason": _revision["reason"]},
        "response": _revision,
    },
    "revise_file": {
        "response": {
            **_revision,
            "reason": "Vous nous avez remis l’acte lisible au guichet.",
            "changes": [{"field": "justificatif", "before": ["photo.jpg"], "after": ["acte.pdf"]}],
        }
    },
    "list_payments": {"response": {"items": [_paid]}},
    "ask_payment": {
        "request": {
            "agent": AGENT,
            "amount_cents": 1650,
            "how": "till",
            "words": _payment["words"],
            "due_on": "2026-12-15",
        },
        "response": _payment,
    },
    "settle_payment": {
        "request": {
            "agent": AGENT,
            "state": "paid",
            "reference": "Q-2026-0042",
            "paid_on": "2026-11-09",
            "reason": "",
        },
        "response": _paid,
    },
    "list_price_differences": {"response": {"items": [_difference]}},
    "decide_price_difference": {
        "request": {
            "agent": AGENT,
            "decision": "give_back",
            "gap_cents": -650,
            "how": None,
            "words": "",
            "due_on": None,
            "reference": "R-2026-0007",
            "reason": "",
        },
        "response": _decided,
    },
    "list_teams": {
        "response": {
            "items": [
                {
                    "slug": "etat-civil",
                    "name": "Service de l'état civil",
                    "sector": "etat-civil",
                    "email": "etat-civil@ville.example",
                    "phone": "02 41 00 00 01",
                }
            ]
        }
    },
    "list_assignees": {"response": {"items": [{"email": AGENT, "name": "Nadia Leroy"}]}},
    "list_decisions": {
        "response": {
            "items": [
                {
                    "id": "0198f0c8-4d5e-7f60-9172-8d9e0f1a2b3c",
                    "outcome": "refused",
                    "reasons": "L'acte demandé est d'une autre commune.",
                    "signatory": "Nadia Leroy",
                    "capacity": "Officière d'état civil",
                    "service": "Service de l'état civil",
                    "decided_at": "2026-11-20T10:00:00Z",
                    "implicit": False,
                    "text": "Madame, votre demande est refusée…",
                }
            ]
        }
    },
    "list_opinions": {"response": {"items": [_given]}},
    "ask_opinion": {
        "request": {
            "agent": AGENT,
            "team": None,
            "name": _opinion["name"],
            "email": _opinion["email"],
            "question": _opinion["question"],
            "deadline": _opinion["deadline"],
            "fields": ["adresse"],
            "documents": [],
        },
        "response": _opinion,
    },
    "revoke_opinion": {"request": {"agent": AGENT}, "response": {**_opinion, "state": "revoked"}},
    "list_labels": {"response": {"items": [_label]}},
    "list_case_labels": {"response": {"items": [_label]}},
    "put_label": {"request": {"agent": AGENT}, "response": {"items": [_label]}},
    "remove_label": {"response": {"items": []}},
    "link_cases": {"request": {"agent": AGENT, "kind": "linked", "why": "Même mariage"}},
    "mark_duplicate": {"request": {"agent": AGENT, "kept": OTHER}},
    "watch_case": {"request": {"agent": AGENT}},
}
