"""From a hearing's dossier to the content of its notat."""
