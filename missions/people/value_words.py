"""Words in cells that stand for a stored value, in English, Russian and Kazakh, by their folded form."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.translation import gettext
from django_countries import countries

from lib.text import fold
from missions.models import Assignment
from observers.models import Observer

Role, Status, Gender = Assignment.Role, Assignment.Status, Observer.Gender

_GENDERS = {
    Gender.FEMALE: "f, woman, ms, mrs, ж, жен, женский, женщина, ә, әйел, қыз",
    Gender.MALE: "m, man, mr, м, муж, мужской, мужчина, е, ер, ер адам, еркек",
    Gender.OTHER: "x, другой, иной, басқа",
}
_ROLES = {
    Role.HEAD: "hom, head, chief of mission, глава миссии, руководитель миссии, руководитель, миссия басшысы, басшы",
    Role.DEPUTY_HEAD: (
        "dhom, deputy head, заместитель главы миссии, зам главы миссии, заместитель руководителя миссии, "
        "заместитель руководителя, миссия басшысының орынбасары"
    ),
    Role.SPECIAL_COORDINATOR: "special coordinator, специальный координатор, спецкоординатор, арнайы үйлестіруші",
    Role.HEAD_OF_DELEGATION: "hod, глава делегации, руководитель делегации, делегация басшысы",
    Role.COORDINATOR: "координатор, координатор миссии, үйлестіруші",
    Role.CORE_TEAM: (
        "ct, core team member, основной состав, член основного состава, основная группа, эксперт основного состава, "
        "негізгі құрам, негізгі топ"
    ),
    Role.LONG_TERM: (
        "lto, long term, ltos, дсн, днн, долгосрочный наблюдатель, долгосрочный, долгосрочные наблюдатели, "
        "ұзақ мерзімді байқаушы, ұзақ мерзімді, ұмб"
    ),
    Role.SHORT_TERM: (
        "sto, short term, stos, observer, ккн, ксн, краткосрочный наблюдатель, краткосрочный, "
        "краткосрочные наблюдатели, наблюдатель, международный наблюдатель, international observer, "
        "қысқа мерзімді байқаушы, қысқа мерзімді, қмб, байқаушы, халықаралық байқаушы"
    ),
    Role.PARLIAMENTARIAN: (
        "mp, member of parliament, парламентарий, депутат, депутат парламента, парламентші, парламент депутаты"
    ),
    Role.STAFF: "secretariat, сотрудник, персонал, секретариат, сотрудник секретариата, қызметкер, хатшылық",
    Role.EXPERT: "эксперт, сарапшы",
    Role.VISITOR: "guest, гость, посетитель, участник визита, қонақ, келуші",
}
_STATUSES = {
    Status.NOMINATED: "proposed, предложен, предложена, выдвинут, выдвинута, кандидат, ұсынылды, ұсынылған",
    Status.RESERVE: "reserve list, резерв, запас, в резерве, резервте",
    Status.SELECTED: "отобран, отобрана, выбран, выбрана, іріктелді, таңдалды",
    Status.CONFIRMED: "подтвержден, подтверждена, утвержден, утверждена, расталды, бекітілді",
    Status.ACCREDITED: "аккредитован, аккредитована, аккредиттелді, аккредиттелген",
    Status.DEPLOYED: "направлен, направлена, командирован, командирована, прибыл, прибыла, жіберілді, келді",
    Status.COMPLETED: "завершил, завершила, завершен, завершена, аяқтады, аяқталды",
    Status.WITHDRAWN: "cancelled, отозван, отозвана, снят, снята, отказался, отказалась, бас тартты, кері шақырылды",
    Status.REPLACED: "заменен, заменена, ауыстырылды",
    Status.NOT_SELECTED: "rejected, не отобран, не отобрана, не выбран, не выбрана, іріктелмеді, таңдалмады",
    Status.NO_SHOW: "no show, не явился, не явилась, не прибыл, не прибыла, келмеді",
}
# What lists print instead of the country's name.
_COUNTRIES = {
    "KZ": "Республика Казахстан, Republic of Kazakhstan, Қазақстан Республикасы",
    "RU": "Российская Федерация, Russian Federation, Ресей, Ресей Федерациясы",
    "KG": "Кыргызстан, Кыргызская Республика, Kyrgyz Republic, Қырғыз Республикасы",
    "BY": "Республика Беларусь, Белоруссия, Republic of Belarus",
    "UZ": "Республика Узбекистан, Republic of Uzbekistan, Өзбекстан, Өзбекстан Республикасы",
    "TJ": "Республика Таджикистан, Republic of Tajikistan, Тәжікстан",
    "TM": "Туркменистан, Түрікменстан",
    "AZ": "Азербайджанская Республика, Republic of Azerbaijan, Әзербайжан",
    "AM": "Республика Армения, Republic of Armenia",
    "MD": "Республика Молдова, Молдавия, Republic of Moldova",
    "TR": "Turkey, Турецкая Республика, Түркия",
    "CN": "Китайская Народная Республика, Қытай",
    "DE": "Federal Republic of Germany",
    "GB": "Great Britain, Соединенное Королевство",
    "US": "United States",
    "CZ": "Czech Republic, Чешская Республика",
    "KR": "Republic of Korea, Республика Корея",
}
# Compared as written, as codes are: folded, КР and ҚР would be one, and so would YE and IE.
_ABBREVIATIONS = {
    "KZ": "рк, қр",
    "RU": "рф, рос",
    "BY": "рб",
    "UZ": "руз",
    "CN": "кнр",
    "DE": "фрг",
    "GB": "uk",
    "US": "сша, ақш",
}
_LANGUAGES = {
    "en": "английский язык, ағылшынша, ағылшын тілі",
    "ru": "русский язык, орысша, орыс тілі",
    "kk": "казахский язык, қазақ, қазақ тілі, kazak",
    "ky": "киргизский язык, кыргызский, қырғызша, қырғыз",
    "uz": "өзбекше, өзбек",
    "fr": "французский язык, французша",
    "de": "немецкий язык, немісше",
    "tr": "турецкий язык, түрікше",
    "tg": "таджикский, тәжікше",
}
# Words before or behind the name of a region, which say what it is; the record may have none of them.
_KINDS_OF_REGION = {
    "city": "city, shaary, город, г, гор, шаары, ш, қаласы, қ",
    "region": "region, oblast, oblasty, province, область, обл, край, республика, респ, облусу, облысы, өңірі",
    # These say nothing.
    "": "of, the",
}
# Names of regions beside the recorded ones, by the codes of the region in the course of time.
_REGIONS = {
    "kg-b": "Баткенская",
    "kg-c": "Чуйская, Chu",
    "kg-j": "Джалал-Абадская, Jalalabad, Джалалабадская",
    "kg-n": "Нарынская",
    "kg-o": "Ошская",
    "kg-t": "Таласская",
    "kg-y": "Иссык-Кульская, Иссык-Куль, Ысык-Кульская, Ысык-Куль, Issyk-Kol",
    "kz-10": "Абайская",
    "kz-11 kz-akm": "Акмолинская",
    "kz-15 kz-akt": "Актюбинская, Актюбе, Aktyubinsk",
    "kz-19 kz-alm": "Алматинская, Алма-Атинская",
    "kz-23 kz-aty": "Атырауская",
    "kz-27 kz-zap": "Западно-Казахстанская, ЗКО, БҚО, West Kazakhstan, Western Kazakhstan",
    "kz-31 kz-zha": "Жамбылская, Джамбулская, Джамбул",
    "kz-33": "Жетысуская, Жетысуйская",
    "kz-35 kz-kar": "Карагандинская, Караганда",
    "kz-39 kz-kus": "Костанайская, Кустанайская, Кустанай",
    "kz-43 kz-kzy": "Кызылординская, Кзыл-Ординская, Kyzyl-Orda, Кзыл-Орда",
    "kz-47 kz-man": "Мангистауская, Мангистау",
    "kz-55 kz-pav": "Павлодарская",
    "kz-59 kz-sev": "Северо-Казахстанская, СКО, Солтүстік Қазақстан, North Kazakhstan, Northern Kazakhstan",
    "kz-61 kz-yuz-turkestan": "Туркестанская, Туркестан, Түркістан",
    "kz-62": "Улытауская",
    "kz-63 kz-vos": "Восточно-Казахстанская, ВКО, ШҚО, East Kazakhstan, Eastern Kazakhstan",
    "kz-yuz": "Южно-Казахстанская, ЮКО, ОҚО, South Kazakhstan, Southern Kazakhstan",
    "kz-ast-nur-sultan": "Нурсултан",
    "kz-75 kz-ala": "Алма-Ата",
    "kz-79 kz-shy": "Чимкент",
}


def _with_words(words: dict[str, str]) -> dict[str, str]:
    return {fold(word): str(value) for value, listed in words.items() for word in listed.split(",")}


def _with_labels(choices: list[tuple[str, object]], words: dict[str, str]) -> dict[str, str]:
    """The stored values themselves, their labels in every language of the site, and the words."""
    found = _with_words(words)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): value for value, label in choices}
    return found | {fold(value): value for value, _label in choices}


@cache
def genders() -> dict[str, str]:
    return _with_labels(list(Gender.choices), {str(key): words for key, words in _GENDERS.items()})


@cache
def roles() -> dict[str, str]:
    return _with_labels(list(Role.choices), {str(key): words for key, words in _ROLES.items()})


@cache
def statuses() -> dict[str, str]:
    return _with_labels(list(Status.choices), {str(key): words for key, words in _STATUSES.items()})


def region_name(text: str) -> tuple[str, str]:
    """The folded name of a region without words that say what it is, and what they say: city, region or nothing."""
    name = [word for word in fold(text).split() if word not in _KIND_OF_WORD]
    kinds = [_KIND_OF_WORD[word] for word in fold(text).split() if _KIND_OF_WORD.get(word)]
    return " ".join(name) or fold(text), kinds[0] if kinds else ""


def regions_called(name: str) -> set[str]:
    """The codes of regions that a folded name stands for besides the recorded one."""
    return _REGIONS_BY_NAME.get(name, set())


def country_of(text: str) -> str | None:
    """The country that an ISO code of two or three letters, an abbreviation or a name stands for."""
    return _country_codes().get(text.casefold()) or _country_names().get(fold(text))


def language_of(text: str) -> str | None:
    """The language that a code or a name stands for."""
    return text.casefold() if text.casefold() in _PLAIN_LANGUAGES else _language_names().get(fold(text))


_KIND_OF_WORD = {fold(word): kind for kind, words in _KINDS_OF_REGION.items() for word in words.split(",")}
_REGIONS_BY_NAME = {fold(word): set(codes.split()) for codes, words in _REGIONS.items() for word in words.split(",")}
_PLAIN_LANGUAGES = {code: info for code, info in LANG_INFO.items() if len(code) in {2, 3} and "name" in info}


@cache
def _country_codes() -> dict[str, str]:
    found = {word.strip(): code for code, words in _ABBREVIATIONS.items() for word in words.split(",")}
    for code, _name in countries:
        found |= {countries.alpha3(code).casefold(): code, code.casefold(): code}
    found.pop("", None)
    return found


@cache
def _country_names() -> dict[str, str]:
    """The folded names of countries in every language of the site."""
    found = _with_words(_COUNTRIES)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(name)): code for code, name in countries}
    return found


@cache
def _language_names() -> dict[str, str]:
    """The folded names of languages: their own, and those in every language of the site."""
    found = _with_words(_LANGUAGES)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(gettext(info["name"])): code for code, info in _PLAIN_LANGUAGES.items()}
    return found | {
        fold(info[name]): code for code, info in _PLAIN_LANGUAGES.items() for name in ("name_local", "name")
    }
