"""What each refusal of the API means, in one sentence: programs compare the type, people read the sentence."""

URN = "urn:etoile:problem:"

KINDS = {
    "changed-meanwhile": "La demande a changé depuis qu'elle a été lue : relisez-la, puis recommencez.",
    "document-refused": "Le fichier n'est pas accepté ; `errors` dit pourquoi.",
    "draft-outdated": "La démarche a changé depuis ce brouillon : recommencez-en un.",
    "forbidden": "Le jeton, ou l'agent nommé, n'a pas ce droit ; `detail` dit lequel manque.",
    "idempotency-key": "L'en-tête Idempotency-Key manque, ou cette clé a servi pour une autre écriture.",
    "identity": "La démarche demande que la personne montre elle-même qui elle est : un programme ne la dépose pas.",
    "ineligible": "La démarche ne convient pas à ces réponses ; `errors` dit pourquoi et où s'adresser.",
    "internal": "Le serveur a rencontré une erreur, et rien n'a été enregistré : recommencez plus tard.",
    "invalid-data": "Une valeur manque ou n'a pas la forme attendue ; `errors` dit laquelle.",
    "lower-level": "Une information plus sûre est déjà connue : elle n'est pas remplacée.",
    "malformed": "Le corps de la requête ne se lit pas.",
    "method-not-allowed": "Cette méthode n'existe pas à cette adresse ; l'en-tête Allow dit lesquelles.",
    "no-contract": "Aucun contrat de service en vigueur ne permet de lire ou d'écrire cela.",
    "not-found": "Rien à cette adresse, ou rien que ce client puisse lire.",
    "not-openable": "Ce fichier reste fermé tant que l'antivirus ne l'a pas trouvé sain.",
    "not-possible": "Ce n'est pas possible dans l'état de la demande ; `title` dit pourquoi.",
    "precondition-required": "L'en-tête If-Match manque : lisez la demande, et donnez son ETag.",
    "refused": "Le serveur refuse cette requête ; `title` dit pourquoi.",
    "restricted": "Cette personne a demandé que ses données ne soient pas utilisées.",
    "too-large": "Le corps de la requête est trop volumineux.",
    "too-many-requests": "Trop de requêtes : l'en-tête Retry-After dit quand revenir.",
    "unauthorized": "Il faut un jeton valide : demandez-en un autre.",
    "unknown-agent": "Aucun agent actif de la collectivité n'a cette adresse.",
    "unknown-team": "La collectivité n'a pas ce service.",
    "unknown-transition": "La démarche n'a pas cette étape.",
}
