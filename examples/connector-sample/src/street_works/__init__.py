from street_works.connector import StreetWorks

CONNECTOR = StreetWorks()
