"""The list of deployments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from missions import api
from missions.totals import declined_by_senders, total_announced
from missions.views.list_page import ListPage
from missions.views.panel import Panel


class DeploymentList(ListPage):
    title = gettext_lazy("Deployments")
    template_name = "missions/deployment_list.html"
    resource = api.DeploymentViewSet
    orderings = {
        "-election_day": gettext_lazy("newest election first"),
        "election_day": gettext_lazy("oldest election first"),
        "-announced": gettext_lazy("most announced first"),
        "-named": gettext_lazy("most named first"),
        "sender_country": gettext_lazy("by sending state"),
        "host_country": gettext_lazy("by host country"),
    }

    def filter_fields(self) -> dict[str, Any]:
        panel = Panel(self.filterset, self.request.user)
        return {"main_filters": panel.main, "more_filters": panel.more, "more_is_chosen": panel.more_is_chosen}

    def extra_context(self, found: Any) -> dict[str, Any]:
        return {
            "total": total_announced(self.filterset, self.request.user),
            "declined": declined_by_senders(self.filterset, self.request.user),
        }
