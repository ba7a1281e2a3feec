"""Questionnaires, requests to answer them, and what people said."""
