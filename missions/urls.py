"""The addresses of the pages. A page lives in the highest app whose rows it shows: all show rows of this one."""

from django.urls import path

from missions.views.about import about_the_record
from missions.views.answer import answer_page
from missions.views.copies import source_copy
from missions.views.home import home
from missions.views.lists import (
    DeploymentList,
    ElectionList,
    InvitationList,
    MissionList,
    OrganizationList,
    SourceList,
)
from missions.views.matrix import matrix_page
from missions.views.records import (
    DeploymentPage,
    ElectionPage,
    InvitationPage,
    MissionPage,
    ObserverPage,
    OrganizationPage,
    SourcePage,
)

urlpatterns = [
    path("", home, name="home"),
    path("about-the-record/", about_the_record, name="about-the-record"),
    path("answer/", answer_page, name="answer"),
    path("deployments/", DeploymentList.as_view(), name="deployments"),
    path("deployments/<slug:code>/", DeploymentPage.as_view(), name="deployment"),
    path("matrix/", matrix_page, name="matrix"),
    path("missions/", MissionList.as_view(), name="missions"),
    path("missions/<slug:code>/", MissionPage.as_view(), name="mission"),
    path("elections/", ElectionList.as_view(), name="elections"),
    path("elections/<slug:code>/", ElectionPage.as_view(), name="election"),
    path("invitations/", InvitationList.as_view(), name="invitations"),
    path("invitations/<slug:code>/", InvitationPage.as_view(), name="invitation"),
    path("observers/<slug:code>/", ObserverPage.as_view(), name="observer"),
    path("organizations/", OrganizationList.as_view(), name="organizations"),
    path("organizations/<slug:code>/", OrganizationPage.as_view(), name="organization"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<slug:code>/", SourcePage.as_view(), name="source"),
    path("sources/<slug:code>/copies/<slug:sha256>/", source_copy, name="source-copy"),
]
