"""Before a procedure is published, the hub says what the applications plugged into it would make of it."""

from etoile.demo.people import Agent
from etoile.demo.stage import FACTOR

DESIGNER = "sacha.perrin@valmont-sur-loire.example"
RECEIVED = {
    "signalement-voirie": "Abonnement « techniques-interventions »",
    "inscription-periscolaire": "Abonnement « famille-inscriptions »",
}


def test_the_hub_says_what_each_application_would_make_of_a_procedure(stage):
    agent = Agent(stage.gru, DESIGNER, stage.secret("demo-agent-password"), stage.secret(FACTOR))
    for slug, subscription in RECEIVED.items():
        page = agent.browser.get(f"{stage.gru}/agents/demarches/{slug}/traitement/?essai=1")
        told = page.text.partition("Logiciels qui reçoivent")[2]
        assert subscription in told and "Ce qui serait envoyé" in told, told
        assert "n’aurait pas de valeur" not in told, told
