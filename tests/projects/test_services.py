"""Creating and changing projects, their people, sites, equipment, acceptance."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.projects import services
from apps.projects.models import Equipment, OwnerPerson, Project, ProjectPerson
from tests import factories as make

pytestmark = pytest.mark.django_db
R = ProjectPerson.Role


@pytest.fixture
def manager() -> User:
    return make.make_staff(Role.MANAGER)


def held(project: Project) -> dict[User, str]:
    return {row.user: row.role for row in project.people.select_related("user")}


def test_project_gets_its_number_and_is_prepared(manager: User, now: datetime) -> None:
    owner = make.make_owner()
    first, second = (
        services.create_project(name=name, owner=owner, manager=manager, actor=manager, now=now)
        for name in ("一期", "二期")
    )
    assert (first.number, second.number) == ("GC-2026-000001", "GC-2026-000002")
    assert first.status == Project.Status.PREPARING
    assert held(first) == {manager: R.MANAGER}


def test_name_is_unique_within_its_owner(manager: User, now: datetime) -> None:
    project = make.make_project(name="一期")
    with pytest.raises(DomainError) as refused:
        services.create_project(name=" 一期 ", owner=project.owner, actor=manager, now=now)
    assert refused.value.field == "name"
    services.create_project(name="一期", owner=make.make_owner(), actor=manager, now=now)


def test_amount_stays_out_of_the_timeline(manager: User, now: datetime) -> None:
    project = make.make_project(contract_amount=Decimal("100.00"))
    services.change_project(project, contract_amount=Decimal("98765.43"), address="新址", actor=manager, now=now)
    events = list(Event.objects.about(project))
    assert "98765" not in str([event.data for event in events])
    assert {event.audience for event in events} == {Audience.STAFF}
    assert {event.name for event in events} == {"projects.project.changed", "projects.project.amount_changed"}


def test_status_is_no_value_to_change(manager: User, now: datetime) -> None:
    with pytest.raises(TypeError):
        services.change_project(make.make_project(), status="closed", actor=manager, now=now)


def test_people_are_one_manager_two_engineers_and_others(manager: User, now: datetime) -> None:
    project = make.make_project()
    first, second, third, other = (make.make_staff(Role.ENGINEER) for _ in range(4))
    services.set_project_people(
        project, manager=first, engineers=[second, third], others=[other], actor=manager, now=now
    )
    assert held(project) == {
        first: R.MANAGER,
        second: R.DESIGNATED_ENGINEER,
        third: R.DESIGNATED_ENGINEER,
        other: R.OTHER,
    }
    services.set_project_people(project, manager=second, engineers=[first], actor=manager, now=now)
    assert held(project) == {second: R.MANAGER, first: R.DESIGNATED_ENGINEER}


def test_third_designated_engineer_is_refused(manager: User, now: datetime) -> None:
    project = make.make_project()
    engineers = [make.make_staff(Role.ENGINEER) for _ in range(3)]
    with pytest.raises(DomainError):
        services.set_project_people(project, manager=None, engineers=engineers, actor=manager, now=now)
    assert held(project) == {}


def test_owners_person_serves_no_project(manager: User, now: datetime) -> None:
    project = make.make_project()
    member = make.make_owner_member(project.owner)
    with pytest.raises(DomainError):
        services.set_project_people(project, manager=member, actor=manager, now=now)
    with pytest.raises(DomainError):
        services.ensure_serves(project, member, now)


def test_dispatched_engineer_stays_when_people_are_set(manager: User, now: datetime) -> None:
    project, sent = make.make_project(), make.make_staff(Role.ENGINEER)
    services.ensure_serves(project, sent, now)
    services.set_project_people(project, manager=manager, actor=manager, now=now)
    assert held(project) == {manager: R.MANAGER, sent: R.ENGINEER}


def test_equipment_counts_through_and_has_a_label(manager: User, now: datetime) -> None:
    project = make.make_project()
    first, second = (services.create_equipment(project, name="水泵", actor=manager, now=now) for _ in range(2))
    assert (first.asset_code, second.asset_code) == ("SB-000001", "SB-000002")
    assert first.label_token != second.label_token


def test_equipment_stays_within_its_project(manager: User, now: datetime) -> None:
    here, elsewhere = make.make_project(), make.make_project()
    foreign, site = make.make_equipment(project=elsewhere), make.make_site(project=elsewhere)
    for field, value in (("parent", foreign), ("site", site)):
        with pytest.raises(DomainError) as refused:
            services.create_equipment(here, name="水泵", actor=manager, now=now, **{field: value})
        assert refused.value.field == field
    assert not Equipment.objects.filter(project=here).exists()


def test_equipment_is_no_part_of_itself(manager: User, now: datetime) -> None:
    project = make.make_project()
    top = make.make_equipment(project=project)
    middle = make.make_equipment(project=project, parent=top)
    bottom = make.make_equipment(project=project, parent=middle)
    for parent in (top, middle, bottom):
        with pytest.raises(DomainError):
            services.change_equipment(top, parent=parent, actor=manager, now=now)
    assert services.change_equipment(bottom, parent=top, actor=manager, now=now).parent == top


def test_change_without_a_difference_leaves_no_event(manager: User, now: datetime) -> None:
    equipment = make.make_equipment()
    services.change_equipment(equipment, name=equipment.name, actor=manager, now=now)
    assert not Event.objects.about(equipment).exists()


def test_place_names_are_unique_where_they_are(manager: User, now: datetime) -> None:
    project = make.make_project()
    ground = services.add_site(project, name="B1", actor=manager, now=now)
    pumps = services.add_site(project, name="B1", parent=ground, actor=manager, now=now)
    for parent in (None, ground):
        with pytest.raises(DomainError):
            services.add_site(project, name=" B1", parent=parent, actor=manager, now=now)
    for parent in (pumps, make.make_site()):
        with pytest.raises(DomainError):
            services.add_site(project, name="角落", parent=parent, actor=manager, now=now)
    with pytest.raises(DomainError):
        services.change_site(ground, name="B1", parent=ground, address="", actor=manager, now=now)


def test_acceptance_hands_the_project_over_once(manager: User, now: datetime) -> None:
    """W-01: the acceptance is the start event, kept with its evidence."""
    project = make.make_project(status=Project.Status.PREPARING)
    values = {"basis": "report_signed", "accepted_on": make.TODAY, "actor": manager, "now": now}
    acceptance = services.record_acceptance(project, **values, files=[make.accepted()])
    project.refresh_from_db()
    assert project.status == Project.Status.HANDED_OVER
    assert acceptance.files.count() == 1
    names = list(Event.objects.filter(project=project).order_by("pk").values_list("name", flat=True))
    assert names == ["projects.project.accepted", "projects.project.hand_over"]
    with pytest.raises(DomainError):
        services.record_acceptance(project, **values)


def test_acceptance_is_not_recorded_ahead(manager: User, now: datetime) -> None:
    project = make.make_project(status=Project.Status.PREPARING)
    with pytest.raises(DomainError) as refused:
        services.record_acceptance(
            project, basis="handover", accepted_on=make.TODAY + timedelta(days=1), actor=manager, now=now
        )
    assert refused.value.field == "accepted_on"
    project.refresh_from_db()
    assert project.status == Project.Status.PREPARING


def test_acceptance_of_a_project_in_service_leaves_its_state(manager: User, now: datetime) -> None:
    project = make.make_project(status=Project.Status.IN_SERVICE)
    services.record_acceptance(project, basis="sale", accepted_on=make.TODAY, actor=manager, now=now)
    project.refresh_from_db()
    assert project.status == Project.Status.IN_SERVICE


def test_member_is_limited_to_projects_of_the_organisation(manager: User, now: datetime) -> None:
    project, foreign = make.make_project(), make.make_project()
    values = {"name": "刘洋", "phone": "13700137001", "all_projects": False, "actor": manager, "now": now}
    for projects in ([], [foreign]):
        with pytest.raises(DomainError):
            services.add_owner_person(project.owner, projects=projects, **values)
    person = services.add_owner_person(project.owner, projects=[project], **values)
    make.make_project(owner=project.owner)
    assert list(Project.objects.visible_to(person.user)) == [project]
    services.change_owner_person(person, kind=OwnerPerson.Kind.ADMIN, all_projects=False, actor=manager, now=now)
    user = User.objects.get(pk=person.user_id)
    assert Project.objects.visible_to(user).count() == 2, "an admin is never limited"


def test_owner_keeps_an_admin_against_its_own_people(now: datetime) -> None:
    owner = make.make_owner()
    admin, second = make.make_owner_admin(owner), make.make_owner_admin(owner)
    services.switch_owner_person(second.owner_person, on=False, actor=admin, now=now)
    with pytest.raises(DomainError):
        services.change_owner_person(admin.owner_person, kind=OwnerPerson.Kind.MEMBER, actor=admin, now=now)
    with pytest.raises(DomainError):
        services.switch_owner_person(admin.owner_person, on=False, actor=admin, now=now)
    administrator = make.make_staff(Role.ADMINISTRATOR)
    services.switch_owner_person(admin.owner_person, on=False, actor=administrator, now=now)
    assert not User.objects.get(pk=admin.pk).is_active


def test_owner_admin_cannot_take_over_a_colleagues_account(now: datetime) -> None:
    """Who can set a colleague's password could sign in their name."""
    owner = make.make_owner()
    admin, colleague = make.make_owner_admin(owner), make.make_owner_member(owner)
    with pytest.raises(DomainError):
        services.invite_owner_person(colleague.owner_person, actor=admin, now=now)
    newcomer = services.add_owner_person(owner, name="新人", phone="13700137002", actor=admin, now=now)
    assert services.invite_owner_person(newcomer, actor=admin, now=now).user == newcomer.user
