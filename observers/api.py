"""The REST API of observers and of the spellings of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from observers.filters import ObserverFilterSet, ObserverNameFilterSet
from observers.models import Observer, ObserverName
from organizations.api import RecordSerializer, RecordViewSet, row_fields

if TYPE_CHECKING:
    from organizations.policy import Reader


class ObserverSerializer(RecordSerializer):
    class Meta:
        model = Observer
        fields = row_fields(Observer)


class ObserverViewSet(RecordViewSet):
    serializer_class = ObserverSerializer
    filterset_class = ObserverFilterSet
    ordering_fields = {
        "code": "code",
        "family_name": "family_name",
        "nationality": "nationality",
        "modified_at": "modified_at",
    }
    ordering = "family_name"


class ObserverNameSerializer(RecordSerializer):
    class Meta:
        model = ObserverName
        fields = row_fields(ObserverName)


class ObserverNameViewSet(RecordViewSet):
    serializer_class = ObserverNameSerializer
    filterset_class = ObserverNameFilterSet
    ordering_fields = {"code": "code", "family_name": "family_name", "modified_at": "modified_at"}

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return super().rows(user).select_related("observer", "source")


VIEWSETS: list[type[RecordViewSet]] = [ObserverViewSet, ObserverNameViewSet]
