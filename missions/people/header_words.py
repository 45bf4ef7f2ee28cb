"""The words that secretariats write above columns, in English, Russian and Kazakh, and what each says."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lib.text import fold
from missions.people.fields import FULL_NAMES, NAMES, Field

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_HEADERS = {
    Field.FAMILY_NAME: """
        family name, surname, last name, lastname, family names, familyname, name family,
        фамилия, фамилии,
        тегі, тек, фамилиясы
    """,
    Field.GIVEN_NAMES: """
        given names, given name, first name, first names, firstname, forename, forenames, name given, first and
        middle names,
        имя, имена, имя отчество, имя и отчество, имя и (или) отчество,
        аты, есімі, өз аты, аты әкесінің аты
    """,
    Field.PATRONYMIC: """
        patronymic, middle name, middle names, fathers name,
        отчество, отчество при наличии,
        әкесінің аты, әкесінің аты бар болса
    """,
    Field.FULL_NAME_FAMILY_FIRST: """
        surname name, surname and name, surname and given names, surname first name, surname given names, family
        name and given names, family name first name, last name first name, name surname first,
        фио, ф и о, ф и о полностью, фио полностью, фамилия имя отчество, фамилия имя и отчество, фамилия имя,
        фамилия и имя, фамилия и инициалы, фио наблюдателя, ф и о наблюдателя, фио участника, ф и о участника,
        фамилия имя отчество при наличии, фамилия имя отчество наблюдателя, наблюдатель,
        аты жөні, аты-жөні, аты жөні тегі, тегі аты, тегі аты әкесінің аты, таж, т а ә, тегі аты жөні,
        байқаушының аты жөні, байқаушы
    """,
    Field.FULL_NAME_FAMILY_LAST: """
        name, full name, names, name of observer, observer name, observers name, name of the observer, observer,
        name and surname, name surname, first name last name, first and last name, first name and surname,
        participant, name of participant, delegate, name of delegate, member, expert,
        имя фамилия, имя и фамилия, имя отчество фамилия,
        аты тегі
    """,
    Field.NATIONALITY: """
        nationality, citizenship, citizen of, country of citizenship, country, state, country of origin,
        гражданство, страна, государство, страна гражданства,
        азаматтығы, ел, елі, мемлекет, мемлекеті
    """,
    Field.GENDER: """
        gender, sex, m f, f m,
        пол,
        жынысы
    """,
    Field.EMAIL: """
        email, e mail, e mail address, email address, mail,
        электронная почта, эл почта, адрес электронной почты, электронный адрес, почта, эл адрес,
        электрондық пошта, эл пошта, электрондық поштасы, пошта
    """,
    Field.PHONE: """
        phone, telephone, phone number, telephone number, mobile, mobile phone, mobile number, tel, cell phone,
        contact phone, contact number,
        телефон, номер телефона, мобильный телефон, моб телефон, тел, контактный телефон, сотовый телефон,
        телефоны, моб тел, контактные телефоны,
        телефоны, байланыс телефоны, ұялы телефоны, ұялы телефон, телефон нөмірі
    """,
    Field.LANGUAGES: """
        languages, language, languages spoken, working languages, language skills,
        языки, язык, владение языками, знание языков, рабочие языки, иностранные языки,
        тілдер, тіл, тілдері, тіл білуі, білетін тілдері
    """,
    Field.ROLE: """
        role, function, role in the mission, category, type of observer, observer type, mission role,
        роль, категория, роль в миссии, функция, категория наблюдателя, статус в миссии,
        рөлі, рөл, санаты, санат, миссиядағы рөлі
    """,
    Field.STATUS: """
        status,
        статус, состояние,
        мәртебесі, мәртебе, күйі
    """,
    Field.STARTS_ON: """
        from, start, starts on, start date, date from, arrival, arrival date, date of arrival, arrives, begin,
        dates from, period from, starts, from date,
        с, дата начала, начало, дата приезда, дата прибытия, дата заезда, прибытие, заезд, дата с, период с,
        даты с, сроки с, срок с, период пребывания с, дата прилета, с даты, приезд,
        басталуы, келу күні, келген күні, келуі, басталу күні, бастап, келетін күні
    """,
    Field.ENDS_ON: """
        to, until, end, ends on, end date, date to, departure, departure date, date of departure, departs, till,
        dates to, period to, ends, to date,
        по, до, дата окончания, окончание, дата отъезда, дата убытия, дата выезда, отъезд, убытие, выезд, дата
        по, период по, даты по, сроки по, срок по, период пребывания по, дата вылета, дата завершения,
        аяқталуы, кету күні, кеткен күні, кетуі, аяқталу күні, дейін, кететін күні
    """,
    Field.REGION: """
        region, oblast, province, region of deployment, region of observation,
        регион, область, область регион, регион наблюдения, регион область,
        өңір, облыс, өңірі, облысы, аймақ
    """,
    Field.AREA: """
        area, town, city, district, place, location, place of deployment, polling station, constituency,
        город, район, место, населенный пункт, место дислокации, участок, избирательный участок, дислокация,
        округ,
        қала, аудан, орны, қаласы, ауданы, учаске, сайлау учаскесі
    """,
    Field.POST: """
        post, position, job title, title, occupation, profession, post held,
        должность, занимаемая должность, пост, профессия,
        лауазымы, лауазым, атқаратын қызметі, қызметі
    """,
    Field.EMPLOYER: """
        employer, organization, organisation, institution, body, place of work, affiliation, employer then,
        workplace, company,
        место работы, организация, учреждение, ведомство, орган, наименование организации,
        жұмыс орны, ұйым, мекеме, ұйымы, мекемесі
    """,
    Field.ACCREDITATION_NUMBER: """
        accreditation number, accreditation no, accreditation, accreditation card, badge, badge number, badge no,
        номер аккредитации, аккредитация, аккредитация no, аккредитационный номер, удостоверение наблюдателя,
        номер удостоверения наблюдателя, no аккредитации, бейдж,
        аккредиттеу нөмірі, аккредитация нөмірі, аккредиттеу, тіркеу нөмірі
    """,
    Field.INTERNAL_NOTE: """
        note, notes, remark, remarks, comment, comments, internal note,
        примечание, примечания, комментарий, комментарии, заметки, доп сведения,
        ескерту, ескертпе, ескертулер, түсініктеме
    """,
    Field.IGNORE: """
        no, number, nr, n, s n, serial number, what is wrong,
        no п п, п п, н п п, номер по порядку, порядковый номер, номер,
        р с, р н, реттік нөмірі, т р, рет саны
    """,
}
FIELD_OF_WORD = {fold(word): field for field, words in _HEADERS.items() for word in words.split(",")}

# Where one of these stands in a header, the column is never read, whatever else the header says. They are whole words,
# but for a star, which is any letters: "health*" begins a word, "*паспорт*" may stand inside one.
_NEVER_STORED = (
    (
        _("documents and numbers of a person"),
        """
        *passport*, *passeport*, pass no, pass number, document, documents, identity*, identification*, national id,
        personal id, id no, id number, id card, id document, personal number, personal no, personal code, series, iin,
        inn, pin, pinfl, ssn, social security*, tin, tax, taxes, taxpayer*, visa, visas, driving licen*, driver licen*,
        drivers licen*, military id, date of issue, issue date, place of issue, issued*, issuing*, expiry*, expiration*,
        valid until, valid till,
        *паспорт*, документ*, удостоверени* личности, удостоверяющ*, личный номер, личный код, идентификационн*, серия,
        серии, иин, инн, пин, пинфл, жшшир, снилс, налог*, виза, визы, визов*, водительск*, военн* билет*, выдан*,
        выдач*, выдавш*, срок действия, действител* до,
        *төлқұжат*, құжат*, жеке куәлі*, жеке нөмір*, жеке сәйкестендір*, сериясы, жсн, салық*, визасы,
        жүргізуші куәлі*, әскери билет*, берілген*, кім берген, берген орган*, жарамды*
        """,
    ),
    (
        _("birth and age"),
        """
        birth*, born*, dob, d o b, age, ages, naissance,
        *рожден*, *рождён*, возраст*, урожен*, д.р, д/р, г.р,
        туған*, туылған*, жас, жасы
        """,
    ),
    (
        _("health"),
        """
        health*, medic*, allerg*, blood*, disab*, diagnos*, disease*, illness*, chronic*, vaccin*, covid*, pregnan*,
        diet*, special needs, insurance*, insured*,
        здоров*, медиц*, медсправ*, аллерг*, группа крови, кровь, крови, инвалид*, диагноз*, болезн*, заболеван*,
        хронич*, вакцин*, прививк*, беремен*, диет*, *страхов*, полис, полиса,
        денсаулы*, қан тобы, мүгедек*, ауру, аурулары, сақтандыру*
        """,
    ),
    (
        _("money"),
        """
        iban, swift, bic, bank*, account no, account number, salary, income, credit card,
        банк, банка, банков*, бик, номер счета, номер счёта, расчетн*, расчётн*, лицевой счет, лицевой счёт, кредитн*,
        зарплат*, заработн*, оклад*, доход*,
        жалақы*, есепшот*
        """,
    ),
    (
        _("belief, politics and the law"),
        """
        religio*, faith, confession*, party member*, party affiliation, member of a party, political*, trade union*,
        sexual*, criminal*, conviction*,
        религ*, вероисповед*, конфесси*, партийн*, член* партии, политическ*, профсоюз*, сексуальн*, судимост*,
        дін, діні, партия мүше*, партиялы*, саяси*, кәсіподақ*, соттылы*
        """,
    ),
    (
        # «Национальность» is what one is by descent, in Russian and in the law of these countries.
        _("ethnic origin; citizenship is “Гражданство” or “Citizenship”"),
        """
        ethnic*, race, racial,
        этнич*, национальност*, народност*, раса,
        ұлты, ұлт, этник*
        """,
    ),
    (
        _("family"),
        """
        marital*, married, spouse*, next of kin, emergency*, children,
        семейн*, супруг*, родственник*, дети, детей, экстренн*,
        отбасы*, жұбайы, туыс*
        """,
    ),
    (
        _("home"),
        """
        home address, residential*, place of residence, address of residence, permanent address, postal address,
        registered address,
        домашн* адрес*, адрес проживан*, место проживан*, жительств*, прописк*, адрес регистрации, почтовый адрес,
        үй мекен*, тұрғылықты*, тұратын*, тіркелген мекен*
        """,
    ),
)
# By itself an address is that of a home; those of an e-mail or of a polling station are not.
_HOME = {fold(word) for word in ("address", "адрес", "мекенжай", "мекенжайы", "мекен-жайы")}


def _pattern(words: str) -> re.Pattern[str]:
    """Finds any of the words. Compared as written: folding would make "in" of ИИН."""
    found = [re.escape(word.strip()).replace(r"\ ", r"\W+").replace(r"\*", r"\w*") for word in words.split(",")]
    return re.compile(rf"\b({'|'.join(found)})\b")


_PATTERNS = [(subject, _pattern(words)) for subject, words in _NEVER_STORED]

# "ФИО (как в паспорте)" says how a name is spelled, and asks for no document.
_IN_ENGLISH = "(passport|travel document|id card|identity card|identity document)"
_IN_RUSSIAN = r"((загран)?паспорт\w*( данн\w+)?|удостоверени\w+ личности)"
_SPELLED_AS = [
    rf"\b(as )?((it )?appears |shown |written |given |spelled )?(in|on|per|according to) (the |your )?{_IN_ENGLISH}\b",
    rf"\b(точно )?(так,? )?(как|согласно|по|в соответствии с) (указано |записано )?(в )?{_IN_RUSSIAN}\b",
    r"\b(паспорт|төлқұжат|жеке куәлі)\w* (бойынша|сәйкес)\b",
    r"\((passport|паспорт|төлқұжат)\)",
]
_SPELLING = re.compile("|".join(_SPELLED_AS).replace(" ", r"\s+"), re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^][]*\]")


def never_stored(header: str) -> StrOrPromise:
    """The subject of a column that is stored of nobody: documents, birth, health and the like; blank for others."""
    if field_of_header(header) in {*NAMES, Field.NATIONALITY}:
        header = _SPELLING.sub(" ", header)
    text = unicodedata.normalize("NFKC", header).casefold().replace("_", " ")
    parts = re.split(r"[/|\n;]", _IN_BRACKETS.sub(" ", text))
    if any(fold(part) in _HOME for part in parts):
        return _("home")
    return next((subject for subject, pattern in _PATTERNS if pattern.search(text)), "")


# Beside a family name these are the given names.
_NAME_BY_ITSELF = {fold(word) for word in ("name", "names", "аты", "имя")}


def field_of_header(header: str, *, beside_family_name: bool = False) -> Field | None:
    """What the header says of its column; None where no word of it is known.

    A header in two languages ("Тегі / Surname") is read if those of its parts that are known say the same; of two
    orders of a full name the first stands.
    """
    if not header.strip():
        return None
    header = _SPELLING.sub(" ", header)
    folded = fold(header)
    if not folded:
        # "#" and the like are all punctuation: a running number.
        return Field.IGNORE
    plain = _IN_BRACKETS.sub(" ", header)
    parts = [folded] if folded in FIELD_OF_WORD else [fold(part) for part in (plain, *re.split(r"[/|\n;]", plain))]
    if beside_family_name and _NAME_BY_ITSELF.intersection(parts):
        return Field.GIVEN_NAMES
    found = list(dict.fromkeys(FIELD_OF_WORD[part] for part in parts if part in FIELD_OF_WORD))
    return found[0] if len(found) == 1 or (found and set(found) <= set(FULL_NAMES)) else None
