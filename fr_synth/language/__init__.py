"""How people ask, refer and are answered."""
