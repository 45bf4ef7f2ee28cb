"""The words that secretariats write above columns, in English, Russian and Kazakh, and what each says."""

from __future__ import annotations

import re

from lib.text import fold
from missions.people.fields import FULL_NAMES, Field

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
# Beginnings of words: where one stands in a header, the column is never read, whatever else the header says.
# Compared as written, for folding would make "in" of ИИН.
_NEVER_STORED = (
    "passport|паспорт|төлқұжат|birth|born|dob|рождени|туған|иин|жсн|инн|снилс|iin|national id|id number|id no|id card|"
    "personal number|identity|удостоверение личности|личный номер|жеке куәлік|жеке нөмір|health|medical|allerg|здоров|"
    "медицин|аллерг|денсаулық"
)
FIELD_OF_WORD = {fold(word): field for field, words in _HEADERS.items() for word in words.split(",")}


def is_never_stored(header: str) -> bool:
    """Whether a column holds what is stored about nobody: documents, birth, health."""
    return bool(re.search(rf"\b({_NEVER_STORED})", header.casefold()))


# Beside a family name these are the given names.
_NAME_BY_ITSELF = {fold(word) for word in ("name", "names", "аты", "имя")}


def field_of_header(header: str, *, beside_family_name: bool = False) -> Field | None:
    """What the header says of its column; None where no word of it is known.

    A header in two languages ("Тегі / Surname") is read if those of its parts that are known say the same; of two
    orders of a full name the first stands.
    """
    if not header.strip():
        return None
    folded = fold(header)
    if not folded:
        # "#" and the like are all punctuation: a running number.
        return Field.IGNORE
    plain = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", header)
    parts = [folded] if folded in FIELD_OF_WORD else [fold(part) for part in (plain, *re.split(r"[/|\n;]", plain))]
    if beside_family_name and _NAME_BY_ITSELF.intersection(parts):
        return Field.GIVEN_NAMES
    found = list(dict.fromkeys(FIELD_OF_WORD[part] for part in parts if part in FIELD_OF_WORD))
    return found[0] if len(found) == 1 or (found and set(found) <= set(FULL_NAMES)) else None
