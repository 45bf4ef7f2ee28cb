"""Static files in production: kept for good under the name of their content, else not sent again unless changed."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


def test_a_file_is_kept_by_its_content_and_an_unchanged_one_is_not_sent_again(settings, tmp_path, client):
    settings.STATIC_ROOT, settings.DEBUG, settings.WHITENOISE_AUTOREFRESH = tmp_path, False, False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", verbosity=0, interactive=False)

    def get(address, **headers):
        answer = client.get(address, headers=headers)
        answer.getvalue()
        return answer

    hashed = staticfiles_storage.url("app.css")
    kept, plain = get(hashed), get("/static/app.css")
    assert hashed != "/static/app.css"
    assert kept["Cache-Control"] == "max-age=315360000, public, immutable"
    assert get(hashed, accept_encoding="gzip")["Content-Encoding"] == "gzip"
    again = get("/static/app.css", if_modified_since=plain["Last-Modified"])
    assert (plain.status_code, again.status_code) == (200, 304)
