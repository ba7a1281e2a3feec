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
CALLERS = {"customer_service", "quality", "manager"}
WRITERS = {*OFFICE, *SERVING, "trainer", "administrator"}
EDITORS = {"trainer", "manager", "administrator"}
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
    # Company profile, imports, checklists, calendars: the administrator; service hours the manager as well.
    "documents:company": {"administrator"},
    "calendars:day_create": {"administrator"},
    "calendars:day_edit": {"administrator"},
    "calendars:day_remove": {"administrator"},
    "calendars:hours_create": {"manager", "administrator"},
    "calendars:hours_edit": {"manager", "administrator"},
    "calendars:import_create": {"administrator"},
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
    # Policies: administrator and manager; whoever hands a project over issues its service promise.
    "service_levels:policy_choose": {"manager", "administrator"},
    "service_levels:policy_copy": {"manager", "administrator"},
    "service_levels:policy_edit": {"manager", "administrator"},
    "service_levels:policy_load": {"manager", "administrator"},
    "service_levels:promises_issue": LEADERS,
    # Tickets and orders: triage and dispatch are customer service's and the manager's, the work its engineer's.
    "tickets:create": OFFICE | SERVING | ALL_OWNERS | {"stranger"},
    "tickets:dispatch": {"manager", "customer_service"},
    "tickets:label": EVERYBODY,
    "tickets:message": OFFICE | SERVING | OWNERS | {"quality"},
    "tickets:triage": {"manager", "customer_service"},
    "tickets:check_arrangement": {"manager", "customer_service"},
    "tickets:pause": {"manager", "customer_service", "project_manager", "engineer"},
    "tickets:milestone": {*OFFICE, "project_manager", "engineer"},
    "tickets:resume": {"manager", "customer_service", "project_manager", "engineer"},
    "tickets:issue_promise_sheet": {"manager", "customer_service", "project_manager"},
    "tickets:order_complexity": {"engineer"},
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
    # Training: trainers, manager and administrator keep courses and exams, everybody learns, each writes their own exam.
    "training:answer": EDITORS,
    "training:ask": EVERYBODY,
    "training:attempt_mark": EDITORS,
    "training:attempt_save": {"owner_member"},
    "training:attend": EVERYBODY,
    "training:course_create": EDITORS,
    "training:course_edit": EDITORS,
    "training:exam_start": EVERYBODY,
    "training:keep_sheet": {*EDITORS, "project_manager"},
    "training:licence_create": EDITORS,
    "training:licence_edit": EDITORS,
    "training:licence_need_remove": {"manager", "administrator"},
    "training:licence_needs": {"manager", "administrator"},
    "training:material_add": EDITORS,
    "training:material_done": EVERYBODY,
    "training:material_remove": EDITORS,
    "training:material_seen": EVERYBODY,
    "training:name_people": {*EDITORS, "project_manager", "owner_admin"},
    "training:plan_create": {*EDITORS, "project_manager"},
    "training:plan_edit": {*EDITORS, "project_manager"},
    "training:plan_issue": {*EDITORS, "project_manager"},
    "training:question_create": EDITORS,
    "training:question_edit": EDITORS,
    "training:question_import": EDITORS,
    "training:question_switch": EDITORS,
    "training:received": {"owner_member"},
    "training:record_issue": {*EDITORS, "project_manager"},
    "training:register": STAFF - {"stranger"} | OWNERS,
    "training:send_materials": {*EDITORS, "project_manager"},
    "training:session_create": {*EDITORS, "project_manager"},
    "training:session_edit": {*EDITORS, "project_manager"},
    "training:session_paper": {*EDITORS, "project_manager"},
    "training:set_hours": {*EDITORS, "project_manager"},
    "training:sign_in": {*EDITORS, "project_manager"},
    "training:sign_in_door": {*EDITORS, "project_manager"},
    # Papers: whoever sees a document may print it; the owner signs, the one who did the work takes the signature.
    "documents:labels": STAFF,
    "documents:my_signature": STAFF,
    "documents:print": STAFF,
    "documents:print_cancel": {"administrator"},
    "documents:sign": {"manager", "customer_service", "engineer"} | OWNERS,
    "documents:sign_by_link": EVERYBODY,
    "documents:unsigned": {"manager", "customer_service", "engineer"},
    # Complaints: owners and who takes them in; the file is kept by quality and manager, first by customer service.
    "complaints:action": {"quality", "manager"},
    "complaints:anonymous": EVERYBODY,
    "complaints:ask_engineer": OWNERS,
    "complaints:assess": CALLERS,
    "complaints:call": CALLERS,
    "complaints:cause": {"quality", "manager"},
    "complaints:contact": CALLERS,
    "complaints:create": CALLERS | ALL_OWNERS,
    "complaints:enter_code": EVERYBODY,
    "complaints:evidence": {"quality", "manager"},
    "complaints:follow": EVERYBODY,
    "complaints:issue_sheet": {"quality", "manager"},
    "complaints:judge": {"quality", "manager"},
    "complaints:people": CALLERS,
    "complaints:promise": {"quality", "manager"},
    "complaints:summary": {"quality", "manager"},
    "complaints:tell_progress": {"quality", "manager"},
    # Reading by POST: the public page checks a file against its hash, and changes nothing.
    "documents:content_by_link": EVEN_THE_AUDITOR,
    "verify": EVEN_THE_AUDITOR,
    # Surveys: the person who was asked; the engineer hands over the phone; customer service, quality, manager by hand.
    "surveys:answer": {"owner_member"},
    "surveys:ask": CALLERS,
    "surveys:enter": CALLERS,
    "surveys:issue_sheet": CALLERS,
    "surveys:on_phone": {"engineer"},
    "surveys:questionnaire_create": {"manager", "administrator"},
    "surveys:questionnaire_edit": {"manager", "administrator"},
    # How the portal reaches out: the administrator.
    "notifications:defaults": {"administrator"},
    "notifications:mail_test": {"administrator"},
    "notifications:robot_create": {"administrator"},
    "notifications:send_again": {"administrator"},
    "notifications:sender_edit": {"administrator"},
    "notifications:sender_test": {"administrator"},
    "notifications:sms_create": {"administrator"},
    # One's own: notifications and language.
    "notifications:choices": EVERYBODY,
    "notifications:open": {"engineer"},
    "notifications:read": {"engineer"},
    "notifications:read_all": EVERYBODY,
    "set_language": EVEN_THE_AUDITOR,
}
