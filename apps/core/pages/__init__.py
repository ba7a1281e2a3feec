"""The page bases: every view of the portal is one of these with attributes and small hooks."""

from .base import Page, ScopedPage
from .detail import DetailPage
from .files import FilePage
from .form import ActionPage, FormPage
from .list import ListPage, Tab
from .step import StepPage

__all__ = ["ActionPage", "DetailPage", "FilePage", "FormPage", "ListPage", "Page", "ScopedPage", "StepPage", "Tab"]
