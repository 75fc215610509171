"""The bundled newsroom: invented publishers and their articles, served on loopback."""
