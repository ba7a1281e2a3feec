"""The pages: who may open what, foreign ids, amounts, kept typing, queries that do not grow."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.projects.models import Equipment, Owner, OwnerPerson, Project, ProjectPerson
from tests import factories as make

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]

AMOUNT = Decimal("12867001.55")


@pytest.fixture
def project() -> Project:
    return make.make_project(name="市民中心机电安装工程", contract_amount=AMOUNT)


@pytest.mark.parametrize(
    ("kind", "sees"),
    [(role.value, role in {Role.FINANCE, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR}) for role in Role]
    + [("owner_admin", True), ("owner_member", False)],
)
def test_amount_is_for_those_who_see_amounts(client_of: ClientOf, project: Project, kind: str, sees: bool) -> None:
    if kind.startswith("owner"):
        user = getattr(make, f"make_{kind}")(project.owner)
    else:
        user = make.make_staff(kind)
        make.make_project_person(project=project, user=user)
    client = client_of(user)
    page = reverse("projects:detail", args=[project.pk])
    assert "12,867,001.55" not in client.get(page).content.decode()  # stands in the part that comes after it
    for address in (reverse("projects:list"), f"{page}?part=side"):
        assert ("12,867,001.55" in client.get(address).content.decode()) is sees
    export = client.get(reverse("projects:list"), {"export": "csv"}).content.decode()
    assert project.name in export
    assert ("12867001.55" in export) is sees


def test_form_of_a_project_manager_has_no_amount_and_keeps_it(client_of: ClientOf, project: Project) -> None:
    user = make.make_staff(Role.ENGINEER)
    make.make_project_person(project=project, user=user, role=ProjectPerson.Role.MANAGER)
    client, address = client_of(user), reverse("projects:edit", args=[project.pk])
    assert "contract_amount" not in client.get(address).content.decode()
    typed = {"name": "改名工程", "owner": project.owner_id, "trade": "mep", "contract_amount": "1"}
    assert client.post(address, typed).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.contract_amount) == ("改名工程", AMOUNT)


def test_project_is_created_for_a_new_owner(client_of: ClientOf) -> None:
    client = client_of(make.make_staff(Role.MANAGER))
    typed = {"name": "一期工程", "trade": "mep", "new_owner": "江州市图书馆"}
    answer = client.post(reverse("projects:create"), typed)
    made = Project.objects.get()
    assert answer.url == made.get_absolute_url()
    assert made.owner.name == "江州市图书馆"
    assert client.get(answer.url).status_code == 200


def test_refused_project_keeps_what_was_typed(client_of: ClientOf, project: Project) -> None:
    client = client_of(make.make_staff(Role.MANAGER))
    typed = {"name": "市民中心机电安装工程", "owner": project.owner_id, "trade": "mep", "address": "滨江路 8 号"}
    for change in ({}, {"new_owner": "两个业主"}, {"owner": ""}):
        answer = client.post(reverse("projects:create"), typed | change)
        assert answer.status_code == 422
        assert "滨江路 8 号" in answer.content.decode()
    assert Project.objects.count() == 1
    assert Owner.objects.count() == 1


def test_project_sent_twice_is_created_once(client_of: ClientOf) -> None:
    client, owner = client_of(make.make_staff(Role.MANAGER)), make.make_owner()
    typed = {"name": "一期工程", "trade": "mep", "owner": owner.pk, "submission_key": "k" * 20}
    first, second = (client.post(reverse("projects:create"), typed) for _ in range(2))
    assert first.url == second.url
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.CUSTOMER_SERVICE, Role.FINANCE, Role.QUALITY, Role.AUDITOR])
def test_project_is_changed_by_its_leaders_alone(client_of: ClientOf, project: Project, role: Role) -> None:
    user = make.make_staff(role)
    make.make_project_person(project=project, user=user)
    client = client_of(user)
    for name in ("edit", "people"):
        assert client.get(reverse(f"projects:{name}", args=[project.pk])).status_code == 403
        assert client.post(reverse(f"projects:{name}", args=[project.pk]), {}).status_code == 403
    assert client.get(reverse("projects:create")).status_code == 403


def test_foreign_rows_do_not_exist(client_of: ClientOf, project: Project) -> None:
    other = make.make_project()
    equipment, site = make.make_equipment(project=project), make.make_site(project=project)
    strangers = [make.make_owner_admin(other.owner), make.make_engineer(other)]
    for client in map(client_of, strangers):
        for name, pk in (
            ("detail", project.pk),
            ("edit", project.pk),
            ("people", project.pk),
            ("site_create", project.pk),
            ("site_edit", site.pk),
            ("equipment_detail", equipment.pk),
            ("equipment_edit", equipment.pk),
            ("owner_detail", project.owner_id),
        ):
            assert client.get(reverse(f"projects:{name}", args=[pk])).status_code == 404, name
        assert client.get(reverse("projects:equipment_create"), {"project": project.pk}).status_code == 404
        assert equipment.name not in client.get(reverse("projects:equipment_list")).content.decode()


def test_equipment_form_accepts_only_its_own_project(client_of: ClientOf, project: Project) -> None:
    user = make.make_staff(Role.CUSTOMER_SERVICE)
    other = make.make_project()
    foreign_site, foreign = make.make_site(project=other), make.make_equipment(project=other)
    client = client_of(user)
    address = f"{reverse('projects:equipment_create')}?project={project.pk}"
    for field, value in (("site", foreign_site.pk), ("parent_code", foreign.asset_code)):
        answer = client.post(address, {"name": "3# 水泵", field: value})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "3# 水泵" in answer.content.decode()
    parent = make.make_equipment(project=project)
    answer = client.post(address, {"name": "3# 水泵", "parent_code": parent.asset_code.lower()})
    made = Equipment.objects.get(name="3# 水泵")
    assert answer.url == made.get_absolute_url()
    assert (made.parent, made.project) == (parent, project)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.CUSTOMER_SERVICE])
def test_new_equipment_is_offered_to_whom_its_form_opens(client_of: ClientOf, project: Project, role: Role) -> None:
    client, form = client_of(make.make_staff(role)), f"{reverse('projects:equipment_create')}?project={project.pk}"
    page = client.get(reverse("projects:equipment_list"), {"project": project.pk}).content.decode()
    assert (form in page) is (client.get(form).status_code == 200) is (role == Role.CUSTOMER_SERVICE)


def test_site_filter_waits_for_a_project(client_of: ClientOf, project: Project) -> None:
    site = make.make_site(project=project)
    inside, outside = make.make_equipment(project=project, site=site), make.make_equipment(project=project)
    client, address = client_of(make.make_staff(Role.MANAGER)), reverse("projects:equipment_list")
    assert 'name="site"' not in client.get(address).content.decode()
    page = client.get(address, {"project": project.pk, "site": site.pk}).content.decode()
    assert inside.asset_code in page
    assert outside.asset_code not in page


def owner_client(client_of: ClientOf, user: User) -> Callable[[str, str, int], int]:
    client = client_of(user)

    def ask(method: str, name: str, pk: int) -> int:
        data = {"wanted": "off", "kind": "member", "all_projects": "on", "name": "改名", "phone": "13700001111"}
        return getattr(client, method)(reverse(f"projects:{name}", args=[pk]), data).status_code

    return ask


def test_owner_admin_manages_the_own_organisation_alone(client_of: ClientOf) -> None:
    owner, other = make.make_owner(), make.make_owner()
    admin, member = make.make_owner_admin(owner), make.make_owner_member(owner)
    foreign = make.make_owner_member(other).owner_person
    ask = owner_client(client_of, admin)
    for name in ("owner_person_edit", "owner_person_switch", "owner_person_invitation"):
        assert ask("get", name, member.owner_person.pk) == 200
        assert ask("get", name, foreign.pk) == 404
    for name in ("owner_person_edit", "owner_person_switch", "owner_person_invite"):
        assert ask("post", name, foreign.pk) == 404
    assert ask("post", "owner_person_create", other.pk) == 404
    assert ask("post", "owner_person_create", owner.pk) == 302
    assert OwnerPerson.objects.get(user__name="改名").owner == owner
    assert ask("post", "owner_person_switch", member.owner_person.pk) == 302
    assert not User.objects.get(pk=member.pk).is_active
    assert ask("post", "owner_person_switch", admin.owner_person.pk) == 422
    assert User.objects.get(pk=admin.pk).is_active
    assert ask("post", "owner_edit", owner.pk) == 403


def test_owner_member_manages_nobody(client_of: ClientOf) -> None:
    owner = make.make_owner()
    admin, member = make.make_owner_admin(owner), make.make_owner_member(owner)
    ask = owner_client(client_of, member)
    assert ask("get", "owner_detail", owner.pk) == 200
    for name in ("owner_person_edit", "owner_person_switch", "owner_person_invitation"):
        assert ask("get", name, admin.owner_person.pk) == 403
    assert ask("post", "owner_person_switch", admin.owner_person.pk) == 403
    assert ask("post", "owner_person_create", owner.pk) == 403
    assert User.objects.get(pk=admin.pk).is_active


def test_owner_admin_does_not_change_by_what_a_colleague_signs_in(client_of: ClientOf) -> None:
    owner = make.make_owner()
    admin, member = make.make_owner_admin(owner), make.make_owner_member(owner, phone="13700137000")
    typed = {"kind": "member", "all_projects": "on", "position": "班长", "phone": "13999999999", "email": "x@evil.cn"}
    address = reverse("projects:owner_person_edit", args=[member.owner_person.pk])
    assert client_of(admin).post(address, typed).status_code == 302
    member.refresh_from_db()
    assert (member.phone, member.email, member.owner_person.position) == ("13700137000", None, "班长")


def test_limited_member_is_given_by_the_form(client_of: ClientOf) -> None:
    owner, foreign = make.make_owner(), make.make_project()
    mine, other = make.make_project(owner=owner), make.make_project(owner=owner)
    admin, member = make.make_owner_admin(owner), make.make_owner_member(owner)
    client, address = client_of(admin), reverse("projects:owner_person_edit", args=[member.owner_person.pk])
    for projects in ([], [foreign.pk]):
        assert client.post(address, {"kind": "member", "projects": projects}).status_code == 422
    assert client.post(address, {"kind": "member", "projects": [mine.pk]}).status_code == 302
    member = User.objects.get(pk=member.pk)
    assert list(Project.objects.visible_to(member)) == [mine]
    assert client_of(member).get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["list", "equipment_list", "owner_list", "model_list"])
def test_list_asks_the_same_number_of_queries_however_long(client_of: ClientOf, name: str) -> None:
    client = client_of(make.make_staff(Role.MANAGER))

    def rows(count: int) -> None:
        for _ in range(count):
            project = make.make_project(manager=make.make_staff(Role.ENGINEER))
            site = make.make_site(project=project)
            make.make_equipment(project=project, site=site, model=make.make_equipment_model())

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse(f"projects:{name}")).status_code == 200
        return len(captured)

    rows(2)
    queries()
    few = queries()
    rows(15)
    assert queries() == few
    assert few <= 12


def test_project_page_asks_the_same_number_of_queries_however_much(client_of: ClientOf, project: Project) -> None:
    client: Any = client_of(make.make_staff(Role.MANAGER))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(project.get_absolute_url()).status_code == 200
        return len(captured)

    def more(count: int) -> None:
        for _ in range(count):
            site = make.make_site(project=project)
            make.make_equipment(project=project, site=site, model=make.make_equipment_model())
            make.make_project_person(project=project, user=make.make_staff(Role.ENGINEER))

    more(2)
    queries()
    few = queries()
    more(15)
    assert queries() == few
