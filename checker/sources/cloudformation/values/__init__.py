"""What the expressions of a template come to, before anything is deployed."""
