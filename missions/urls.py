"""The addresses of the pages. A page lives in the highest app whose rows it shows: all show rows of this one."""

from django.urls import path

from missions.views.about import about_the_record
from missions.views.answer import answer_page
from missions.views.calendar import calendar_page
from missions.views.copies import source_copy
from missions.views.countries import country_list, country_page
from missions.views.deployments import DeploymentList
from missions.views.home import home
from missions.views.lists import (
    AssignmentList,
    ElectionList,
    InvitationList,
    MissionList,
    ObserverList,
    OrganizationList,
    SourceList,
)
from missions.views.matrix import matrix_page
from missions.views.method import data_dictionary, method
from missions.views.records import (
    DeploymentPage,
    ElectionPage,
    InvitationPage,
    MissionPage,
    ObserverPage,
    OrganizationPage,
    SourcePage,
)
from missions.views.saved import saved_view, saved_views
from missions.views.search import search

urlpatterns = [
    path("", home, name="home"),
    path("about-the-record/", about_the_record, name="about-the-record"),
    path("answer/", answer_page, name="answer"),
    path("assignments/", AssignmentList.as_view(), name="assignments"),
    path("calendar/", calendar_page, name="calendar"),
    path("countries/", country_list, name="countries"),
    path("countries/<slug:code>/", country_page, name="country"),
    path("data-dictionary/", data_dictionary, name="data-dictionary"),
    path("deployments/", DeploymentList.as_view(), name="deployments"),
    path("deployments/<slug:code>/", DeploymentPage.as_view(), name="deployment"),
    path("matrix/", matrix_page, name="matrix"),
    path("method/", method, name="method"),
    path("missions/", MissionList.as_view(), name="missions"),
    path("missions/<slug:code>/", MissionPage.as_view(), name="mission"),
    path("elections/", ElectionList.as_view(), name="elections"),
    path("elections/<slug:code>/", ElectionPage.as_view(), name="election"),
    path("invitations/", InvitationList.as_view(), name="invitations"),
    path("invitations/<slug:code>/", InvitationPage.as_view(), name="invitation"),
    path("observers/", ObserverList.as_view(), name="observers"),
    path("observers/<slug:code>/", ObserverPage.as_view(), name="observer"),
    path("organizations/", OrganizationList.as_view(), name="organizations"),
    path("organizations/<slug:code>/", OrganizationPage.as_view(), name="organization"),
    path("search/", search, name="search"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<slug:code>/", SourcePage.as_view(), name="source"),
    path("saved/", saved_views, name="saved-views"),
    path("saved/<slug:slug>/", saved_view, name="saved-view"),
    path("sources/<slug:code>/copies/<slug:sha256>/", source_copy, name="source-copy"),
]
