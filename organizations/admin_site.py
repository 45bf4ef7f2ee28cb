"""The admin behind the tracker's own sign-in, for our own records.

Not within `organizations.admin`: Django asks for this class while that package is being imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import logout
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from organizations.policy import may_enter_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.template.response import TemplateResponse

OUR_APPS = frozenset({"organizations", "observers", "missions"})


class TrackerAdminSite(AdminSite):
    """Data entry. Whoever may enter data comes in, whatever Django's own rights say."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Knows our own records; what libraries offer (sign-in, tokens, groups) is passed over."""
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple | set) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label in OUR_APPS]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_data(request.user)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 (Django's)
        """Whoever is signed in and may not enter data is refused, instead of being led to the sign-in once more."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_refused = request.user.is_authenticated and not self.has_permission(request)
            if is_refused and request.path != reverse("admin:logout"):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The first page tells what is due as of now."""
        return super().index(request, {"now": timezone.now(), **(extra_context or {})})

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Leads to the sign-in of the whole tracker."""
        target = get_next_redirect_url(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(target)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from organizations.entering import entering_from  # noqa: PLC0415 (as below)

        return {**super().each_context(request), "entering_from": entering_from(request)}

    def autocomplete_view(self, request: HttpRequest) -> Any:
        # It looks at records, which are not there yet when Django asks for this class.
        from organizations.admin.choices import VisibleChoices  # noqa: PLC0415

        return VisibleChoices.as_view(admin_site=self)(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return logout(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account")
