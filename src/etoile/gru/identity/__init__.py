"""Who somebody is, as a platform of the State says it: FranceConnect for persons, ProConnect for agents."""
