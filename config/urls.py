"""Every address of the tracker."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.api import NoSuchResource, WithoutSlash, router
from lib.theme import choose_theme
from missions.admin.coverage_table import coverage
from missions.admin.entry import entry
from missions.admin.to_check import to_check
from missions.admin.undoing import undo_act
from organizations.admin.entering import entering

api: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("", include(router.urls)),
    path("<any:rest>/", NoSuchResource.as_view()),
    # Files have no slash behind them that could be missing.
    path("<any:rest>.zip", NoSuchResource.as_view()),
    path("<any:rest>", WithoutSlash.as_view()),
]

# What people read, in each language of the site: English without a prefix. Programs have one address for all of them.
urlpatterns = [
    path("api/v1/", include((api, "api"))),
    path("theme/", choose_theme, name="theme"),
    *i18n_patterns(
        path("admin/entry/", admin.site.admin_view(entry), name="entry"),
        path("admin/missions/to-check/", admin.site.admin_view(to_check), name="to-check"),
        path("admin/missions/coverage/<slug:code>/", admin.site.admin_view(coverage), name="coverage"),
        path("admin/entering-from/", admin.site.admin_view(entering), name="entering-from"),
        path("admin/undo/", admin.site.admin_view(undo_act), name="undo"),
        path("admin/", admin.site.urls),
        path("account/", include("organizations.urls")),
        path("", include("missions.urls")),
        prefix_default_language=False,
    ),
]
