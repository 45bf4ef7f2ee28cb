"""Every address of the tracker, as the resolver knows it."""

from __future__ import annotations

from django.contrib import admin
from django.urls import get_resolver


def walk(resolver=None, before="", namespace=""):
    """The name of each route (of one without a name, its pattern) and its pattern."""
    resolver = resolver or get_resolver()
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from walk(each, pattern, namespace + (f"{each.namespace}:" if each.namespace else ""))
        else:
            yield (namespace + each.name if each.name else pattern), pattern


def admin_names():
    """`observers_observer` … of each registered admin."""
    return sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)
