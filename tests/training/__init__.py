"""Courses, sessions, exams, certificates, licences."""
