"""Courses, sessions, exams, certificates and licences."""

from .certificates import Certificate, Licence, LicenceFile, LicenceKind, LicenceNeed, new_check_code
from .courses import Course, CoursePart, Material, MaterialFile, Part, Post, Progress, Question
from .exams import Attempt, AttemptQuestion
from .sessions import Participant, Session, SessionFile, TrainingPlan, new_attendance_token

__all__ = [
    "Attempt",
    "AttemptQuestion",
    "Certificate",
    "Course",
    "CoursePart",
    "Licence",
    "LicenceFile",
    "LicenceKind",
    "LicenceNeed",
    "Material",
    "MaterialFile",
    "Part",
    "Participant",
    "Post",
    "Progress",
    "Question",
    "Session",
    "SessionFile",
    "TrainingPlan",
    "new_attendance_token",
    "new_check_code",
]
