"""Who gets past the door by POST, address by address, as the model says ("People and what they may do").

Getting past means any answer but 403, 404 and 405, for rows of project A; what a form then accepts is its own test.
The steps of the state machines are not here: they are asked edge by edge in ``test_steps.py``.
"""

from __future__ import annotations

OWNERS = {"owner_admin", "owner_member"}
ALL_OWNERS = {*OWNERS, "limited_member", "other_owner"}
SERVING = {"engineer", "project_manager"}
OFFICE = {"manager", "customer_service", "technical_support"}
STAFF = {*OFFICE, *SERVING, "trainer", "storekeeper", "finance", "quality", "administrator", "stranger"}
LEADERS = {"manager", "administrator", "project_manager"}
WRITERS = {*OFFICE, *SERVING, "trainer", "administrator"}
EVERYBODY = {*STAFF, *ALL_OWNERS}
EVEN_THE_AUDITOR = {*EVERYBODY, "auditor"}

RIGHTS: dict[str, set[str]] = {
    # People: the administrator; owners' people also their own admin. An invitation is for who holds it.
    "accounts:accept": EVEN_THE_AUDITOR,
    "accounts:create": {"administrator"},
    "accounts:edit": {"administrator"},
    "accounts:invite_again": {"administrator"},
    "accounts:profile": EVERYBODY,
    "accounts:switch": {"administrator"},
    "accounts:withdraw": {"administrator"},
    "projects:owner_person_create": {"administrator", "owner_admin"},
    "projects:owner_person_edit": {"administrator", "owner_admin"},
    "projects:owner_person_invite": {"administrator", "owner_admin"},
    "projects:owner_person_switch": {"administrator", "owner_admin"},
    # Company profile, imports, checklists: the administrator.
    "documents:company": {"administrator"},
    "projects:import_columns": {"administrator"},
    "projects:import_create": {"administrator"},
    "inspections:checklist_create": {"administrator"},
    "inspections:checklist_edit": {"administrator"},
    # Projects and what hangs under them.
    "projects:create": {"manager", "administrator"},
    "projects:edit": LEADERS,
    "projects:people": LEADERS,
    "projects:owner_create": {"manager", "administrator"},
    "projects:owner_edit": {"manager", "administrator"},
    "projects:equipment_create": WRITERS,
    "projects:equipment_edit": WRITERS,
    "projects:site_create": WRITERS,
    "projects:site_edit": WRITERS,
    "projects:model_create": {"manager", "technical_support", "administrator"},
    "projects:model_edit": {"manager", "technical_support", "administrator"},
    "warranties:accept": LEADERS,
    "warranties:print_due": {"manager", "administrator"},
    "warranties:print_selected": {"manager", "administrator"},
    # Tickets and orders: triage and dispatch are customer service's and the manager's, the work its engineer's.
    "tickets:create": OFFICE | SERVING | ALL_OWNERS | {"stranger"},
    "tickets:dispatch": {"manager", "customer_service"},
    "tickets:label": EVERYBODY,
    "tickets:message": OFFICE | SERVING | OWNERS | {"quality"},
    "tickets:triage": {"manager", "customer_service"},
    "tickets:order_finish": {"engineer"},
    "tickets:order_photo": {"engineer"},
    "tickets:order_photo_remove": {"engineer"},
    "tickets:order_record": {"engineer"},
    # Visits: the plan is the leaders', the visit its engineer's, a finding is followed by those who answer for it.
    "inspections:finding_add": {"engineer"},
    "inspections:finding_edit": OFFICE | SERVING | {"quality"},
    "inspections:photo_add": {"engineer"},
    "inspections:plan_create": LEADERS,
    "inspections:plan_edit": LEADERS,
    "inspections:plan_end": LEADERS,
    "inspections:plan_reactivate": LEADERS,
    "inspections:record": {"engineer"},
    # Papers: whoever sees a document may print it; the owner signs, the one who did the work takes the signature.
    "documents:labels": STAFF,
    "documents:my_signature": STAFF,
    "documents:print": STAFF,
    "documents:print_cancel": {"administrator"},
    "documents:sign": {"manager", "customer_service", "engineer"} | OWNERS,
    "documents:sign_by_link": EVERYBODY,
    "documents:unsigned": {"manager", "customer_service", "engineer"},
    # Reading by POST: the public page checks a file against its hash, and changes nothing.
    "documents:content_by_link": EVEN_THE_AUDITOR,
    "documents:verify": EVEN_THE_AUDITOR,
    # One's own: notifications and language.
    "notifications:open": {"engineer"},
    "notifications:read_all": EVERYBODY,
    "set_language": EVEN_THE_AUDITOR,
}
