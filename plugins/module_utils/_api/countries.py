# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Countries by ISO 3166-1 codes and usual names: DE, DEU and Germany are the same; Sweden does not match DE."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Optional

# Alpha-2 code, alpha-3 code and names, the most usual first; entries are separated by "; ".
COUNTRIES = """
AD AND Andorra; AE ARE United Arab Emirates|UAE; AF AFG Afghanistan; AG ATG Antigua and Barbuda; AI AIA Anguilla; AL
ALB Albania; AM ARM Armenia; AO AGO Angola; AQ ATA Antarctica; AR ARG Argentina; AS ASM American Samoa; AT AUT
Austria; AU AUS Australia; AW ABW Aruba; AX ALA Aland Islands; AZ AZE Azerbaijan; BA BIH Bosnia and
Herzegovina|Bosnia; BB BRB Barbados; BD BGD Bangladesh; BE BEL Belgium; BF BFA Burkina Faso; BG BGR Bulgaria; BH BHR
Bahrain; BI BDI Burundi; BJ BEN Benin; BL BLM St Barthelemy|Saint Barthelemy; BM BMU Bermuda; BN BRN Brunei|Brunei
Darussalam; BO BOL Bolivia|Bolivia Plurinational State of; BQ BES Bonaire Sint Eustatius and Saba; BR BRA Brazil; BS
BHS Bahamas|The Bahamas; BT BTN Bhutan; BV BVT Bouvet Island; BW BWA Botswana; BY BLR Belarus; BZ BLZ Belize; CA CAN
Canada; CC CCK Cocos Islands; CD COD Democratic Republic of the Congo|DR Congo|Congo Kinshasa|Congo The Democratic
Republic of the; CF CAF Central African Republic; CG COG Congo|Republic of the Congo|Congo Brazzaville; CH CHE
Switzerland; CI CIV Ivory Coast|Cote d'Ivoire; CK COK Cook Islands; CL CHL Chile; CM CMR Cameroon; CN CHN
China|People's Republic of China; CO COL Colombia; CR CRI Costa Rica; CU CUB Cuba; CV CPV Cape Verde|Cabo Verde; CW
CUW Curacao; CX CXR Christmas Island; CY CYP Cyprus; CZ CZE Czechia|Czech Republic; DE DEU Germany; DJ DJI Djibouti;
DK DNK Denmark; DM DMA Dominica; DO DOM Dominican Republic; DZ DZA Algeria; EC ECU Ecuador; EE EST Estonia; EG EGY
Egypt; EH ESH Western Sahara; ER ERI Eritrea; ES ESP Spain; ET ETH Ethiopia; FI FIN Finland; FJ FJI Fiji; FK FLK
Falkland Islands; FM FSM Micronesia|Micronesia Federated States of; FO FRO Faroe Islands; FR FRA France; GA GAB
Gabon; GB GBR United Kingdom|Great Britain|Britain|England|UK; GD GRD Grenada; GE GEO Georgia; GF GUF French Guiana;
GG GGY Guernsey; GH GHA Ghana; GI GIB Gibraltar; GL GRL Greenland; GM GMB Gambia|The Gambia; GN GIN Guinea; GP GLP
Guadeloupe; GQ GNQ Equatorial Guinea; GR GRC Greece; GS SGS South Georgia and the South Sandwich Islands; GT GTM
Guatemala; GU GUM Guam; GW GNB Guinea-Bissau; GY GUY Guyana; HK HKG Hong Kong|Hong Kong SAR|Hong Kong SAR China; HM
HMD Heard Island and McDonald Islands; HN HND Honduras; HR HRV Croatia; HT HTI Haiti; HU HUN Hungary; ID IDN
Indonesia; IE IRL Ireland|Republic of Ireland; IL ISR Israel; IM IMN Isle of Man; IN IND India; IO IOT British
Indian Ocean Territory; IQ IRQ Iraq; IR IRN Iran|Iran Islamic Republic of; IS ISL Iceland; IT ITA Italy; JE JEY
Jersey; JM JAM Jamaica; JO JOR Jordan; JP JPN Japan; KE KEN Kenya; KG KGZ Kyrgyzstan; KH KHM Cambodia; KI KIR
Kiribati; KM COM Comoros; KN KNA St Kitts and Nevis|Saint Kitts and Nevis; KP PRK North Korea|Korea North|Korea
Democratic People's Republic of; KR KOR South Korea|Korea|Korea South|Republic of Korea|Korea Republic of; KW KWT
Kuwait; KY CYM Cayman Islands; KZ KAZ Kazakhstan; LA LAO Laos|Lao People's Democratic Republic; LB LBN Lebanon; LC
LCA St Lucia|Saint Lucia; LI LIE Liechtenstein; LK LKA Sri Lanka; LR LBR Liberia; LS LSO Lesotho; LT LTU Lithuania;
LU LUX Luxembourg; LV LVA Latvia; LY LBY Libya; MA MAR Morocco; MC MCO Monaco; MD MDA Moldova|Moldova Republic of;
ME MNE Montenegro; MF MAF St Martin|Saint Martin; MG MDG Madagascar; MH MHL Marshall Islands; MK MKD North
Macedonia|Macedonia; ML MLI Mali; MM MMR Myanmar|Burma; MN MNG Mongolia; MO MAC Macau|Macao|Macao SAR China; MP MNP
Northern Mariana Islands; MQ MTQ Martinique; MR MRT Mauritania; MS MSR Montserrat; MT MLT Malta; MU MUS Mauritius;
MV MDV Maldives; MW MWI Malawi; MX MEX Mexico; MY MYS Malaysia; MZ MOZ Mozambique; NA NAM Namibia; NC NCL New
Caledonia; NE NER Niger; NF NFK Norfolk Island; NG NGA Nigeria; NI NIC Nicaragua; NL NLD Netherlands|The
Netherlands|Holland; NO NOR Norway; NP NPL Nepal; NR NRU Nauru; NU NIU Niue; NZ NZL New Zealand; OM OMN Oman; PA PAN
Panama; PE PER Peru; PF PYF French Polynesia; PG PNG Papua New Guinea; PH PHL Philippines; PK PAK Pakistan; PL POL
Poland; PM SPM St Pierre and Miquelon|Saint Pierre and Miquelon; PN PCN Pitcairn; PR PRI Puerto Rico; PS PSE
Palestine|Palestine State of; PT PRT Portugal; PW PLW Palau; PY PRY Paraguay; QA QAT Qatar; RE REU Reunion; RO ROU
Romania; RS SRB Serbia; RU RUS Russia|Russian Federation; RW RWA Rwanda; SA SAU Saudi Arabia; SB SLB Solomon
Islands; SC SYC Seychelles; SD SDN Sudan; SE SWE Sweden; SG SGP Singapore; SH SHN St Helena|Saint Helena Ascension
and Tristan da Cunha; SI SVN Slovenia; SJ SJM Svalbard and Jan Mayen; SK SVK Slovakia|Slovak Republic; SL SLE Sierra
Leone; SM SMR San Marino; SN SEN Senegal; SO SOM Somalia; SR SUR Suriname; SS SSD South Sudan; ST STP Sao Tome and
Principe; SV SLV El Salvador; SX SXM St Maarten|Sint Maarten; SY SYR Syria|Syrian Arab Republic; SZ SWZ
Eswatini|Swaziland; TC TCA Turks and Caicos Is|Turks and Caicos Islands; TD TCD Chad; TF ATF French S. Terr.|French
Southern Territories; TG TGO Togo; TH THA Thailand; TJ TJK Tajikistan; TK TKL Tokelau; TL TLS East
Timor|Timor-Leste; TM TKM Turkmenistan; TN TUN Tunisia; TO TON Tonga; TR TUR Turkey|Turkiye; TT TTO Trinidad and
Tobago; TV TUV Tuvalu; TW TWN Taiwan|Taiwan Province of China|Chinese Taipei; TZ TZA Tanzania|Tanzania United
Republic of; UA UKR Ukraine; UG UGA Uganda; UM UMI US minor outlying islands|United States Minor Outlying Islands;
US USA United States|United States of America|USA; UY URY Uruguay; UZ UZB Uzbekistan; VA VAT Vatican City|Holy See;
VC VCT St Vincent|Saint Vincent and the Grenadines; VE VEN Venezuela|Venezuela Bolivarian Republic of; VG VGB Virgin
Islands|Virgin Islands British; VI VIR Virgin Islands|Virgin Islands U.S.; VN VNM Vietnam|Viet Nam; VU VUT Vanuatu;
WF WLF Wallis and Futuna; WS WSM Samoa; YE YEM Yemen; YT MYT Mayotte; ZA ZAF South Africa; ZM ZMB Zambia; ZW ZWE
Zimbabwe
"""

# Countries with several names whose name in the service's own lists is known.
_SERVICE_NAMES = {"US": "United States", "GB": "United Kingdom"}


def matches(country: str, wanted: str) -> bool:
    """Whether a node's country is the wanted one, which is given by a code, by a name or by whole words of a name."""
    code = _code(wanted)
    if code is not None and _code(country) is not None:
        return code == _code(country)
    return f" {_plain(wanted)} " in f" {_plain(country)} "


def to_send(wanted: Optional[str]) -> Optional[str]:
    """The name to filter by at the service; None if it is unknown which of several names the service uses."""
    code = _code(wanted or "")
    if code is None:
        return wanted
    names = _names()[code]
    return names[0] if len(names) == 1 else _SERVICE_NAMES.get(code)


def _plain(name: str) -> str:
    """Lower-case words without accents and punctuation."""
    letters = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode("ascii")
    return " ".join(re.findall("[a-z0-9]+", letters.lower()))


@cache
def _names() -> dict[str, list[str]]:
    """Names by alpha-2 code."""
    entries = (entry.strip().split(" ", 2) for entry in " ".join(COUNTRIES.split()).split(";"))
    return {code: names.split("|") for code, _alpha_3, names in entries}


@cache
def _codes() -> dict[str, str]:
    """The alpha-2 code by each code and each name, in plain words."""
    codes: dict[str, str] = {}
    for entry in " ".join(COUNTRIES.split()).split(";"):
        code, alpha_3, names = entry.strip().split(" ", 2)
        for name in (code, alpha_3, *names.split("|")):
            codes.setdefault(_plain(name), code)
    return codes


def _code(name: str) -> Optional[str]:
    return _codes().get(_plain(name))
