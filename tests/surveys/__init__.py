"""Surveys: rules, requests, answers, pages."""
