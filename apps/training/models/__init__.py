"""Courses, sessions, exams, certificates, licences and improvements."""

from .certificates import Certificate, Licence, LicenceFile, LicenceKind, LicenceNeed, Retraining, new_check_code
from .courses import Course, CoursePart, Material, MaterialFile, Part, Post, Progress, Question
from .exams import Attempt, AttemptQuestion
from .improvements import Improvement
from .sessions import Participant, Session, SessionFile, TrainingPlan, new_attendance_token

__all__ = [
    "Attempt",
    "AttemptQuestion",
    "Certificate",
    "Course",
    "CoursePart",
    "Improvement",
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
    "Retraining",
    "Session",
    "SessionFile",
    "TrainingPlan",
    "new_attendance_token",
    "new_check_code",
]
